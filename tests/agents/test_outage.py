"""Many mails about one outage, over the whole service: one reply answers all, each counted."""

from kit.office import SARI
from kit.room import Room, answer, letter_of, plain
from maild.model.ticket import State

FROM_SARI = f"{SARI.name} <{SARI.address}>"
DOWN = "Website LPSE tidak bisa dibuka sejak pukul 08.50, muncul 502 Bad Gateway."


def they_write(room: Room, people: int) -> None:
    for number in range(people):
        user = f"Pengguna {number} <p{number}@x{number}.example>"
        room.arrives(letter_of(user, f"{DOWN} Kami nomor {number}.", f"LPSE mati {number}"))


def test_one_reply_answers_all_and_each_ticket_is_counted(tmp_path):
    with Room(tmp_path) as room:
        they_write(room, 3)
        notice = room.last("tugas_baru", SARI.address)
        assert "Tampaknya satu gangguan dengan 2 tiket lain" in plain(notice)
        room.arrives(answer(notice, FROM_SARI, "#gabung semua\nServer sudah menyala kembali."))
        answers = {str(m["To"]): plain(m) for t, _, m in room.post() if t == "jawaban"}
        assert len(answers) == 3
        assert all("Server sudah menyala kembali." in text for text in answers.values())
        tickets = room.tickets()
        assert [t.state for t in tickets] == [State.ANSWERED] * 3
        assert [t.parent for t in tickets] == [tickets[2].id, tickets[2].id, 0]
        assert {t.solution for t in tickets} == {"Server sudah menyala kembali."}


def test_what_a_follower_replies_stays_with_his_own_ticket(tmp_path):
    with Room(tmp_path) as room:
        they_write(room, 3)
        notice = room.last("tugas_baru", SARI.address)
        room.arrives(answer(notice, FROM_SARI, "#gabung semua\nServer sudah menyala kembali."))
        got = room.last("jawaban", "p0@x0.example")
        room.arrives(answer(got, "Pengguna 0 <p0@x0.example>", "Masih tidak bisa dibuka."))
        assert [t.state for t in room.tickets()] == [
            State.IN_PROGRESS,
            State.ANSWERED,
            State.ANSWERED,
        ]


def test_a_notice_of_two_people_proposes_nothing(tmp_path):
    with Room(tmp_path) as room:
        they_write(room, 2)
        assert "satu gangguan" not in plain(room.last("tugas_baru", SARI.address))


def test_a_notice_names_the_ten_newest_and_counts_the_rest(tmp_path):
    with Room(tmp_path) as room:
        they_write(room, 14)
        notice = plain(room.last("tugas_baru", SARI.address))
        assert "Tampaknya satu gangguan dengan 13 tiket lain" in notice
        numbers = [ticket.number for ticket in room.tickets()]
        told = [line[2:18] for line in notice.splitlines() if line.startswith("- LPSE-")]
        assert told == numbers[-2:2:-1]
        assert "- dan 3 tiket sebelumnya" in notice


def test_one_person_who_writes_three_times_is_no_outage(tmp_path):
    with Room(tmp_path) as room:
        for number in range(3):
            room.arrives(letter_of("Andi <andi@a.example>", DOWN, f"Paket {number} LPSE mati"))
        assert "satu gangguan" not in plain(room.last("tugas_baru", SARI.address))

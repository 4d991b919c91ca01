"""Two agents, one ticket: races, held answers, orders taken back; over the whole service."""

import random
from datetime import time

import pytest

from kit import builders as a
from kit.office import BUDI, SARI, SITI
from kit.room import CLIENTS, Room, answer, letter_of, plain
from maild.model.ticket import State
from maild.store.values import LetterState

FROM_SARI, FROM_BUDI = (f"{p.name} <{p.address}>" for p in (SARI, BUDI))


def opened(room: Room, number: int = 0) -> None:
    user = str(SITI) if not number else f"Pengguna {number} <p{number}@x{number}.example>"
    room.arrives(letter_of(user, f"{a.COMPLETE} Kasus {number}.", f"Gagal unggah {number}"))


def test_of_two_answers_at_once_one_is_sent_and_the_other_is_asked_about(tmp_path):
    with Room(tmp_path) as room:
        opened(room)
        sari = answer(room.last("tugas_baru", SARI.address), FROM_SARI, "Jawaban Sari.")
        budi = answer(room.last("tugas_baru", BUDI.address), FROM_BUDI, "Jawaban Budi.")
        room.arrives(sari, budi)
        answers = [plain(m) for t, _, m in room.post() if t == "jawaban"]
        assert len(answers) == 1
        assert "Jawaban Sari." in answers[0]
        asked = plain(room.last("bentrok", BUDI.address))
        assert "> Jawaban Sari." in asked
        assert "> Jawaban Budi." in asked
        assert room.tickets()[0].solution == "Jawaban Sari."


def collided(room: Room):
    opened(room)
    room.arrives(
        answer(room.last("tugas_baru", SARI.address), FROM_SARI, "Jawaban Sari."),
        answer(room.last("tugas_baru", BUDI.address), FROM_BUDI, "Jawaban Budi."),
    )
    return room.last("bentrok", BUDI.address)


def test_he_confirms_and_his_answer_goes_out_once(tmp_path):
    with Room(tmp_path) as room:
        question = collided(room)
        room.arrives(answer(question, FROM_BUDI, "#ya"))
        room.arrives(answer(question, FROM_BUDI, "#ya", "gmail"))
        answers = [plain(m) for t, _, m in room.post() if t == "jawaban"]
        assert ["Jawaban Budi." in text for text in answers] == [False, True]
        assert room.tickets()[0].solution == "Jawaban Budi."


def test_he_discards_and_nothing_goes_out_but_his_receipt(tmp_path):
    with Room(tmp_path) as room:
        question = collided(room)
        room.new_post()
        room.arrives(answer(question, FROM_BUDI, "#batal"))
        [(template, reader, receipt)] = room.new_post()
        assert (template, reader) == ("resi", BUDI.address)
        assert "surel yang ditahan tidak dijalankan" in plain(receipt)
        assert room.tickets()[0].solution == "Jawaban Sari."


def test_he_writes_something_else_and_that_goes_out(tmp_path):
    with Room(tmp_path) as room:
        question = collided(room)
        room.arrives(answer(question, FROM_BUDI, "Tambahan dari kami."))
        assert "Tambahan dari kami." in plain(room.last("jawaban", SITI.address))


@pytest.mark.parametrize("seed", range(3))
def test_in_any_order_no_user_gets_two_answers_that_nobody_confirmed(tmp_path, seed):
    chance = random.Random(seed)
    with Room(tmp_path) as room:
        mails = []
        for number in range(1, 9):
            opened(room, number)
            for person in (SARI, BUDI):
                notice = room.last("tugas_baru", person.address)
                order = chance.choice(("", "#selesai\n", "#eskalasi\n", "#data\n"))
                text = f"{order}Dari {person.id} untuk {number}."
                who = f"{person.name} <{person.address}>"
                mails.append(answer(notice, who, text, chance.choice(CLIENTS)))
        chance.shuffle(mails)
        room.new_post()
        room.arrives(*mails)
        letters = room.new_post()
        outward = [r for t, r, _ in letters if r.startswith("p") and t != "bentrok"]
        assert len(outward) == len(set(outward)) == 8
        assert len([t for t, _, _ in letters if t == "bentrok"]) == 8


def test_an_answer_is_taken_back_before_it_leaves_and_never_after(tmp_path):
    with Room(tmp_path) as room:
        opened(room)
        room.arrives(answer(room.last("tugas_baru", SARI.address), FROM_SARI, "Keliru."))
        assert room.tickets()[0].state is State.ANSWERED
        room.arrives(answer(room.last("resi", SARI.address), FROM_SARI, "#batal"))
        assert room.tickets()[0].row == "7"
        assert [t for t, _, _ in room.post(LetterState.FAILED)] == ["jawaban"]
        room.arrives(answer(room.last("resi", SARI.address), FROM_SARI, "Yang benar."))
        room.later(minutes=2)
        room.arrives(answer(room.last("resi", SARI.address), FROM_SARI, "#batal"))
        assert "terlambat" in plain(room.last("resi", SARI.address))
        assert room.tickets()[0].solution == "Yang benar."


def test_merged_tickets_go_on_as_one_and_similar_problems_are_shown(tmp_path):
    with Room(tmp_path) as room:
        opened(room)
        other = a.COMPLETE.replace("12345678", "12345679")  # else it joins by itself
        room.arrives(letter_of(str(SITI), other, "Gagal unggah lagi"))
        first = room.tickets()[0]
        notice = room.last("tugas_baru", SARI.address)
        room.arrives(answer(notice, FROM_SARI, f"#gabung {first.number}"))
        assert room.tickets()[1].merged == first.id
        receipt = room.last("tanda_terima", SITI.address)
        room.arrives(answer(receipt, str(SITI), "Ada kabar?"))
        room.arrives(answer(notice, FROM_SARI, "Silakan unggah ulang berkas di bawah 2 MB."))
        assert room.tickets()[0].state is State.ANSWERED
        opened(room, 5)
        shown = plain(room.last("tugas_baru", BUDI.address))
        assert "Yang serupa dan sudah dijawab" in shown
        assert "> Silakan unggah ulang berkas di bawah 2 MB." in shown
        assert first.number in shown


def test_a_forwarded_mail_becomes_the_users_ticket_when_the_agent_confirms(tmp_path):
    with Room(tmp_path) as room:
        inline = (
            "Mohon dibantu.\n\n---------- Forwarded message ---------\n"
            f"Dari: Tono <tono@asing.example>\nTanggal: Sen, 2 Feb 2026\nPerihal: Gagal\n\n"
            f"{a.COMPLETE}\n"
        )
        attached = letter_of(FROM_BUDI, "Diteruskan.", "Fwd: Gagal unggah")
        attached.add_attachment(letter_of("Dewi <dewi@lain.example>", a.COMPLETE, "Gagal unggah"))
        room.arrives(letter_of(FROM_SARI, inline, "Fwd: Gagal"), attached)
        assert room.tickets() == []
        for person, who in ((SARI, FROM_SARI), (BUDI, FROM_BUDI)):
            question = room.last("konfirmasi_perintah", person.address)
            room.arrives(answer(question, who, "#ya"))
        requesters = [t.requester.address for t in room.tickets()]
        assert requesters == ["tono@asing.example", "dewi@lain.example"]
        assert "Mohon dibantu" not in "".join(
            plain(m) for _, r, m in room.post() if r == "tono@asing.example"
        )


def test_an_agent_on_leave_answers_nobody_and_his_tickets_go_to_the_others(tmp_path):
    with Room(tmp_path) as room:
        opened(room)
        room.arrives(answer(room.last("tugas_baru", SARI.address), FROM_SARI, "#ambil"))
        notice = room.last("resi", SARI.address)
        room.new_post()
        leave = answer(notice, FROM_SARI, "Saya sedang cuti sampai 10 Februari.")
        leave["Auto-Submitted"] = "auto-replied"
        room.arrives(leave)
        assert [(t, r) for t, r, _ in room.new_post()] == [("tugas_baru", BUDI.address)]
        assert room.tickets()[0].officer == ""
        opened(room, 2)
        told = {r for t, r, _ in room.new_post() if t == "tugas_baru"}
        assert told == {BUDI.address}
        room.arrives(answer(notice, FROM_SARI, "#status"))
        opened(room, 3)
        told = {r for t, r, _ in room.new_post() if t == "tugas_baru"}
        assert told == {SARI.address, BUDI.address}


def test_the_digest_comes_once_on_a_working_day_and_its_lines_can_be_answered(tmp_path):
    with Room(tmp_path, digest_at=time(7, 30), single_notices=True) as room:
        opened(room)
        room.later(seconds=1)
        room.later(hours=1)
        digests = [m for t, r, m in room.post() if (t, r) == ("ringkasan", SARI.address)]
        assert len(digests) == 1
        address = plain(digests[0]).partition("<mailto:")[2].partition("?")[0]
        room.arrives(letter_of(FROM_SARI, "Silakan unggah ulang.", To=address))
        assert room.tickets()[0].state is State.ANSWERED
        room.later(days=1)
        room.later(hours=1)
        assert len([t for t, r, _ in room.post() if (t, r) == ("ringkasan", SARI.address)]) <= 2

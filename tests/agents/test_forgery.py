"""The forged agent suite (T14): many forged mails, five kinds of receiving servers.

Not one runs a command, the real agents are told and not flooded, and no genuine answer is held.
What no server can tell from the real thing, an agent's own mark with his own address where the
receiving server gives no verdict, is left out here and told in docs/decisions.
"""

import secrets
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from kit import builders as a
from kit.office import BUDI, JOKO, SARI, SITI
from kit.room import CLIENTS, HELPDESK, Room, answer, letter_of, plain, with_result
from maild.model.token import KeyRing, Mark, message_id, reply_address

sys.path.append(str(Path(__file__).parents[2] / "bench"))

from guessing import guesses

SERVER = "mx.lpse.contoh.go.id"
AGENT = f"{SARI.name} <{SARI.address}>"
EVE = "eve@jahat.example"
PASS = "dmarc=pass header.from=contoh.go.id"

# How the office's server judges: (pinned name, its lines for a forged mail, for a genuine one).
PROFILES = {
    "own server with DMARC": (
        SERVER,
        (f"{SERVER}; spf=fail; dmarc=fail header.from=contoh.go.id",),
        (f"{SERVER}; dkim=pass; {PASS}",),
    ),
    "no verdict at all": ("", (), ()),
    "Workspace": (
        "mx.google.com",
        (
            "mx.google.com; spf=softfail smtp.mailfrom=jahat.example; dmarc=fail (p=NONE sp=NONE"
            " dis=NONE) header.from=contoh.go.id",
        ),
        (f"mx.google.com; dkim=pass header.i=@contoh.go.id; {PASS}",),
    ),
    "Microsoft 365, no name in its field": (
        SERVER,
        (
            "spf=fail (sender IP is 192.0.2.1) smtp.mailfrom=contoh.go.id; dkim=none; dmarc=none"
            " action=none header.from=contoh.go.id;compauth=fail reason=001",
        ),
        ("spf=pass smtp.mailfrom=contoh.go.id; dkim=pass; dmarc=bestguesspass;compauth=pass",),
    ),
    "a server that leaves forged fields in": (
        SERVER,
        (f"{SERVER}; spf=fail smtp.mailfrom=jahat.example", f"{SERVER}; {PASS}"),
        (f"{SERVER}; spf=pass smtp.mailfrom=contoh.go.id",),
    ),
}

TEXTS = {
    "close": "#selesai\nSudah selesai.",
    "answer": "Silakan transfer ke rekening 123.",
    "escalate": "#eskalasi\nMohon dibantu.",
    "several": "#prioritas 4\n#ambil\n#bukan",
}


MOST = {"karantina": 3, "konfirmasi_perintah": 10}


class Attack:
    """What an attacker may know: the requester's own letters, numbers, addresses, our code."""

    def __init__(self, room: Room) -> None:
        self.number = room.tickets()[0].number
        self.ticket = room.tickets()[0].id
        self.receipt = room.last("tanda_terima", SITI.address)
        self.notice = room.last("tugas_baru", SARI.address)
        self.other = room.last("tugas_baru", BUDI.address)
        self.ring = room.parts.writer.ring
        self.tag = f"Re: [{self.number}] Gagal unggah"

    def mark(self, ring: KeyRing | None = None, person: int = SARI.number, **changes) -> str:
        fields = {"party": "a", "ticket": self.ticket, "version": 1, "expires_on": date.max}
        fields |= {"expires_on": date(2026, 12, 31), "person": person} | changes
        return reply_address(HELPDESK, Mark(**fields), ring or self.ring)


def other_ring() -> KeyRing:
    return KeyRing({1: secrets.token_bytes(32)}, 1)


def spoiled(address: str) -> str:
    local, _, domain = address.partition("@")
    last = "a" if local[-2] != "a" else "b"
    return f"{local[:-2]}{last}{local[-1]}@{domain}"


# name: (attack, text) -> mail
FORGED = {
    "a fresh mail": lambda x, t: letter_of(AGENT, t),
    "with the ticket's number": lambda x, t: letter_of(AGENT, t, x.tag),
    "answering the requester's letter": lambda x, t: answer(x.receipt, AGENT, t),
    "to the requester's mark only": lambda x, t: letter_of(
        AGENT, t, x.tag, To=str(x.receipt["Reply-To"])
    ),
    "to an invented mark": lambda x, t: letter_of(
        AGENT, t, x.tag, To=f"helpdesk+{secrets.token_hex(24)}@lpse.contoh.go.id"
    ),
    "to a spoiled mark": lambda x, t: letter_of(AGENT, t, x.tag, To=spoiled(x.mark())),
    "to a cut mark": lambda x, t: letter_of(
        AGENT, t, x.tag, To=x.mark().replace("@", "")[:-30] + "@lpse.contoh.go.id"
    ),
    "to a mark of another key": lambda x, t: letter_of(AGENT, t, x.tag, To=x.mark(other_ring())),
    "to an expired mark": lambda x, t: letter_of(
        AGENT, t, x.tag, To=x.mark(expires_on=date(2026, 1, 31))
    ),
    "to a colleague's mark": lambda x, t: letter_of(AGENT, t, x.tag, To=str(x.other["Reply-To"])),
    "to a mark of a ticket that is not there": lambda x, t: letter_of(
        AGENT, t, x.tag, To=x.mark(ticket=2026000999)
    ),
    "with a Message-ID signed by another key": lambda x, t: letter_of(
        AGENT, t, x.tag, In_Reply_To=message_id(f"{x.ticket}.2", "lpse.contoh.go.id", other_ring())
    ),
    "with the Message-ID of a colleague's notice": lambda x, t: letter_of(
        AGENT, t, x.tag, In_Reply_To=str(x.other["Message-ID"])
    ),
    "a stranger with the agent's name": lambda x, t: letter_of(
        f'"{SARI.address}" <{EVE}>', t, x.tag
    ),
    "a stranger with the agent in Reply-To and Sender": lambda x, t: letter_of(
        EVE, t, x.tag, Reply_To=AGENT, Sender=AGENT
    ),
    "two authors": lambda x, t: letter_of(f"{AGENT}, {EVE}", t, x.tag, To=x.mark(other_ring())),
    "a look-alike domain": lambda x, t: letter_of("sari@c0ntoh.go.id", t, x.tag),
    "a former agent with his own mark": lambda x, t: letter_of(
        f"{JOKO.name} <{JOKO.address}>", t, x.tag, To=x.mark(person=JOKO.number)
    ),
    "a machine with the agent's address": lambda x, t: letter_of(
        AGENT, t, x.tag, Auto_Submitted="auto-replied"
    ),
    "orders below the quote": lambda x, t: answer(
        x.receipt, AGENT, "> " + t.replace("\n", "\n> ")
    ),
}


def standing(room: Room) -> tuple[object, ...]:
    ticket = room.tickets()[0]
    weighed = ticket.assessment
    return (
        ticket.row,
        ticket.state,
        ticket.officer,
        ticket.solution,
        weighed.priority,
        weighed.category,
        ticket.telephoned,
        ticket.requester,
        ticket.merged,
    )


def opened(folder: Path, profile: str) -> Room:
    room = Room(folder, PROFILES[profile][0])
    room.arrives(letter_of(str(SITI), a.COMPLETE, "Gagal unggah dokumen penawaran"))
    return room


def test_the_suite_is_as_large_as_promised():
    assert len(FORGED) * len(TEXTS) >= 60
    assert len(PROFILES) == 5


@pytest.mark.parametrize("profile", PROFILES)
def test_no_forged_mail_runs_anything_and_the_real_agents_are_told(tmp_path: Path, profile: str):
    _, forged_results, genuine_results = PROFILES[profile]
    with opened(tmp_path, profile) as room:
        before, attack = standing(room), Attack(room)
        room.new_post()
        mails = [make(attack, text) for make in FORGED.values() for text in TEXTS.values()]
        room.arrives(*(with_result(mail, *forged_results) for mail in mails))
        assert standing(room) == before
        letters = room.new_post()
        assert not [t for t, _, _ in letters if t in ("jawaban", "selesai", "pengingat")]
        ours = {SARI.address, BUDI.address}
        assert SITI.address not in {r for _, r, _ in letters}
        assert not [t for t, _, _ in letters if t in ("eskalasi", "pemberitahuan_eskalasi")]
        told = Counter((t, r) for t, r, _ in letters if t in MOST)
        for (template, _), count in told.items():
            assert count <= MOST[template], "told, and not flooded"
        assert {r for _, r in told} >= {SARI.address}
        assert {r for _, r in told} <= ours
        # The genuine answer is not held, whatever has been tried before.
        genuine = answer(attack.notice, AGENT, "Silakan unggah ulang.")
        room.arrives(with_result(genuine, *genuine_results))
        assert standing(room)[0] == "9a"
        assert "Silakan unggah ulang." in plain(room.last("jawaban", SITI.address))


@pytest.mark.parametrize("profile", PROFILES)
def test_no_genuine_answer_is_held(tmp_path: Path, profile: str):
    _, _, results = PROFILES[profile]
    with Room(tmp_path, PROFILES[profile][0]) as room:
        for n in range(len(CLIENTS)):
            user = f"Pengguna {n} <pengguna{n}@perusahaan{n}.example>"
            room.arrives(letter_of(user, f"{a.COMPLETE} Kasus {n}.", f"Gagal unggah {n}"))
            notice = room.last("tugas_baru", SARI.address)
            text = ("Silakan unggah ulang.", "#selesai\nSilakan unggah ulang.", "#eskalasi\nx")
            reply = answer(notice, AGENT, text[n % 3], CLIENTS[n % len(CLIENTS)])
            room.arrives(with_result(reply, *results))
        tickets = room.tickets()
        assert [t.row for t in tickets] == ["9a", "9c", "10a"] * 2
        assert not room.store.mails("quarantined")
        assert {t.solution for t in tickets if t.row != "10a"} == {"Silakan unggah ulang."}


def test_a_replayed_mail_has_no_second_effect(tmp_path: Path):
    with opened(tmp_path, "no verdict at all") as room:
        genuine = answer(room.last("tugas_baru", SARI.address), AGENT, "#data\nMohon kodenya.")
        room.arrives(genuine)
        room.new_post()
        room.arrives(genuine)
        assert room.new_post() == []


def test_a_stolen_mark_dies_and_the_agent_goes_on_with_a_new_one(tmp_path: Path):
    with opened(tmp_path, "no verdict at all") as room:
        notice, before = room.last("tugas_baru", SARI.address), standing(room)
        room.arrives(letter_of(EVE, "#selesai\nSudah.", To=str(notice["Reply-To"])))
        room.arrives(letter_of(AGENT, "#selesai\nSudah.", To=str(notice["Reply-To"])))
        assert standing(room) == before
        fresh = room.last("tanda_baru", SARI.address)
        room.arrives(answer(fresh, AGENT, "Silakan unggah ulang."))
        assert standing(room)[0] == "9a"


def test_guessed_marks_are_not_taken():
    """`bench/guessing.py` tries a million; here a sample of them."""
    assert guesses(20_000) == 0

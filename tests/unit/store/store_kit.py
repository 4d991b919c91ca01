"""Mails, tickets and letters for the tests of the store, and the steps they all begin with."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.model.action import Action, AddMessage, Decision, Outcome, SendLetter
from maild.model.known import Claim, Known
from maild.model.mail import Address, Attachment, Nature, ParsedMail, RawMail, Trust
from maild.model.ticket import (
    Assessment,
    Direction,
    Kind,
    Match,
    Priority,
    Role,
    Standing,
    State,
    Ticket,
)
from maild.store.store import Store
from maild.store.values import RenderedLetter

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
BUDI = Address("Budi", "budi@cv-maju.example")
SITI = Address("Siti", "siti@dinas.example")

ASSESSMENT = Assessment(
    kind=Kind.COMPLAINT,
    category="unggah_dokumen",
    priority=Priority.HIGH,
    base_priority=Priority.MEDIUM,
    urgent_deadline=True,
    deadline=NOW + 3 * HOUR,
    requester_role=Role.VENDOR,
    missing=("kode_tender", "tangkapan_layar"),
    fields={"nama": "CV Maju", "npwp": "01.2"},
    escalate="lkpp",
    confidence=0.75,
    reasons=(Match("unggah", "gagal mengunggah"), Match("batas", "hari ini 12.00")),
    also=("gagal_login",),
)

BEFORE = Standing(
    state=State.IN_PROGRESS,
    row="7",
    entered_at=NOW,
    due_at=NOW + HOUR,
    asked=1,
    officer="rina",
    solution="Coba lagi",
    answered_at=None,
    answered_version=0,
    closed_at=None,
    escalated_at=NOW,
    letters=2,
)


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    with Store.open(database_url, tmp_path / "blobs") as opened:
        yield opened


def raw(uid: int, octets: bytes | None = None, **changes: object) -> RawMail:
    plain = RawMail("lpse", "INBOX", 7, uid, NOW, 4, octets or b"mail %d" % uid)
    return replace(plain, **changes)  # type: ignore[arg-type]


def parsed(message_id: str | None = "<1@cv-maju.example>", **changes: object) -> ParsedMail:
    mail = ParsedMail(
        sender=BUDI,
        sender_doubt="",
        reply_to=(),
        to=(),
        cc=(),
        delivered_to=(),
        subject="Gagal unggah",
        subject_base="Gagal unggah",
        message_id=message_id,
        in_reply_to=(),
        references=(),
        date=NOW,
        text="Tidak bisa unggah.",
        reply_text="Tidak bisa unggah.",
        signature="",
        quoted="",
        commands=(),
        answer_text="",
        attachments=(Attachment("layar.png", 9, "image/png", "ab" * 32, False, "2"),),
        nature=Nature.HUMAN,
        nature_reason="",
        bounce=None,
        trust=Trust(),
        defects=(),
        content_hash=f"hash of {message_id}",
    )
    return replace(mail, **changes)  # type: ignore[arg-type]


def new_ticket(known: Known, requester: Address = BUDI, at: datetime = NOW) -> Ticket:
    """A ticket with every field away from its default, but for its version."""
    return Ticket(
        id=known.next_id,
        number=known.next_number,
        requester=requester,
        subject="Gagal unggah",
        summary="Dokumen penawaran tidak terunggah",
        state=State.IN_PROGRESS,
        sop="penanganan-email@abc",
        row="4",
        entered_at=at,
        due_at=at + 4 * HOUR,
        received_at=at - MINUTE,
        assessment=ASSESSMENT,
        asked=1,
        officer="rina",
        solution="Gunakan peramban lain",
        answered_at=at + HOUR,
        answered_version=1,
        closed_at=at + 2 * HOUR,
        escalated_at=at + 3 * HOUR,
        outside_number=f"LKPP-{known.next_id}",
        linked="LPSE-2025-000001",
        telephoned="Pak Budi, 09.10",
        letters=2,
        merged=2025000001,
        revoked_version=1,
        before=BEFORE,
        remarks="Disertai surat permohonan",
        rating=4,
        outside="inaproc",
        parent=2025000002,
        outage="server_down",
    )


def incoming(
    ticket: Ticket, mail_id: int | None, message_id: str, at: datetime = NOW
) -> AddMessage:
    return AddMessage(
        ticket.id,
        Direction.IN,
        "pengguna",
        ticket.requester,
        "Tidak bisa unggah.",
        at,
        "Gagal unggah",
        message_id,
        mail_id,
    )


def letter(
    ticket: Ticket | None, serial: int, *, to: Address = BUDI, automatic: bool = True
) -> SendLetter:
    template = "tanda_terima" if automatic else "jawaban"
    return SendLetter(template, ticket, serial, "pengguna", 0, to, {}, automatic)


def rendered(action: SendLetter, not_before: datetime | None = None) -> RenderedLetter:
    name = f"{action.ticket.id if action.ticket else 'rekap'}.{action.serial}"
    return RenderedLetter(
        name,
        f"<{name}.0.mac@lpse.example>",
        "helpdesk@lpse.example",
        action.to.address,
        b"Subject: surat " + name.encode(),
        not_before,
    )


def letters_of(
    decision: Decision, not_before: datetime | None = None
) -> dict[int, RenderedLetter]:
    return {
        index: rendered(action, not_before)
        for index, action in enumerate(decision.actions)
        if isinstance(action, SendLetter)
    }


def arrive(store: Store, uid: int, octets: bytes | None = None) -> tuple[int, str]:
    """A mail in the ledger that has been taken for deciding: its id and digest."""
    store.record([raw(uid, octets)], NOW)
    (taken,) = store.take_mails(1, NOW)
    return taken.id, taken.sha256


def open_ticket(
    store: Store,
    uid: int,
    *actions: Action,
    requester: Address = BUDI,
    at: datetime = NOW,
    automatic: bool = True,
    not_before: datetime | None = None,
) -> Ticket:
    """A mail comes, a ticket is opened and a letter written, with further actions."""
    mail_id, sha256 = arrive(store, uid)
    mail = parsed(f"<{uid}@cv-maju.example>", sender=requester)
    with store.begin() as unit:
        ticket = new_ticket(unit.known(mail, (), at, sha256), requester, at)
        decision = Decision(
            ticket,
            (
                incoming(ticket, mail_id, mail.message_id or "", at),
                letter(ticket, 1, to=requester, automatic=automatic),
                *(replace(action, ticket=ticket.id) for action in actions),
            ),
            outcome=Outcome.DONE,
        )
        unit.commit_decision(decision, letters_of(decision, not_before), mail_id, mail, at)
    return ticket


def decide_on(store: Store, ticket: Ticket, *actions: Action, at: datetime = NOW) -> Ticket:
    """An event without a mail changes a ticket."""
    with store.begin() as unit:
        before = unit.known_ticket(ticket.id, at).tickets[ticket.id]
        after = replace(before, version=before.version + 1)
        decision = Decision(after, actions)
        unit.commit_decision(decision, letters_of(decision), None, None, at)
    return after


def commit(store: Store, ticket_id: int, decision: Decision, **letters: RenderedLetter) -> None:
    """An event about a ticket is decided just so, right or wrong."""
    with store.begin() as unit:
        unit.known_ticket(ticket_id, NOW)
        unit.commit_decision(decision, {int(n): x for n, x in letters.items()}, None, None, NOW)


def known_of(
    store: Store, mail: ParsedMail, *claims: Claim, at: datetime = NOW, sha256: str = "0" * 64
) -> Known:
    """What is known about a mail; nothing is decided."""
    with store.begin() as unit:
        return unit.known(mail, claims, at, sha256)

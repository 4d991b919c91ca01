"""An officer hands a problem to another office, and tells it more later (SOP 10).

`#eskalasi` to LKPP, `#eskalasi ID` to another office of config.toml. What that office will ask
for is asked of the officer first, in his receipt. The same word passes on what has been said
since, without a second case over there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from maild.desk import escalation, words
from maild.desk.draft import Draft
from maild.desk.report import Report
from maild.model.event import MailArrived
from maild.model.party import Original, Party, Route
from maild.model.people import HELPDESK, LKPP
from maild.model.ticket import Direction, Message, Priority, State
from maild.recap.solution import without_courtesies
from maild.rules import advance
from maild.rules.complete import filled_block

LETTER = "eskalasi"
FURTHER = "eskalasi_lanjutan"
_PORTAL = "tugas_portal"
_WITHOUT = re.compile(r"\s*tanpa data\b[.,:]?", re.IGNORECASE)
_EVERYTHING = re.compile(r"\s*semua lampiran\b[.,:]?", re.IGNORECASE)
_NAME = re.compile(r"\s*(?:ke |kepada )?([\w-]{2,30})\b[.,:]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer has written behind #eskalasi."""

    party: Party | None
    without_data: bool
    everything: bool
    note: str


@dataclass(frozen=True, slots=True)
class Order:
    """What an officer has decided: which office is told what, of what it does not know yet.

    `at` is how many messages of the conversation it knows; `event` is his mail, if it was one.
    """

    officer: str
    wish: Wish
    party: Party
    at: int
    event: MailArrived | None

    @property
    def file_names(self) -> list[str]:
        """The files that he himself has enclosed."""
        return self.event.mail.file_names if self.event else []


def read_wish(text: str, parties: Mapping[str, Party]) -> Wish:
    """`inaproc`, `tanpa data`, `semua lampiran` in any order at the beginning; then the note."""
    party, without, everything, rest = None, False, False, text
    while True:
        if found := _WITHOUT.match(rest):
            without = True
        elif found := _EVERYTHING.match(rest):
            everything = True
        elif party is None and (found := _NAME.match(rest)) and found[1].lower() in parties:
            # A sentence may well begin with LKPP, which needs no naming.
            alone = not rest[found.end() :].partition("\n")[0].strip()
            if found[1].lower() == LKPP and not alone:
                break
            party = parties[found[1].lower()]
        else:
            break
        rest = rest[found.end() :]
    return Wish(party, without, everything, rest.strip())


def meant(draft: Draft, word: str) -> str:
    """A plain reply to the other office's question is for that office."""
    return "eskalasi" if word == "jawab" and draft.ticket.state is State.ASKED else word


def proposal(text: str) -> str:
    """The other office's answer as it would go to the requester: without its courtesies."""
    return without_courtesies(text).strip() or text.strip()


def with_its_words(draft: Draft, word: str, text: str) -> tuple[str, Message | None]:
    """An order without a text of its own: `#kirim` passes on the other office's answer, `#data`
    its question. Gives the text, and the message whose files go along."""
    said = words.last_message(draft.conversation, draft.outside.id)
    if said and word == "kirim":
        return text or proposal(said.text), said
    if said and word == "data" and not text and draft.ticket.state is State.ASKED:
        return proposal(said.text), said
    return text, None


def escalate(
    draft: Draft, officer: str, text: str, report: Report, event: MailArrived | None
) -> None:
    """Hands the ticket over, or tells the office that has it more."""
    wish = read_wish(text, draft.book.parties)
    before = draft.outside
    party = wish.party or before
    if party.way is Route.MAIL and not draft.book.directory.of_party(party.id):
        report.failed("#eskalasi", f"{party.name} tidak mempunyai alamat surel yang aktif")
        return
    at = escalation.told_so_far(draft.conversation, party)
    order = Order(officer, wish, party, at, event)
    _take_in(draft, wish.note)
    if draft.row.actor == LKPP and party.id == before.id:
        _tell_more(draft, order, report)
        return
    wanted = [] if at else escalation.missing(draft, party, wish.note)
    if wanted and not wish.without_data and draft.ticket.assessment.priority != Priority.CRITICAL:
        report.failed("#eskalasi", _ask(party, wanted))
        return
    walk = advance.act(draft.procedure, draft.ticket.row, HELPDESK, "eskalasi", draft.ask)
    if not walk.steps:
        report.failed("#eskalasi", f"tidak berlaku pada langkah {draft.ticket.row}")
        return
    draft.change(officer=officer, outside=party.id)
    if party.id != before.id:
        draft.change(outside_number="")
    if draft.ticket.escalated_at is None:
        draft.change(escalated_at=draft.now)
    letter = FURTHER if at else party.letter
    _send(draft, order, report, letter, walk)
    waits = "pengguna diberi tahu untuk menunggu"
    how = "teks untuk portal dikirim kepada Bapak/Ibu" if party.way is Route.PORTAL else ""
    report.did("#eskalasi", f"{how or f'diteruskan kepada {party.name}'}; {waits}")
    if wanted:
        names = ", ".join(label for _, label in wanted)
        report.did("data", f"belum ada: {names}; mohon disusulkan dengan #eskalasi")


def _tell_more(draft: Draft, order: Order, report: Report) -> None:
    """The office has the ticket already: a further letter, and nothing else changes."""
    fresh = escalation.of_requester(draft.conversation[order.at :])
    name = order.party.name
    if not (order.wish.note or fresh or order.file_names):
        report.failed("#eskalasi", f"sudah ada pada {name}, dan tidak ada keterangan baru")
        return
    _send(draft, order, report, FURTHER, None)
    report.did("#eskalasi", f"keterangan tambahan diteruskan kepada {name}")


def _send(
    draft: Draft, order: Order, report: Report, letter: str, walk: advance.Walk | None
) -> None:
    """Writes the letter, alone or with the walk that leads to it."""
    party, wish, event, own = order.party, order.wish, order.event, order.file_names
    portal = party.way is Route.PORTAL
    messages = escalation.of_requester(draft.conversation[order.at :])
    files = escalation.files_of(draft.conversation, order.at, party, wish.everything)
    enclose = (*files.mails, *((event.mail_id,) if event and own else ()))
    copied = (
        escalation.copy_of(messages, draft, party) if letter != FURTHER and not portal else None
    )
    inline = party.original is Original.INLINE and letter != FURTHER
    extra = {
        "blok": escalation.block(draft),
        "catatan": wish.note,
        "teks": escalation.inline(messages, draft) if inline else escalation.words_of(messages),
        "lampiran": [*files.names, *own],
        "ditahan": files.kept,
        "salinan": copied is not None,
    }
    cooling = timedelta(seconds=draft.book.limits.cooling_seconds) if event else timedelta()
    not_before = draft.now + cooling if cooling else None
    template, reader = (_PORTAL, HELPDESK) if portal else (letter, LKPP)

    def hand_over(named: str, ends_at: datetime | None) -> None:
        chosen = named if letter == LETTER and not portal else template
        draft.letter(
            chosen,
            reader,
            False,
            {**extra, "batas": ends_at},
            enclose=enclose,
            withheld=files.withheld,
            forward=copied,
            not_before=not_before,
        )

    if walk:
        draft.walk(
            walk, order.officer, automatic=False, not_before=not_before, hand_over=hand_over
        )
    else:
        hand_over(letter, draft.ticket.due_at)
    said = wish.note or "(surel pengguna diteruskan)"
    draft.message(Direction.OUT, party.id, draft.book.office.mailbox, said, draft.now)
    draft.record(order.officer, f"diteruskan kepada {party.name} ({template})")
    if sent := [*files.names, *own]:
        report.did("lampiran", f"disertakan: {', '.join(sent)}")
    if files.kept:
        advice = "bila diperlukan: #eskalasi semua lampiran"
        report.did("lampiran", f"tidak disertakan: {', '.join(files.kept)}; {advice}")


def _take_in(draft: Draft, note: str) -> None:
    """Data that the officer has filled in count as known."""
    weighed = draft.ticket.assessment
    filled = {
        **filled_block(note, draft.book.table.labels),
        **filled_block(note, escalation.LABELS),
    }
    if filled:
        fields = {**weighed.fields, **filled}
        left = tuple(n for n in weighed.missing if n not in filled)
        draft.change(assessment=replace(weighed, fields=fields, missing=left))


def _ask(party: Party, wanted: list[tuple[str, str]]) -> str:
    lines = "\n".join(f"{label}:" for _, label in wanted)
    return (
        f"belum dikirim, karena data yang akan diminta {party.name} belum lengkap. Balas surel "
        "ini dengan #eskalasi pada baris pertama dan isian berikut di bawahnya; bila datanya "
        f"memang tidak ada, tulis #eskalasi tanpa data.\n\n{lines}\n"
    )


def waiting_note(draft: Draft) -> str:
    """What an officer may do with a requester's message while another office has the ticket."""
    if draft.row.actor != LKPP:
        return ""
    return (
        f"Tiket ini sedang ditangani {draft.outside.name}. Pesan ini belum diteruskan ke sana; "
        "balas dengan #eskalasi untuk meneruskannya."
    )

"""Plays a `.percakapan` through `decide`, in memory: the office rehearses its SOP before it runs.

The player keeps what the store would keep (tickets, alarms, letters, conversation), renders every
letter, and is strict: a letter that the script does not mention is a failure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from typing import Any

from maild.desk import held, outage, outside, script, words
from maild.desk.book import Book
from maild.desk.decide import decide
from maild.desk.played_mail import heads_of, written
from maild.desk.script import Sentence
from maild.model.action import (
    AddMessage,
    Amend,
    ClearAlarms,
    Decision,
    NoteAbsence,
    Passage,
    SendLetter,
    SetAlarm,
    TakeUp,
    Withdraw,
)
from maild.model.event import AlarmKind, AlarmRang, Event, MailArrived
from maild.model.known import Claim, Evidence, Known, SentLetter
from maild.model.mail import Address, ParsedMail
from maild.model.people import HELPDESK, USER
from maild.model.ticket import Message, Ticket
from maild.model.token import Mark

Render = Callable[[str, Mapping[str, Any]], str]

_USER = Address("Siti Aminah", "siti@majujaya.example")
_SIGNS = {USER: "u", HELPDESK: "a"}


@dataclass(frozen=True, slots=True)
class _Posted:
    """A letter, when it was written, and its ticket's version then."""

    at: datetime
    letter: SendLetter
    version: int


@dataclass
class Rehearsal:
    """One play of one script. `failures` says line, sentence, and what happened instead;
    `walked` are the SOP rows that were entered."""

    book: Book
    render: Render
    now: datetime = datetime(2026, 1, 5, 2, tzinfo=UTC)
    failures: list[str] = field(default_factory=list)
    walked: set[str] = field(default_factory=set)
    tickets: dict[int, Ticket] = field(default_factory=dict)
    alarms: dict[tuple[int, AlarmKind], SetAlarm] = field(default_factory=dict)
    posted: list[_Posted] = field(default_factory=list)
    unmentioned: list[tuple[SendLetter, str]] = field(default_factory=list)
    said: str = ""
    conversation: list[Message] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    files: dict[int, tuple[str, ...]] = field(default_factory=dict)
    mails: dict[int, tuple[ParsedMail, tuple[Claim, ...], SentLetter | None]] = field(
        default_factory=dict
    )
    absent: set[int] = field(default_factory=set)

    def play(self, text: str) -> list[str]:
        """Plays a script to its end; gives the failures (none: it holds)."""
        sentences, complaints = script.read(text)
        self.failures += complaints
        for sentence in sentences:
            self._play(sentence)
        self._everything_mentioned("akhir percakapan")
        return self.failures

    def _play(self, sentence: Sentence) -> None:
        said = sentence.words
        match sentence.form:
            case "pukul":
                self._everything_mentioned(f"baris {sentence.line}")
                self._move_clock(script.instant(said["waktu"], self.book.office.zone))
            case "mail":
                self._everything_mentioned(f"baris {sentence.line}")
                self._mail(said["pihak"], said["cara"], sentence.body)
            case "surat":
                self._letter(sentence)
            case "diam":
                self._everything_mentioned(f"baris {sentence.line}")
            case "memuat":
                self._expect(sentence, said["teks"] in self.said, "surat itu tidak memuatnya")
            case "tiket":
                count = len(self.tickets)
                self._expect(sentence, count == int(said["jumlah"]), f"ada {count}")
            case _:
                self._ticket(sentence)

    def _expect(self, sentence: Sentence, holds: bool, instead: str) -> None:
        if not holds:
            self.failures.append(f"baris {sentence.line}: {sentence.text}: {instead}")

    def _everything_mentioned(self, where: str) -> None:
        for letter, _ in self.unmentioned:
            self.failures.append(
                f"{where}: maild juga mengirim {letter.template} kepada {letter.party}"
            )
        self.unmentioned.clear()

    def _letter(self, sentence: Sentence) -> None:
        name, party = sentence.words["surat"], sentence.words["pihak"]
        for index, (letter, text) in enumerate(self.unmentioned):
            if (letter.template, letter.party) == (name, party):
                self.said = text
                del self.unmentioned[index]
                return
        sent = ", ".join(f"{a.template} kepada {a.party}" for a, _ in self.unmentioned)
        self._expect(sentence, False, f"yang dikirim: {sent or 'tidak ada'}")

    def _ticket(self, sentence: Sentence) -> None:
        ticket = next(reversed(self.tickets.values()), None)
        if ticket is None:
            self._expect(sentence, False, "belum ada tiket")
            return
        said = sentence.words
        if sentence.form == "langkah":
            self._expect(sentence, ticket.row == said["no"], f"tiket di langkah {ticket.row}")
            if "waktu" in said:
                due = ticket.due_at.astimezone(self.book.office.zone) if ticket.due_at else None
                wanted = script.instant(said["waktu"], self.book.office.zone)
                self._expect(sentence, due == wanted, f"jatuh tempo {due:%Y-%m-%d %H:%M}")
        elif sentence.form == "status":
            holds = ticket.state.value == said["status"]
            self._expect(sentence, holds, f"tiket berstatus {ticket.state.value}")
        else:
            level = ticket.assessment.priority.level
            self._expect(sentence, level == int(said["tingkat"]), f"tiket berprioritas {level}")

    def _move_clock(self, until: datetime) -> None:
        """Rings every alarm on the way, in order."""
        until = until.astimezone(UTC)
        while due := [a for a in self.alarms.values() if a.at <= until]:
            alarm = min(due, key=lambda a: (a.at, a.kind))
            del self.alarms[alarm.ticket, alarm.kind]
            self.now = max(self.now, alarm.at)
            self._decide(AlarmRang(self.now, alarm.ticket, alarm.kind, alarm.row), ())
        self.now = until

    def _mail(self, party: str, way: str, body: tuple[str, ...]) -> None:
        people = self.book.directory.of_party(party)
        heads, text = heads_of(body)
        sender = Address(people[0].name, people[0].address) if people else _USER
        if "dari" in heads:
            sender = Address(*parseaddr(heads["dari"]))
        claims, letter = self._answered(sender, heads) if "membalas" in way else ((), None)
        mail = written(sender, heads, text, automatic="otomatis" in way)
        claims = (*claims, *self._named(mail))
        self.files[len(self.mails) + 1] = tuple(mail.file_names)
        self.mails[len(self.mails) + 1] = (mail, claims, letter)
        self._read(len(self.mails))

    def _read(self, mail_id: int, vouched: str = "") -> None:
        """Decides about a mail, for the first time or when somebody vouches for it."""
        mail, claims, letter = self.mails[mail_id]
        named = {claim.value for claim in held.claims(vouched)}
        claims += tuple(
            Claim(Evidence.SUBJECT_TAG, t.number, t.id)
            for t in self.tickets.values()
            if t.number in named
        )
        event = MailArrived(self.now, self.now, mail_id, mail, vouched=vouched)
        self._decide(event, claims, letter)

    def _answered(
        self, sender: Address, heads: Mapping[str, str]
    ) -> tuple[tuple[Claim, ...], SentLetter | None]:
        """What a reply to the last letter to this sender carries; `Atas:` names another one."""
        for posted in reversed(self.posted):
            letter = posted.letter
            wanted = heads.get("atas", letter.template)
            if not _reached(letter, sender) or letter.template != wanted:
                continue
            sent = _remembered(posted)
            if letter.ticket is None:
                return (Claim(Evidence.MESSAGE_ID, "", None, letter=sent.name),), sent
            sign = _SIGNS.get(letter.party, "l")
            mark = Mark(sign, letter.ticket.id, letter.person, posted.version, date.max)
            return (Claim(Evidence.TOKEN, "", letter.ticket.id, mark),), sent
        return (), None

    def _named(self, mail: ParsedMail) -> tuple[Claim, ...]:
        """The tickets whose number, ours or the other office's, stands in the mail."""
        theirs = {claim.value for claim in outside.claims(mail, self.book)}
        own = (
            Claim(Evidence.SUBJECT_TAG, t.number, t.id)
            for t in self.tickets.values()
            if t.number in f"{mail.subject} {mail.text}"
        )
        other = (
            Claim(Evidence.OUTSIDE_NUMBER, t.outside_number, t.id)
            for t in self.tickets.values()
            if t.outside_number in theirs
        )
        return (*other, *own)

    def _decide(
        self, event: Event, claims: tuple[Claim, ...], letter: SentLetter | None = None
    ) -> None:
        decision = decide(event, self._known(event, claims, letter), self.book)
        if decision.ticket:
            self.tickets[decision.ticket.id] = decision.ticket
            self.walked.add(decision.ticket.row)
        self._apply(decision)

    def _known(self, event: Event, claims: tuple[Claim, ...], letter: SentLetter | None) -> Known:
        year = self.now.astimezone(self.book.office.zone).year
        serial = len(self.tickets) + 1
        about = next((c.ticket for c in claims if c.ticket), getattr(event, "ticket", None))
        merged = self.tickets[about].merged if about in self.tickets else 0
        about = merged or about
        if isinstance(event, MailArrived):
            recipient = event.mail.sender.address if event.mail.sender else ""
        else:
            recipient = self.tickets[about].requester.address if about in self.tickets else ""
        day_ago = self.now - timedelta(days=1)
        following, alike = self._others(about)
        return Known(
            claims=claims,
            tickets=self.tickets,
            conversation=tuple(m for m in self.conversation if m.ticket == about),
            lately=tuple(
                _remembered(p)
                for p in self.posted
                if p.letter.automatic and p.letter.to.address == recipient and p.at > day_ago
            ),
            earlier=self._earlier(recipient, about),
            passages=tuple(p for p in self.passages if about is None or p.ticket == about),
            same_case=self._same_case(about),
            letter=letter,
            cooling=self._cooling(about),
            followers=following,
            outage=alike,
            absent=frozenset(self.absent),
            told_of_held=sum(p.letter.template == held.NOTICE for p in self.posted),
            next_id=year * 1_000_000 + serial,
            next_number=f"{self.book.office.prefix}-{year}-{serial:06d}",
        )

    def _earlier(self, address: str, but: int | None) -> tuple[Ticket, ...]:
        own = (t for t in self.tickets.values() if t.requester.address == address and t.id != but)
        return tuple(reversed(tuple(own)))

    def _words(self, letter: SendLetter) -> Mapping[str, Any]:
        """The words of a letter, with what the desk adds to a notice."""
        if letter.ticket is None or letter.template != "tugas_baru":
            return letter.words
        others = tuple(self.tickets.values())
        found = outage.told_of(letter.ticket, others, self.book.table)
        return {**letter.words, **outage.proposed(found, self.book.table)}

    def _others(self, about: int | None) -> tuple[tuple[Known, ...], tuple[Known, ...]]:
        """What is known of the tickets that follow this one, and of those of its outage."""
        mark = self.tickets[about].outage if about in self.tickets else ""
        following: list[Known] = []
        alike: list[Known] = []
        for ticket in self.tickets.values():
            known = Known(
                tickets={ticket.id: ticket},
                conversation=tuple(m for m in self.conversation if m.ticket == ticket.id),
                passages=tuple(p for p in self.passages if p.ticket == ticket.id),
                cooling=self._cooling(ticket.id),
            )
            following += [known] * bool(about and ticket.parent == about)
            alike += [known] * bool(mark and ticket.outage == mark and ticket.id != about)
        return tuple(following), tuple(alike)

    def _cooling(self, about: int | None) -> tuple[SentLetter, ...]:
        """The letters that an officer has ordered and that may still be taken back."""
        return tuple(
            _remembered(p)
            for p in self.posted
            if p.letter.ticket and p.letter.ticket.id == about and not p.letter.automatic
            if p.letter.not_before and p.letter.not_before > self.now
        )

    def _same_case(self, about: int | None) -> tuple[Ticket, ...]:
        number = self.tickets[about].outside_number if about else ""
        others = (t for t in self.tickets.values() if t.id != about)
        return tuple(t for t in others if number and t.outside_number == number)

    def _apply(self, decision: Decision) -> None:
        told: set[tuple[str, str]] = set()
        taken_up: list[TakeUp] = []
        for action in decision.actions:
            match action:
                case SendLetter():
                    about = decision.about(action) or decision.ticket
                    self.posted.append(_Posted(self.now, action, about.version if about else 0))
                    text = self.render(action.template, self._words(action))
                    # A letter to a party is one sentence, however many people stand for it.
                    if (action.template, action.party) not in told:
                        self.unmentioned.append((action, text))
                    told.add((action.template, action.party))
                case Amend():
                    self.tickets[action.ticket.id] = action.ticket
                case SetAlarm():
                    self.alarms[action.ticket, action.kind] = action
                case ClearAlarms():
                    self.alarms = {k: v for k, v in self.alarms.items() if k[0] != action.ticket}
                case AddMessage():
                    names = self.files.get(action.mail_id or 0, ())
                    self.conversation.append(words.as_message(action, names))
                case Withdraw():
                    self.posted = [
                        p for p in self.posted if _remembered(p).name not in action.names
                    ]
                case TakeUp():
                    taken_up.append(action)
                case NoteAbsence():
                    (self.absent.add if action.since else self.absent.discard)(action.person)
                case Passage():
                    self.passages.append(action)
                    self.walked.add(action.row)
                case _:
                    if hasattr(action, "row"):
                        self.walked.add(action.row)
        for action in taken_up:
            self._read(action.mail_id, action.voucher)


def _reached(letter: SendLetter, sender: Address) -> bool:
    """Whether a letter went to this sender; another office's people hand letters on."""
    handed_on = letter.party not in (USER, HELPDESK) and letter.to.domain == sender.domain
    return handed_on or letter.to.address == sender.address


def _remembered(posted: _Posted) -> SentLetter:
    """A letter as the store would give it back."""
    letter = posted.letter
    number = letter.ticket.id if letter.ticket else 0
    name = f"{number}.{letter.serial}"
    return SentLetter(
        letter.ticket.id if letter.ticket else None,
        f"{name}.{letter.confirms}" if letter.confirms is not None else name,
        letter.template,
        letter.party,
        letter.to.address,
        letter.automatic,
        posted.at,
    )

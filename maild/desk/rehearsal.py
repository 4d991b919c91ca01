"""Plays a `.percakapan` through `decide`, in memory: the office rehearses its SOP before it runs.

The player keeps what the store would keep (tickets, alarms, letters, conversation), renders every
letter, and is strict: a letter that the script does not mention is a failure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from typing import Any

from maild.desk import script, words
from maild.desk.book import Book
from maild.desk.decide import decide
from maild.desk.script import Sentence
from maild.ingest import command
from maild.model.action import AddMessage, ClearAlarms, Decision, SendLetter, SetAlarm
from maild.model.event import AlarmKind, AlarmRang, Event, MailArrived
from maild.model.known import Claim, Evidence, Known, SentLetter
from maild.model.mail import Address, Attachment, Nature, ParsedMail, Trust
from maild.model.people import HELPDESK, USER, Person
from maild.model.ticket import Message, Ticket
from maild.model.token import Mark

Render = Callable[[str, Mapping[str, Any]], str]

_USER = Address("Siti Aminah", "siti@majujaya.example")
_PARTY_LETTER = {USER: "u", HELPDESK: "a"}


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
    letters: list[tuple[datetime, SendLetter]] = field(default_factory=list)
    unmentioned: list[tuple[SendLetter, str]] = field(default_factory=list)
    said: str = ""
    conversation: list[Message] = field(default_factory=list)
    mails: int = 0

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
        heads, text = _heads(body)
        sender = Address(people[0].name, people[0].address) if people else _USER
        if "dari" in heads:
            sender = Address(*parseaddr(heads["dari"]))
        claims = self._claims(party, people[0] if people else None) if way != "mengirim" else ()
        mail = _written(sender, heads, text, automatic=way == "membalas otomatis")
        self.mails += 1
        self._decide(MailArrived(self.now, self.now, self.mails, mail), claims)

    def _claims(self, party: str, person: Person | None) -> tuple[Claim, ...]:
        """The mark that the last letter to this party carried."""
        for _, letter in reversed(self.letters):
            if letter.party == party and letter.ticket:
                ticket = self.tickets[letter.ticket.id]
                number = person.number if person else 0
                sign = _PARTY_LETTER.get(party, "l")
                mark = Mark(sign, ticket.id, number, ticket.version, date.max)
                return (Claim(Evidence.TOKEN, "", ticket.id, mark),)
        return ()

    def _decide(self, event: Event, claims: tuple[Claim, ...]) -> None:
        decision = decide(event, self._known(event, claims), self.book)
        if decision.ticket:
            self.tickets[decision.ticket.id] = decision.ticket
            self.walked.add(decision.ticket.row)
        self._apply(decision)

    def _known(self, event: Event, claims: tuple[Claim, ...]) -> Known:
        year = self.now.astimezone(self.book.office.zone).year
        serial = len(self.tickets) + 1
        recipient = ""
        if isinstance(event, MailArrived) and event.mail.sender:
            recipient = event.mail.sender.address
        elif not isinstance(event, MailArrived):
            recipient = self.tickets[event.ticket].requester.address
        about = claims[0].ticket if claims else getattr(event, "ticket", None)
        day_ago = self.now - timedelta(days=1)
        lately = tuple(
            SentLetter(None, "", a.template, a.party, a.to.address, True, at)
            for at, a in self.letters
            if a.automatic and a.to.address == recipient and at > day_ago
        )
        return Known(
            claims=claims,
            tickets=self.tickets,
            conversation=tuple(m for m in self.conversation if m.ticket == about),
            lately=lately,
            next_id=year * 1_000_000 + serial,
            next_number=f"{self.book.office.prefix}-{year}-{serial:06d}",
        )

    def _apply(self, decision: Decision) -> None:
        told: set[tuple[str, str]] = set()
        for action in decision.actions:
            match action:
                case SendLetter():
                    self.letters.append((self.now, action))
                    text = self.render(action.template, action.words)
                    # A letter to a party is one sentence, however many people stand for it.
                    if (action.template, action.party) not in told:
                        self.unmentioned.append((action, text))
                    told.add((action.template, action.party))
                case SetAlarm():
                    self.alarms[action.ticket, action.kind] = action
                case ClearAlarms():
                    self.alarms = {k: v for k, v in self.alarms.items() if k[0] != action.ticket}
                case AddMessage():
                    self.conversation.append(words.as_message(action))
                case _:
                    if hasattr(action, "row"):
                        self.walked.add(action.row)


def _heads(body: tuple[str, ...]) -> tuple[dict[str, str], str]:
    """Leading `Perihal:`, `Dari:` and `Lampiran:` lines, and the text below them."""
    heads: dict[str, str] = {}
    rest = list(body)
    while rest:
        key, colon, value = rest[0].partition(":")
        if not colon or key.strip().lower() not in ("perihal", "dari", "lampiran"):
            break
        heads[key.strip().lower()] = value.strip()
        rest.pop(0)
    return heads, "\n".join(rest).strip()


def _written(sender: Address, heads: dict[str, str], text: str, automatic: bool) -> ParsedMail:
    commands, answer = command.read(text)
    names = [n.strip() for n in heads.get("lampiran", "").split(",") if n.strip()]
    subject = heads.get("perihal", "")
    return ParsedMail(
        sender=sender,
        sender_doubt="",
        reply_to=(),
        to=(),
        cc=(),
        delivered_to=(),
        subject=subject,
        subject_base=subject,
        message_id=None,
        in_reply_to=(),
        references=(),
        date=None,
        text=text,
        reply_text=text,
        signature="",
        quoted="",
        commands=commands,
        answer_text=answer,
        attachments=tuple(
            Attachment(name, 1000, "application/octet-stream", "", False, str(i))
            for i, name in enumerate(names, 2)
        ),
        nature=Nature.AUTO_REPLY if automatic else Nature.HUMAN,
        nature_reason="balasan otomatis" if automatic else "",
        bounce=None,
        trust=Trust(),
        defects=(),
        content_hash="",
    )

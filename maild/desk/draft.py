"""A decision while it is being written: the ticket so far, the actions so far, the reasons.

Lives only inside one call of `decide`; what leaves is a frozen `Decision`. Here stand the rules
that hold for every decision: who receives a party's letters, what may be sent automatically,
how a walk through the SOP becomes passages, letters and alarms.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from maild.desk import assignment, budget, turns, words
from maild.desk.book import Book
from maild.model.action import (
    Action,
    AddMessage,
    ClearAlarms,
    Copied,
    Decision,
    Outcome,
    Passage,
    Record,
    SendLetter,
    SetAlarm,
)
from maild.model.event import AlarmKind
from maild.model.known import FLOOD_ALARM, Known
from maild.model.mail import Address
from maild.model.party import Party
from maild.model.people import HELPDESK, LKPP, UNCLEAR, USER, Person
from maild.model.ticket import Direction, Match, Priority, State, Ticket
from maild.model.worktime import Allowance, Unit, WorkTime
from maild.rules.advance import Walk
from maild.rules.procedure import Procedure, Row
from maild.rules.questions import QUESTIONS, Situation

DATA_REQUEST = "minta_data"
_MAY_WAIT = ("tugas_baru", "pengingat")
_URGENT = 2


class Draft:
    """`silent` is why this requester must get no automatic mail at all; "" if he may."""

    def __init__(
        self, now: datetime, book: Book, known: Known, ticket: Ticket, silent: str = ""
    ) -> None:
        self.now = now
        self.book = book
        self.known = known
        self.ticket = ticket
        self.silent = silent
        self.actions: list[Action] = []
        self.reasons: list[Match] = []
        self.conversation = list(known.conversation)
        if ticket.sop not in book.procedures:
            self._adopt()

    def _adopt(self) -> None:
        """A version of the SOP that is lost is replaced by the current one; a row that this one
        does not have becomes the row in which an officer looks at the ticket anew."""
        procedure = self.book.procedures[self.book.current]
        row = self.ticket.row if self.ticket.row in procedure.rows else procedure.reopen
        self.change(sop=self.book.current, row=row)
        self.record("maild", "versi SOP tiket ini tidak ada lagi; dipindahkan ke versi sekarang")

    @property
    def procedure(self) -> Procedure:
        """The version of the SOP under which the ticket runs."""
        return self.book.procedures[self.ticket.sop]

    @property
    def row(self) -> Row:
        """The row in which the ticket stands."""
        return self.procedure.rows[self.ticket.row]

    @property
    def outside(self) -> Party:
        """The other office that has or last had the ticket, or would be the first to get it."""
        return self.book.party(self.ticket.outside)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The ticket's way through its SOP, this decision's steps included."""
        mine = (a for a in self.actions if isinstance(a, Passage))
        return tuple(p for p in (*self.known.passages, *mine) if p.ticket == self.ticket.id)

    def change(self, **fields: Any) -> None:
        """Replaces fields of the ticket."""
        self.ticket = replace(self.ticket, **fields)

    def record(self, actor: str, text: str, reasons: tuple[Match, ...] = ()) -> None:
        """Adds a journal line."""
        row = self.ticket.row
        self.actions.append(Record(self.ticket.id, self.now, actor, row, text, reasons))

    def message(
        self,
        direction: Direction,
        party: str,
        author: Address,
        text: str,
        at: datetime,
        subject: str = "",
        message_id: str = "",
        mail_id: int | None = None,
    ) -> None:
        """Adds a message to the conversation; letters written later in this decision see it."""
        added = AddMessage(
            self.ticket.id, direction, party, author, text, at, subject, message_id, mail_id
        )
        self.actions.append(added)
        self.conversation.append(words.as_message(added))

    def ask(self, question: str) -> tuple[bool, Match]:
        """Answers a question of the SOP about this ticket."""
        why_not = self.why_silent(DATA_REQUEST)
        return QUESTIONS[question](Situation(self.ticket, not why_not, why_not))

    @property
    def doubt(self) -> str:
        """Why it is not clear who the requester is (B047); "" where it is."""
        own = self.ticket.requester.address
        notes = (m for m in self.conversation if m.party == UNCLEAR)
        return next((note.text for note in notes if note.author.address == own), "")

    def why_silent(self, template: str) -> str:
        """Why this automatic letter may not go to the requester (S04, S06, B054); "" if it may."""
        address = self.ticket.requester.address
        unclear = f"pengirim tidak jelas: {self.doubt}" if self.doubt else ""
        who = self.book.directory.by_address(address)
        agent = who and who.party == HELPDESK and who.active
        ours = "penggunanya petugas, yang membaca surat tugasnya" if agent else ""  # B106
        why = self.silent or unclear or ours
        return why or budget.why_not(template, address, self.known, self.book.limits)

    def letter(
        self,
        template: str,
        party: str,
        automatic: bool = True,
        extra: Mapping[str, Any] | None = None,
        to: Person | None = None,
        enclose: tuple[int, ...] = (),
        withheld: tuple[tuple[int, str], ...] = (),
        forward: Copied | None = None,
        not_before: datetime | None = None,
        confirms: int | None = None,
    ) -> bool:
        """Writes a letter to the requester, to one person (`to`), or to all of a party.

        False, and a journal line that says why, when nobody may or can get it.
        """
        why = self.why_silent(template) if party == USER and automatic else ""
        readers = self._readers(party, to)
        if not readers:
            why = f"tidak ada orang untuk pihak {party}"
        if party == HELPDESK and automatic and not to:
            why = why or self._why_not_told(template)
        if why:
            self.record("maild", f"surat {template} tidak dikirim: {why}")
            return False
        asked = self.ticket.asked + (template == DATA_REQUEST)
        before = self.ticket.letters
        self.change(asked=asked, letters=before + len(readers))
        for serial, person in enumerate(readers, start=before + 1):
            address = Address(person.name, person.address) if person else self.ticket.requester
            letter = SendLetter(
                template=template,
                ticket=self.ticket,
                serial=serial,
                party=self._reader(party),
                person=person.number if person else 0,
                to=address,
                words=words.offered(self, person, extra or {}),
                automatic=automatic,
                reply_to_ids=words.thread(self.conversation, self._reader(party)),
                enclose=enclose,
                withheld=withheld,
                forward=forward,
                not_before=not_before,
                confirms=confirms,
            )
            self.actions.append(letter)
        return True

    def _why_not_told(self, template: str) -> str:
        """Why the officers get no such notice; "" if they do. In a flood one alarm takes the place
        of all that follows."""
        if self._may_wait(template):
            return "masuk ringkasan harian"
        critical = self.ticket.assessment.priority is Priority.CRITICAL
        why, alarm = budget.why_not_told(template, self.known, self.book.limits, critical=critical)
        if alarm:
            self.alarm(why)
        return why

    def alarm(self, why: str) -> None:
        """Tells the officers once that they will not be told of each mail now."""
        if not any(letter.template == FLOOD_ALARM for letter in self.letters()):
            self.letter(FLOOD_ALARM, HELPDESK, extra={"catatan": why})

    def _may_wait(self, template: str) -> bool:
        """Whether this notice is left to the daily digest."""
        urgent = self.ticket.assessment.priority.level <= _URGENT
        return not self.book.assignment.single_notices and template in _MAY_WAIT and not urgent

    def letters(self) -> list[SendLetter]:
        """The letters written so far."""
        return [action for action in self.actions if isinstance(action, SendLetter)]

    def outward(self, since: int) -> list[SendLetter]:
        """The letters that a person ordered and that leave the office, from that action on."""
        written = [a for a in self.actions[since:] if isinstance(a, SendLetter)]
        return [a for a in written if a.party != HELPDESK and not a.automatic]

    def _readers(self, party: str, to: Person | None) -> tuple[Person | None, ...]:
        """The requester (None), the person named, the officer who has the ticket, or the party."""
        if party == USER:
            return (None,)
        if to:
            return (to,)
        people = self.book.directory.of_party(self._reader(party))
        if party == HELPDESK:
            return assignment.readers(self.ticket, self.book, self.known.absent, self.now)
        return people[:1]

    def _reader(self, party: str) -> str:
        """The party itself, or for `lkpp` the other office that has the ticket."""
        return self.outside.id if party == LKPP else party

    def walk(
        self,
        walk: Walk,
        by: str,
        automatic: bool = True,
        extra: Mapping[str, Any] | None = None,
        enclose: tuple[int, ...] = (),
        not_before: datetime | None = None,
        hand_over: Callable[[str, datetime | None], None] | None = None,
    ) -> None:
        """Carries out a walk: passages, the letters of each row entered, then the new wait.

        `extra` are further words for the letters; `enclose` and `not_before` hold for letters
        that a person decided. `hand_over` writes the letter to another office itself; it gets the
        template's name and the end of the wait. The word `batas`
        of every letter is the end of the wait to which the walk leads.
        """
        self.reasons += walk.reasons
        ends_at = self._due(walk.stands_in) if walk.stands_in else None
        extra = {"batas": ends_at, **(extra or {})}
        self.change(before=None)
        entered_at = self.ticket.entered_at
        for step in walk.steps:
            self.actions.append(
                Passage(self.ticket.id, step.left, entered_at, self.now, step.exit)
            )
            entered_at = self.now
            row = step.entered
            self.change(row=row.no, entered_at=self.now, due_at=self._due(row))
            if row.actor == HELPDESK and step.exit != "lewat":
                self._assign()
            for party, template in row.letters.items():
                if party == LKPP and hand_over:
                    hand_over(template, ends_at)
                    continue
                outward = party != HELPDESK
                self.letter(
                    template,
                    party,
                    automatic or not outward,
                    extra,
                    enclose=enclose if outward else (),
                    not_before=not_before if outward else None,
                )
            self.record(by, f"langkah {step.left} -> {row.no} ({step.exit})", walk.reasons)
        if walk.stands_in:
            self._settle(walk.stands_in)

    def _assign(self) -> None:
        """Gives a ticket that nobody has to the agent whose turn it is, if the office does so."""
        people = self.book.directory.of_party(HELPDESK)
        if any(p.id == self.ticket.officer for p in people):
            return
        person = assignment.officer(self.ticket, self.book, self.known.absent)
        if person:
            self.change(officer=person.id)
            self.record("maild", f"diserahkan kepada {person.id}")

    def _settle(self, row: Row) -> None:
        """Sets state and alarms for the row in which the ticket now waits or ends."""
        escalated_at = self.ticket.escalated_at
        if row.state is State.ESCALATED and escalated_at is None:
            escalated_at = self.now
        self.change(
            state=row.state,
            closed_at=self.now if row.ends else None,
            answered_at=None if row.state.is_open else self.ticket.answered_at,
            escalated_at=escalated_at,
            due_at=None if row.ends else self.ticket.due_at,
        )
        self.set_alarms()

    def set_alarms(self) -> None:
        """Sets the alarms of the row in which the ticket stands, in place of all others."""
        self.actions.append(ClearAlarms(self.ticket.id))
        if self.ticket.due_at:
            self._alarm(AlarmKind.DUE, self.ticket.due_at, self.row)
            self.remind(self.row)
            if self.row.actor == LKPP:
                self.inform(self.now)

    def remind(self, row: Row) -> None:
        """Sets the next reminder of a waiting row, if one falls before its end."""
        due_at, worktime = self.ticket.due_at, self.book.worktime
        every = row.remind_every or (self._by_priority(row) if row.remind_by_priority else None)
        if due_at and row.remind_at_half and self.ticket.entered_at == self.now:
            worktime = self._worktime_of(row)
            half = worktime.minutes_between(self.now, due_at) // 2
            every = Allowance(half, Unit.MINUTE) if half else None
        if every and row.reminders:
            at = worktime.add(self.now, every)
            if due_at and at < due_at:
                self._alarm(AlarmKind.REMIND, at, row)

    def inform(self, from_at: datetime) -> None:
        """Sets when the requester is told next, not before `from_at`, that another office still
        has his problem: at steps of a set interval from when it got it."""
        every, worktime = self.outside.inform_every, self.book.worktime
        at = turns.had_since(self.ticket, self.passages, self.procedure)
        while (at := worktime.add(at, every)) < from_at:
            pass
        self._alarm(AlarmKind.INFORM, at, self.row)

    def _alarm(self, kind: AlarmKind, at: datetime, row: Row) -> None:
        self.actions.append(SetAlarm(self.ticket.id, kind, at, row.no))

    def retime(self) -> None:
        """The priority or category has changed: the time of the row is reckoned anew from the
        moment it was entered, or from now where that time would be up already."""
        row = self.row
        if not (row.waits and row.by_priority):
            return
        due_at = self._due(row, self.ticket.entered_at)
        if due_at and due_at <= self.now:
            due_at = self._due(row)
        if due_at != self.ticket.due_at:
            self.change(due_at=due_at)
            self.set_alarms()

    def wait_on(self, why: str) -> None:
        """The wait in this row begins anew, without a letter."""
        self.change(due_at=self._due(self.row))
        self.set_alarms()
        self.record("maild", why)

    def _due(self, row: Row, since: datetime | None = None) -> datetime | None:
        """When the row must be left. A time by priority (SOP 8) ends at the latest with the stage
        of the tender that the problem threatens: an answer after it helps nobody."""
        allowance = row.allowance or (self._by_priority(row) if row.by_priority else None)
        if not (row.waits and allowance):
            return None
        begins_at, worktime = since or self.now, self._worktime_of(row)
        if row.by_priority:
            allowance = turns.what_is_left(
                row, allowance, self.passages, self.procedure, worktime, begins_at
            )
        due_at = worktime.add(begins_at, allowance)
        weighed = self.ticket.assessment
        closing_at = weighed.deadline if weighed.urgent_deadline and row.by_priority else None
        return closing_at if closing_at and self.now < closing_at < due_at else due_at

    def _worktime_of(self, row: Row) -> WorkTime:
        """The hours of whoever acts in the row."""
        other = self.outside.worktime if row.actor == LKPP else None
        return other or self.book.worktime

    def _by_priority(self, row: Row) -> Allowance:
        assessment = self.ticket.assessment
        if row.actor == LKPP:
            return self.outside.targets[assessment.priority]
        return self.book.resolution(assessment.category, assessment.priority)

    def done(self, outcome: Outcome | None = Outcome.DONE, note: str = "") -> Decision:
        """The finished decision. Of several automatic letters to the requester only the last
        leaves: one mail from a person is answered by one mail (S04)."""
        actions = self.actions
        to_user = [
            a for a in actions if isinstance(a, SendLetter) and a.party == USER and a.automatic
        ]
        dropped = {id(a) for a in to_user[:-1]}
        ticket = replace(self.ticket, version=self.ticket.version + 1)
        return Decision(
            ticket=ticket,
            actions=tuple(a for a in actions if id(a) not in dropped),
            reasons=tuple(self.reasons),
            outcome=outcome,
            note=note,
        )

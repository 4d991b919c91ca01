"""The deciding transaction: what is known before, what is written after, in one commit (R2).

A `Unit` may hold one decision or, under backlog, many: `known` sees what the unit has already
written. It is all or nothing; after an error decide its mails again, each in a unit of its own.
Deciding is serial, on every machine together (see `database.serialise`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Final

from sqlalchemy import Table

from maild.model.action import (
    AddMessage,
    Amend,
    AwaitQuestion,
    ClearAlarms,
    Decision,
    NoteAbsence,
    Outcome,
    Passage,
    PlaceAnswer,
    Record,
    SendLetter,
    SetAlarm,
    TakeUp,
    Withdraw,
)
from maild.model.known import Alike, Claim, Known
from maild.model.mail import Nature, ParsedMail
from maild.model.ticket import Ticket
from maild.store import answers, deciding, look, memo, outages, similar
from maild.store.alarms import Alarms, take
from maild.store.board import Spot
from maild.store.errors import Conflict
from maild.store.lately import LastHour
from maild.store.rows import (
    Values,
    attachment_values,
    journal_values,
    key,
    letter_values,
    message_values,
    passage_values,
    storable,
    ticket_values,
)
from maild.store.runner import Runner
from maild.store.tables import (
    ABSENCE,
    ATTACHMENT,
    JOURNAL,
    LETTER,
    MEMO,
    MESSAGE,
    OCTETS,
    PASSAGE,
    SERIAL,
    SETTING,
    TICKET,
)
from maild.store.values import DueAlarm, RenderedLetter

_SERIALS_A_YEAR: Final = 1_000_000


class Unit:
    """One write transaction of the desk; made by `Store.begin`."""

    def __init__(self, run: Runner, prefix: str, zone: tzinfo, *, copied: bool = False) -> None:
        self._run = run
        self._notes = memo.Notes(run) if copied else None
        self._prefix = prefix
        self._zone = zone
        self._seen: dict[int, Ticket] = {}
        self._serials: dict[int, int] = {}
        self._unsaved_years: set[int] = set()
        self._hour = LastHour(run)
        self._absent: frozenset[int] | None = None
        later: tuple[Table, ...] = (OCTETS, PASSAGE, JOURNAL, MEMO)
        self._later: dict[Table, list[Values]] = {table: [] for table in later}

    def known(
        self,
        mail: ParsedMail,
        claims: Sequence[Claim],
        now: datetime,
        sha256: str,
        at: datetime | None = None,
    ) -> Known:
        """What the store knows about a mail with this digest that arrived `at`, or just now."""
        run = self._run
        named, letters = look.resolved(run, claims) if claims else ((), {})
        letter = look.named_letter(run, mail, named, letters)
        ids = [claim.ticket for claim in named if claim.ticket is not None]
        if letter is not None and letter.ticket is not None:
            ids.append(letter.ticket)
        tickets = look.tickets(run, ids)
        best = next((id_ for id_ in ids if id_ in tickets), None)
        if best is not None and tickets[best].merged in tickets:
            best = tickets[best].merged
        address = mail.sender.address if mail.sender else ""
        earlier = look.earlier(run, address, tickets) if address else ()
        waited = [t.id for t in earlier if t.state.is_open] if best is None else [best]
        self._seen.update(tickets)
        self._seen.update((ticket.id, ticket) for ticket in earlier)
        about = tickets[best] if best is not None else None
        following, alike = self._around(about, _orders(mail, "gabung"), now)
        next_id, next_number = self._next(now)
        lately = self._hour.known(address, len(earlier) + len(tickets), now, at)
        return Known(
            claims=named,
            tickets=tickets,
            conversation=look.conversation(run, best) if best is not None else (),
            duplicate=look.is_duplicate(run, mail, sha256),
            lately=look.lately(run, address, now) if address else (),
            letter=letter,
            earlier=earlier,
            cooling=look.cooling(run, best, now) if best and _orders(mail, "batal") else (),
            absent=self._absentees(),
            passages=tuple(
                p for id_ in waited for p in look.passages(run, id_, self._later[PASSAGE])
            ),
            same_case=look.same_case(run, tickets[best]) if best is not None else (),
            followers=following,
            outage=alike,
            next_id=next_id,
            next_number=next_number,
            **lately,
        )

    def undressed(self, mail: ParsedMail, now: datetime) -> ParsedMail:
        """The mail, with the logos marked that come again and again."""
        return look.undressed(self._run, mail, now)

    def with_answers(self, known: Known, mail: ParsedMail, sent: bool) -> Known:
        """What is known besides where people also answer from the mailbox itself; `sent` as in
        MailArrived."""
        if mail.message_id is None:
            return known
        if sent:
            return replace(known, ours=answers.is_ours(self._run, mail.message_id))
        return replace(known, answered=answers.of(self._run, mail.message_id))

    def told_lately(self, template: str, now: datetime) -> int:
        """How many automatic letters of this kind were written in the last 24 hours."""
        return look.written_lately(self._run, template, now)

    def known_ticket(self, ticket_id: int, now: datetime) -> Known:
        """What the store knows about a ticket, for alarms, failed letters and operators.

        `tickets` is empty when there is no such ticket; `lately` is about its requester.
        """
        run = self._run
        tickets = look.tickets(run, (ticket_id,))
        ticket = tickets.get(ticket_id)
        if ticket and ticket.parent:
            tickets |= look.tickets(run, (ticket.parent,))
        self._seen.update(tickets)
        next_id, next_number = self._next(now)
        lately = self._hour.known(ticket.requester.address if ticket else "", 1, now)
        return Known(
            tickets=tickets,
            conversation=look.conversation(run, ticket_id) if ticket else (),
            lately=look.lately(run, ticket.requester.address, now) if ticket else (),
            absent=self._absentees(),
            passages=look.passages(run, ticket_id, self._later[PASSAGE]),
            followers=self._around(ticket, gathers=False, now=now)[0],
            next_id=next_id,
            next_number=next_number,
            **lately,
        )

    def known_office(self, since: datetime) -> Known:
        """All that is open, and what mails have come to wait for a person since then."""
        return Known(
            absent=self._absentees(),
            open=look.open_tickets(self._run),
            aside=look.set_aside(self._run, since),
        )

    def alike(self, ticket: Ticket, window: timedelta) -> Alike:
        """What is told of other tickets of this one's outage (see `rules.incident`)."""
        return outages.alike(self._run, ticket, window)

    def _around(
        self, ticket: Ticket | None, gathers: bool, now: datetime
    ) -> tuple[tuple[Known, ...], tuple[Known, ...]]:
        found = outages.around(self._run, ticket, gathers, self._later[PASSAGE], now)
        for known in (*found[0], *found[1]):
            self._seen.update(known.tickets)
        return found

    def similar(self, ticket: Ticket) -> tuple[Ticket, ...]:
        """Solved tickets about the same, best first."""
        return similar.find(self._run, ticket)

    def take_alarm(self, alarm: DueAlarm) -> bool:
        """Takes a ringing alarm off; False when it was moved or rung since it was read."""
        taken = take(self._run, alarm)
        if taken and self._notes:
            self._notes.rung.append((alarm.ticket, alarm.kind.value))
        return taken

    def keep_setting(self, name: str, value: str) -> None:
        """Keeps a fact of the service's own (`Store.setting`) in this commit."""
        if self._notes:
            self._notes.settings[name] = value
        values = {"of_key": name, "now_value": value}
        if self._run.change(deciding.KEEP_SETTING, values) == 0:
            self._run.insert(SETTING, ({"key": name, "value": value},))

    def handled(self, spot: Spot) -> None:
        """Notes that a move on the board has been decided upon."""
        place = {"in_folder": spot.folder, "validity": spot.uidvalidity, "of_uid": spot.uid}
        self._run.change(deciding.HANDLED, place)

    def told(self, letter_id: int) -> None:
        """Notes that the failure of a letter has been decided upon (see `Store.failures`)."""
        self._run.change(deciding.TOLD, {"letter_id": letter_id})

    def commit_decision(
        self,
        decision: Decision,
        rendered: Mapping[int, RenderedLetter],
        mail_id: int | None,
        parsed: ParsedMail | None,
        now: datetime,
    ) -> None:
        """Writes a decision; it is committed with the unit.

        `rendered` holds the letter of every SendLetter by its index in `decision.actions`.
        `mail_id` and `parsed` are the mail that caused it; `parsed` is None when it could not be
        read. Conflict when the ticket or the mail was decided by somebody else meanwhile;
        ValueError when the decision contradicts itself.
        """
        before = decision.ticket and self._seen.get(decision.ticket.id)
        new = decision.ticket is not None and self._keep_ticket(decision.ticket)
        if decision.ticket and decision.ticket.answered_at != (before and before.answered_at):
            similar.keep(self._run, decision.ticket)
        if mail_id is not None:
            self._decide_mail(mail_id, decision, parsed, now)
        self._act(decision, rendered, new, now)
        if self._notes:
            self._later[MEMO] += self._notes.rows(decision, rendered, mail_id, parsed, now)

    def flush(self) -> None:
        """Writes what nobody looks up within a unit; called once before the commit."""
        for table, rows in self._later.items():
            if rows:
                self._run.insert(table, rows)
        for year in self._unsaved_years:
            values = {"of_year": year, "now_last": self._serials[year]}
            if self._run.change(deciding.SET_SERIAL, values) == 0:
                self._run.insert(SERIAL, ({"year": year, "last": self._serials[year]},))

    def _keep_ticket(self, ticket: Ticket) -> bool:
        """Inserts or updates the ticket; tells whether it is new."""
        before = self._seen.get(ticket.id)
        self._seen[ticket.id] = ticket
        if before is None:
            year, serial = divmod(ticket.id, _SERIALS_A_YEAR)
            if serial != self._serials.get(year, serial) + 1:
                raise ValueError(f"{ticket.number} is neither a known ticket nor the next one")
            self._run.insert(TICKET, (ticket_values(ticket),))
            self._serials[year] = serial
            self._unsaved_years.add(year)
            return True
        if ticket.version == before.version:
            if ticket != before:
                raise ValueError(f"{ticket.number} was changed without a new version")
            return False
        if ticket.version != before.version + 1:
            raise ValueError(f"{ticket.number} skips from version {before.version}")
        values = ticket_values(ticket) | {
            "ticket_id": ticket.id,
            "version_before": before.version,
        }
        if self._run.change(deciding.UPDATE_TICKET, values) != 1:
            raise Conflict(f"{ticket.number} was changed by somebody else.")
        return False

    def _decide_mail(
        self, mail_id: int, decision: Decision, parsed: ParsedMail | None, now: datetime
    ) -> None:
        if decision.outcome is None:
            raise ValueError("a decision on a mail needs an outcome")
        values: Values = {
            "mail_id": mail_id,
            "outcome": decision.outcome.value,
            "remark": storable(decision.note),
            "ticket_id": decision.ticket.id if decision.ticket else None,
            "now": now,
        }
        statement = deciding.DECIDE_MAIL
        # A mail that was not acted on must not make a later copy of it a duplicate.
        if parsed is not None and decision.outcome is not Outcome.PARKED:
            statement = deciding.DECIDE_READ_MAIL
            values["rfc_id"] = key(parsed.message_id) if parsed.message_id else None
            values["hash"] = parsed.content_hash
        if self._run.change(statement, values) != 1:
            raise Conflict(f"Mail {mail_id} has been decided by somebody else.")
        if parsed is not None and parsed.attachments:
            self._run.insert(
                ATTACHMENT,
                [attachment_values(mail_id, a) for a in parsed.attachments],
            )
        for rfc_id in _proved(parsed) if parsed is not None else ():
            self._run.change(deciding.PROVE, {"rfc_id": key(rfc_id), "now": now})

    def _act(
        self,
        decision: Decision,
        rendered: Mapping[int, RenderedLetter],
        new: bool,
        now: datetime,
    ) -> None:
        messages: list[Values] = []
        letters: list[Values] = []
        alarms = Alarms()
        for index, action in enumerate(decision.actions):
            match action:
                case AddMessage():
                    messages.append(message_values(action))
                case SendLetter():
                    if index not in rendered:
                        raise ValueError(f"the letter {action.template} was not rendered")
                    letter = rendered[index]
                    letters.append(letter_values(action, letter, now))
                    self._later[OCTETS].append({"letter": letter.name, "octets": letter.octets})
                case SetAlarm():
                    alarms.set(action)
                case ClearAlarms():
                    alarms.clear(action.ticket)
                case Passage():
                    self._later[PASSAGE].append(passage_values(action))
                case Record():
                    self._later[JOURNAL].append(journal_values(action))
                case Withdraw():
                    self._withdraw(action, now)
                case TakeUp():
                    values = {"mail_id": action.mail_id, "voucher": action.voucher}
                    if self._run.change(deciding.TAKE_UP, values):
                        self._run.change(deciding.FORGET_FILES, {"mail_id": action.mail_id})
                case AwaitQuestion():
                    kept = answers.of(self._run, action.message_id)
                    self.keep_setting(*answers.kept(action, kept))
                case PlaceAnswer():
                    self._run.change(deciding.PLACE_ANSWER, {"mail_id": action.mail_id})
                    self._run.change(deciding.FORGET_FILES, {"mail_id": action.mail_id})
                case NoteAbsence():
                    self._note_absence(action)
                case Amend():
                    self._keep_ticket(action.ticket)
        if messages:
            self._run.insert(MESSAGE, messages)
        if letters:
            self._hour.add(letters, now)
            self._run.insert(LETTER, letters)
        alarms.write(self._run, None if not new or not decision.ticket else decision.ticket.id)

    def _withdraw(self, action: Withdraw, now: datetime) -> None:
        for name in action.names:
            if self._run.change(deciding.WITHDRAW, {"letter_name": name, "now": now}) != 1:
                raise Conflict(f"Letter {name} is on its way already.")

    def _note_absence(self, action: NoteAbsence) -> None:
        self._run.change(deciding.FORGET_ABSENCE, {"who": action.person})
        if action.since is not None:
            self._run.insert(ABSENCE, ({"person": action.person, "since": action.since},))
        self._absent = None

    def _absentees(self) -> frozenset[int]:
        """Read once a unit, and again after a change of its own."""
        if self._absent is None:
            self._absent = look.absent(self._run)
        return self._absent

    def _next(self, now: datetime) -> tuple[int, str]:
        """What a new ticket would be called; the year is the office's own."""
        year = now.astimezone(self._zone).year
        if year not in self._serials:
            line = self._run.first(deciding.LAST_SERIAL, {"of_year": year})
            self._serials[year] = line[0] if line else 0
        serial = self._serials[year] + 1
        return year * _SERIALS_A_YEAR + serial, f"{self._prefix}-{year}-{serial:06d}"


def _orders(mail: ParsedMail, word: str) -> bool:
    return any(command.word == word for command in mail.commands)


def _proved(mail: ParsedMail) -> list[str]:
    """Message-IDs of which this mail shows that they have arrived; References do not, for they
    are copied from letter to letter."""
    reported = mail.bounce.original_message_id if mail.bounce else None
    returned = mail.message_id if mail.nature is Nature.OWN else None
    return [rfc_id for rfc_id in (*mail.in_reply_to, reported, returned) if rfc_id]

"""The clock: alarms that are due, letters that failed or are late, become decisions."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from maild.desk import aside
from maild.desk.decide import decide
from maild.model.action import Decision, SendLetter
from maild.model.event import AlarmRang, DayBegan, Event, MailsSetAside, OperatorSpoke, SendFailed
from maild.model.known import Known
from maild.model.ticket import Match
from maild.replies.letter import LetterText
from maild.replies.outbox import LATE
from maild.service.office import OfficeFiles
from maild.service.writer import Writer
from maild.store.desk import Unit
from maild.store.store import Store
from maild.store.values import LetterState, OutboxLetter

log = logging.getLogger(__name__)

BATCH = 100
_DIGEST = "digest"
_ASIDE = "tersisih"
_ASIDE_EVERY = timedelta(hours=1)
_FIRST_LOOK = timedelta(days=7)  # how far back where no digest was ever written


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter that would be sent, and how it reads."""

    letter: SendLetter
    text: LetterText


class _OnlyLooked(Exception):  # noqa: N818
    """Takes back the transaction in which something was only looked up."""


class Clock:
    """Turns what is due into decisions, each in its own commit."""

    def __init__(
        self,
        store: Store,
        office: Callable[[], OfficeFiles],
        writer: Writer,
        now: Callable[[], datetime],
        post: Callable[[datetime], int] = lambda _: 0,
    ) -> None:
        self._store = store
        self._office = office
        self._writer = writer
        self._now = now
        self._post = post
        self._digested: date | None = None

    def work(self) -> int:
        """Rings what is due, tells of what failed; gives how many decisions were made. In restore
        mode nothing rings: what is known of tickets is old."""
        if self._store.is_restoring():
            return 0
        now = self._now()
        made = 0
        for alarm in self._store.due_alarms(now, BATCH):
            with self._store.begin() as unit:
                if unit.take_alarm(alarm):
                    self._decide(unit, AlarmRang(now, alarm.ticket, alarm.kind, alarm.row))
                    made += 1
        for letter in (*self._store.failures(BATCH), *self._store.late(now - LATE, BATCH)):
            made += self._tell(letter, now)
        return made + self._set_aside(now) + self._digest(now) + self._post(now)

    def _digest(self, now: datetime) -> int:
        """Once a working day, from the office's hour on: what waits for each agent. An office that
        wants no digest is told, when it opens, of the mails that are no tickets alone. The day is
        noted in the same commit, so that a digest is neither lost nor sent twice."""
        book = self._office().book
        local = now.astimezone(book.office.zone)
        today, wanted = local.date(), book.assignment.digest_at
        if self._digested == today:
            return 0
        last = self._store.setting(_DIGEST)
        if not book.worktime.is_workday(today) or last == str(today):
            self._digested = today
            return 0
        opens, _ = book.worktime.spans_on(today)[0]
        at = wanted or opens.astimezone(book.office.zone).time()
        if local.time() < at:
            return 0
        # From that day's beginning: its digest may have been earlier than today's hour (other
        # service hours, another setting), and told twice is better than never.
        day = date.fromisoformat(last) if last else today - _FIRST_LOOK
        since = datetime.combine(day, time.min, book.office.zone)
        with self._store.begin() as unit:
            unit.keep_setting(_DIGEST, str(today))
            known = unit.known_office(since)
            self._write(unit, DayBegan(now), known if wanted else replace(known, open=()))
        self._digested = today
        return 1

    def _set_aside(self, now: datetime) -> int:
        """At once, and at most once an hour: mails that cannot be read here. The hour is noted in
        the same commit. The digest tells of them too, should one come while this is told."""
        last, hour_ago = self._store.setting(_ASIDE), now - _ASIDE_EVERY
        since = datetime.fromisoformat(last) if last else hour_ago
        if hour_ago < since <= now:
            return 0
        since = min(since, hour_ago)  # a clock that went wrong may have noted next year (F045)
        counts = aside.urgent(self._store.set_aside(since))
        if not counts:
            return 0
        with self._store.begin() as unit:
            if self._store.setting(_ASIDE) != last:  # another machine was quicker
                return 0
            unit.keep_setting(_ASIDE, now.isoformat())
            known = replace(unit.known_office(since), open=(), aside=counts)
            self._write(unit, MailsSetAside(now), known)
        return 1

    def speak(self, event: OperatorSpoke) -> tuple[Match, ...]:
        """Carries out an operator's word; gives why not, or nothing when it was done."""
        with self._store.begin() as unit:
            return self._decide(unit, event)

    def preview(self, event: OperatorSpoke) -> tuple[tuple[Match, ...], list[Preview]]:
        """What an operator's word would do: why not, or the letters that it would send. Nothing
        is kept."""
        office = self._office()
        decision = Decision(None, ())
        with suppress(_OnlyLooked), self._store.begin() as unit:
            decision = decide(event, unit.known_ticket(event.ticket, event.now), office.book)
            raise _OnlyLooked
        letters = [a for a in decision.actions if isinstance(a, SendLetter)]
        shown = [Preview(a, office.letters.render(a.template, a.words)) for a in letters]
        return () if decision.ticket else decision.reasons, shown

    def seconds_to_next(self, at_most: float) -> float:
        """How long until the next alarm."""
        next_at = self._store.next_alarm_at()
        if next_at is None or self._store.is_restoring():
            return at_most
        return min(at_most, max(0.0, (next_at - self._now()).total_seconds()))

    def _tell(self, letter: OutboxLetter, now: datetime) -> int:
        with self._store.begin() as unit:
            unit.told(letter.id)
            if letter.ticket is None:
                return 0
            event = SendFailed(
                now,
                letter.ticket,
                letter.template,
                letter.party,
                letter.recipient,
                letter.answer,
                late=letter.state is LetterState.RETRY,
            )
            self._decide(unit, event)
        return 1

    def _decide(self, unit: Unit, event: Event) -> tuple[Match, ...]:
        assert isinstance(event, AlarmRang | SendFailed | OperatorSpoke)
        known = unit.known_ticket(event.ticket, event.now)
        if not known.tickets:
            log.warning("ticket %d is gone", event.ticket)
            return (Match("tiket", "tidak ada"),)
        return self._write(unit, event, known)

    def _write(self, unit: Unit, event: Event, known: Known) -> tuple[Match, ...]:
        office = self._office()
        decision = decide(event, known, office.book)
        rendered = {
            index: self._writer.write(action, decision, office, event.now)
            for index, action in enumerate(decision.actions)
            if isinstance(action, SendLetter)
        }
        unit.commit_decision(decision, rendered, None, None, event.now)
        return () if decision.ticket else decision.reasons

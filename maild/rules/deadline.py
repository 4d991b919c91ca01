"""Deadlines: which of the times in a mail are cut-offs that the problem threatens.

A deadline is a time beside a word that ends something (tutup, batas, terakhir, paling lambat) or
beside a tender stage still to come. Office hours, past events and letter dates are none.
"""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import chain

from maild.model.worktime import WorkTime
from maild.rules.cutoffs import (
    ADMIN_WORDS,
    CUE,
    NOT_A_DEADLINE,
    OVER,
    STAGE_NEXT,
    STAGE_WORDS,
    TO_COME,
    TOLD,
)
from maild.rules.lasting import is_wished, masked
from maild.rules.times import Mention

_LONGEST_LOOK = 90
_LONGEST_SENTENCE = 1000


class DeadlineKind(StrEnum):
    """Whether a tender stage ends or a matter of administration; UNKNOWN where no word tells."""

    STAGE = "pemilihan"
    ADMINISTRATIVE = "administratif"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One cut-off. `at` is an instant in the office's zone; without `clock` it is the end of that
    day. `passed` means that it was over when the mail came. `start` and `end` are the characters
    of `evidence` in the text."""

    at: datetime
    clock: bool
    kind: DeadlineKind
    passed: bool
    evidence: str
    start: int = 0
    end: int = 0


_BREAK = re.compile(r"(?<!pkl)(?<!jl)(?<!no)(?<!s\.d)[.!?]+(?=\s|$)|\n+|;")


def find_deadlines(
    text: str, times: Sequence[Mention], received_at: datetime, worktime: WorkTime
) -> tuple[Deadline, ...]:
    """All cut-offs in a mail received at `received_at`, the earliest still to come first.

    `times` are those that the text names (see `mentions`). A time of day without a day means the
    day of receipt; hours 1 to 6 without "pagi" mean the afternoon. Zones named in the text (WIB,
    WITA, WIT) win over the office's own.
    """
    if not times:
        return ()
    received = received_at.astimezone(worktime.zone)
    low = masked(text.lower())
    found: dict[datetime, Deadline] = {}
    previous = ""
    waiting = deque(m for m in times if not is_wished(low, m))
    told: date | None = None  # the past day that the text speaks of
    for start, end in _sentences(low):
        sentence = low[start:end]
        here: list[Mention] = []
        while waiting and waiting[0].start < end:
            m = waiting.popleft()
            here.append(replace(m, start=m.start - start, end=m.end - start))
        own_day = any(m.day or m.at for m in here)
        if told and not own_day and TOLD.search(sentence) and not TO_COME.search(sentence):
            here = [replace(m, day=told, since=True) for m in here]
        told = next((m.day for m in reversed(here) if m.day), told)
        if told and told >= received.date():
            told = None
        for found_here in _in_sentence(sentence, here, previous, received, worktime):
            deadline = replace(
                found_here, start=found_here.start + start, end=found_here.end + start
            )
            known = found.get(deadline.at)
            if known is None or (known.kind is DeadlineKind.UNKNOWN and deadline.kind):
                found[deadline.at] = deadline
        previous = sentence
    return tuple(sorted(found.values(), key=lambda d: (d.passed, d.at)))


def _sentences(text: str) -> Iterable[tuple[int, int]]:
    start = 0
    for stop in chain((m.span() for m in _BREAK.finditer(text)), [(len(text), len(text))]):
        for begin in range(start, stop[0], _LONGEST_SENTENCE):
            yield begin, min(begin + _LONGEST_SENTENCE, stop[0])
        start = stop[1]


def _in_sentence(
    sentence: str,
    times: Sequence[Mention],
    previous: str,
    received: datetime,
    worktime: WorkTime,
) -> list[Deadline]:
    if not times or NOT_A_DEADLINE.search(sentence):
        return []
    cues = [m.span() for m in CUE.finditer(sentence)]
    weak = [] if cues else [m.span() for m in STAGE_NEXT.finditer(sentence)]
    if not cues and not weak:
        return []
    kind = _kind(sentence) or _kind(previous)
    result: list[Deadline] = []
    for group in _grouped(times):
        near = min(cues or weak, key=lambda c: _distance(c, group))
        if _distance(near, group) > _LONGEST_LOOK:
            continue
        deadline = _deadline(group, near, sentence, kind, received, worktime)
        if deadline is None or (
            weak and (deadline.passed or not deadline.clock) and _today(deadline, received)
        ):
            continue
        if weak and deadline.passed:
            continue
        result.append(deadline)
    return result


def _today(deadline: Deadline, received: datetime) -> bool:
    return deadline.at.date() == received.date()


def _kind(sentence: str) -> DeadlineKind:
    stage = len(set(STAGE_WORDS.findall(sentence)))
    admin = len(set(ADMIN_WORDS.findall(sentence)))
    if admin > stage or (
        admin == stage and admin and not re.search(r"penawaran|sanggah", sentence)
    ):
        return DeadlineKind.ADMINISTRATIVE
    return DeadlineKind.STAGE if stage else DeadlineKind.UNKNOWN


def _grouped(times: Sequence[Mention]) -> list[list[Mention]]:
    """Day and clock that belong together: at most a few words between, nothing said twice."""
    groups: list[list[Mention]] = []
    for mention in times:
        if groups:
            last = groups[-1]
            close = mention.start - last[-1].end <= 45
            new = (mention.day is None or all(m.day is None for m in last)) and (
                mention.clock is None or all(m.clock is None for m in last)
            )
            same = (
                mention.day is not None
                and mention.clock is None
                and mention.day in {m.day for m in last}
            )
            if (
                close
                and mention.at is None
                and last[-1].at is None
                and (new or same)
                and not (mention.since != last[-1].since and mention.day and last[-1].day)
            ):
                last.append(mention)
                continue
        groups.append([mention])
    days = [m.day for g in groups for m in g if m.day]
    for group in groups:
        if all(m.day is None and m.at is None for m in group) and len(set(days)) == 1:
            extra = next(m for g in groups for m in g if m.day)
            group.append(Mention(group[0].start, group[0].end, day=extra.day, part=extra.part,
                                 since=extra.since and extra.day is not None))  # fmt: skip
    return groups


def _distance(cue: tuple[int, int], group: list[Mention]) -> int:
    return min(max(m.start - cue[1], cue[0] - m.end, 0) for m in group)


def _deadline(
    group: list[Mention],
    cue: tuple[int, int],
    sentence: str,
    kind: DeadlineKind,
    received: datetime,
    worktime: WorkTime,
) -> Deadline | None:
    left = min([cue[0], *(m.start for m in group)])
    right = max([cue[1], *(m.end for m in group)])
    evidence = " ".join(sentence[left:right].split())[:120]
    fixed = next((m.at for m in group if m.at), None)
    if fixed:
        return Deadline(fixed, True, kind or DeadlineKind.STAGE, False, evidence, left, right)
    clock = next((m for m in group if m.clock), None)
    named = next((m for m in group if m.day), None)
    if clock is not None and clock.since and not _ends_after(cue, clock):
        return None
    if clock is None and named is not None and named.since and named.day == received.date():
        return None  # "tadi", "dari hari ini": when it began
    day = named.day if named and named.day else received.date()
    over = bool(OVER.search(sentence)) or (named is not None and named.since)
    if clock is None or clock.clock is None:
        part = next((m.part for m in group if m.part), "") or _part_after(
            sentence, named.end if named else right
        )
        at = datetime.combine(day, _end_of(part, day, kind, worktime), worktime.zone)
        passed = at.date() < received.date() or (over and at.date() <= received.date())
        return Deadline(at, False, kind, passed, evidence, left, right)
    at = datetime.combine(day, clock.clock, clock.zone or worktime.zone).astimezone(worktime.zone)
    later = any(m.part in ("siang", "sore", "malam") for m in group)
    evening = not clock.part and any(m.part in ("sore", "petang", "malam", "mlm") for m in group)
    if (at <= received and later and at.hour < 12) or (evening and 3 < at.hour < 12):
        at += timedelta(hours=12)
    passed = at <= received
    return Deadline(at, True, kind, passed, evidence, left, right)


def _ends_after(cue: tuple[int, int], clock: Mention) -> bool:
    return 0 <= cue[0] - clock.end <= 4


def _part_after(sentence: str, position: int) -> str:
    found = re.match(r"\s*(pagi|siang|sore|malam)", sentence[position : position + 12])
    return found[1] if found else ""


def _end_of(part: str, day: date, kind: DeadlineKind, worktime: WorkTime) -> time:
    """When a day named without a clock time ends: its named part, office closing, or midnight."""
    if part:
        return {"pagi": time(10), "siang": time(14), "sore": time(17), "petang": time(17)}.get(
            part, time(23, 59)
        )
    spans = worktime.spans_on(day)
    if kind is DeadlineKind.ADMINISTRATIVE and spans:
        return spans[-1][1].astimezone(worktime.zone).time()
    return time(23, 59)

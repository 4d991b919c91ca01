"""When it happened: which of the times that a mail names is that, and in which words."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from maild.rules.deadline import Deadline
from maild.rules.pattern import Pattern
from maild.rules.times import Mention, mentions

_BEGINNING = re.compile(
    r"(?:\b(?:sejak|semenjak|dari|dr|mulai|sekitar|sekira|kira-kira|pada|hari|tanggal|tgl)\s+){1,3}$"
)
_PART = re.compile(
    r"(?i)(?:\s(?:pagi|siang|sore|petang|malam|subuh|ini|tadi|lalu|wib|wita|wit)\b){0,3}"
)
# Words that name the time of what happened, also beside a deadline; and that name a plan.
_HAPPENED = re.compile(
    r"\b(?:kejadian(?:nya)?|(?:per)?coba(?:an)?|mencoba|dicoba|terjadi(?:nya)?)[ :]{1,3}"
    r"(?:terakhir[ :]{1,3})?"
    r"(?:(?:pada|hari|tanggal|tgl|sekitar|ini|tadi|pagi|siang|sore|di|saat)[ :]{1,3}){0,3}$"
)
_PLANNED = re.compile(r"\b(?:se)?harusnya\W{1,3}(?:\w+\W{1,3}){0,2}$")
_TOGETHER = 14  # characters at most between a day and its clock time


def when(
    subject: str,
    text: str,
    received: datetime,
    times: Sequence[Mention],
    deadlines: Iterable[Deadline],
) -> str:
    """The writer's words for a time that has been, beside no deadline, or for how long it lasts;
    "" where there are none. `times` and `deadlines` stand at their places in `text`."""
    in_subject = mentions(subject.lower(), received)
    limits = tuple(deadlines)
    for found, body in ((times, text), (in_subject, subject)):
        for number, m in enumerate(found):
            before = body[max(0, m.start - 40) : m.start].lower()
            ahead = m.day is not None and m.day > received.date()
            if _HAPPENED.search(before) and not ahead:
                return _moment(body, found[number:])
            if _PLANNED.search(before):
                continue
            in_deadline = found is times and any(d.start <= m.start < d.end for d in limits)
            if (m.since and not ahead) or not (ahead or in_deadline or m.at):
                return _moment(body, found[number:])
    lasting = _LASTING.search(text)
    return lasting.group() if lasting else ""


_SPAN = (
    r"(?:\d{1,2}|se|satu|dua|tiga|empat|lima|enam|tujuh|sepuluh|beberapa|setengah)[ -]?"
    r"(?:hari|minggu|jam|menit|bulan)(?:an)?"
)
_LASTING = Pattern(
    rf"(?i)\b(?:sudah|sdh|udah|udh|selama|sejak|dari|hampir)\s(?:hampir\s|sekitar\s|lebih dari\s)?"
    rf"{_SPAN}\b|\b{_SPAN}\s(?:ini|terakhir|belakangan|yang lalu|yg lalu|lalu)\b"
)


def _moment(body: str, times: Sequence[Mention]) -> str:
    """The words for one moment: those that lead to it, and a day and a clock that follow."""
    start, end = times[0].start, times[0].end
    if lead := _BEGINNING.search(body[max(0, start - 30) : start].lower()):
        start -= len(lead[0])
    for further in times[1:3]:
        between = body[end : further.start]
        if len(between) > _TOGETHER or "\n" in between or ". " in between:
            break
        end = further.end
    part = _PART.match(body, end)
    return body[start : part.end() if part else end]

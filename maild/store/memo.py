"""A decision as a text that can be written into the tickets again, for the copies in the mailbox.

It holds the rows that the decision has written, but for the letters' octets, which are the copy
itself, and the mail's raw bytes, which are on the server. One JSON object.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pydantic_core import to_json
from sqlalchemy import bindparam, select

from maild.model.action import (
    AddMessage,
    Amend,
    ClearAlarms,
    Decision,
    NoteAbsence,
    Passage,
    Record,
    SendLetter,
    SetAlarm,
    Withdraw,
)
from maild.model.mail import ParsedMail
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
from maild.store.tables import MAIL
from maild.store.values import RenderedLetter

LONGEST_TEXT: Final = 20_000  # characters of a message that go into a header

# What a letter's row says of its way out is told by its copy.
_OF_A_LETTER: Final = (
    *("name", "ticket", "serial", "template", "party", "person", "recipient", "sender"),
    *("message_id", "automatic", "created_at"),
)


_SHA256 = select(MAIL.c.sha256).where(MAIL.c.id == bindparam("mail_id"))


class Notes:
    """What a unit of the desk notes until its next decision: alarms that rang, by ticket and
    kind, and facts of the service's own."""

    def __init__(self, run: Runner) -> None:
        self._run = run
        self.rung: list[tuple[int, str]] = []
        self.settings: dict[str, str] = {}

    def rows(
        self,
        decision: Decision,
        rendered: Mapping[int, RenderedLetter],
        mail_id: int | None,
        parsed: ParsedMail | None,
        now: datetime,
    ) -> list[Values]:
        """The rows that wait to be copied: one a letter, or one without; none when nothing that
        anybody would miss was decided."""
        line = self._run.first(_SHA256, {"mail_id": mail_id}) if mail_id else None
        mail = None if line is None else _mail(decision, line[0], parsed)
        own = {"mail": mail, "rung": list(self.rung), "settings": dict(self.settings)}
        self.rung.clear()
        self.settings.clear()
        return _rows(decision, rendered, mail_id, own, now)


def _rows(
    decision: Decision,
    rendered: Mapping[int, RenderedLetter],
    mail_id: int | None,
    own: Values,
    now: datetime,
) -> list[Values]:
    letters = [
        letter_values(action, rendered[nth], now)
        for nth, action in enumerate(decision.actions)
        if isinstance(action, SendLetter)
    ]
    if decision.ticket is None and not letters:
        return []
    told = _told(decision, mail_id, now) | own
    told["letters"] = [{name: letter[name] for name in _OF_A_LETTER} for letter in letters]
    text = written(told)
    return [{"letter": letter["name"], "text": text} for letter in letters] or [
        {"letter": "", "text": text}
    ]


def written(told: Mapping[str, Any]) -> str:
    """A memo as its text; instants in UTC."""
    return to_json(told).decode()


def _told(decision: Decision, mail_id: int | None, now: datetime) -> Values:
    """What the actions say, by table. Alarms are those that are left set in the end."""
    messages: list[Values] = []
    passages: list[Values] = []
    journal: list[Values] = []
    also: list[Values] = []
    withdrawn: list[str] = []
    absent: list[tuple[int, datetime | None]] = []
    cleared: set[int] = set()
    alarms: dict[tuple[int, str], Values] = {}
    for action in decision.actions:
        match action:
            case AddMessage():
                values = message_values(action)
                values["text"] = values["text"][:LONGEST_TEXT]
                values["mail"] = mail_id is not None and values["mail"] == mail_id
                messages.append(values)
            case Passage():
                passages.append(passage_values(action))
            case Record():
                journal.append(journal_values(action))
            case Amend():
                also.append(ticket_values(action.ticket))
            case NoteAbsence():
                absent.append((action.person, action.since))
            case Withdraw():
                withdrawn.extend(action.names)
            case ClearAlarms():
                cleared.add(action.ticket)
                alarms = {k: v for k, v in alarms.items() if k[0] != action.ticket}
            case SetAlarm():
                alarms[action.ticket, action.kind.value] = {
                    "ticket": action.ticket,
                    "kind": action.kind.value,
                    "at": action.at,
                    "row": action.row,
                }
            case _:
                pass
    return {
        "at": now,
        "ticket": None if decision.ticket is None else ticket_values(decision.ticket),
        "also": also,
        "messages": messages,
        "passages": passages,
        "journal": journal,
        "withdrawn": withdrawn,
        "absent": absent,
        "cleared": sorted(cleared),
        "alarms": list(alarms.values()),
    }


def _mail(decision: Decision, sha256: str, parsed: ParsedMail | None) -> Values:
    return {
        "sha256": sha256,
        "state": decision.outcome.value if decision.outcome else "",
        "note": storable(decision.note),
        "message_id": key(parsed.message_id) if parsed and parsed.message_id else None,
        "content_hash": parsed.content_hash if parsed else None,
        "files": [attachment_values(0, file) for file in parsed.attachments] if parsed else [],
    }

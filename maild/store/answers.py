"""Which mails of the Sent folder answer a mail that comes to the desk after them.

A person may answer before maild has read the question. Such an answer is remembered under the
Message-ID of what it answers, among the small facts that the service keeps for itself.
"""

from typing import Final

from sqlalchemy import bindparam, select

from maild.model.action import AwaitQuestion
from maild.store.rows import key
from maild.store.runner import Runner
from maild.store.tables import LETTER, SETTING

_OURS = select(LETTER.c.id).where(LETTER.c.message_id == bindparam("message_id")).limit(1)
_VALUE = select(SETTING.c.value).where(SETTING.c.key == bindparam("of_key"))
_NAME: Final = "answers to"


def is_ours(run: Runner, message_id: str) -> bool:
    """Whether a letter of our outbox has this Message-ID."""
    return run.first(_OURS, {"message_id": key(message_id)}) is not None


def of(run: Runner, message_id: str) -> tuple[int, ...]:
    """The answers to this mail that stood in the Sent folder before it was decided."""
    line = run.first(_VALUE, {"of_key": _key(message_id)})
    return tuple(int(number) for number in line[0].split()) if line else ()


def kept(answer: AwaitQuestion, others: tuple[int, ...]) -> tuple[str, str]:
    """Under which name it is kept, beside `others`, and what."""
    numbers = dict.fromkeys((*others, answer.mail_id))
    return _key(answer.message_id), " ".join(map(str, numbers))


def _key(message_id: str) -> str:
    return f"{_NAME} {key(message_id)}"

"""Two recaps beside each other, row by row."""

from collections.abc import Iterator
from datetime import UTC, datetime

from maild.model.entry import Entry
from maild.store.register import Register

_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


def differences(old: Register, new: Register) -> Iterator[str]:
    """A line for each ticket that only one of them has, or that reads otherwise: its number and
    the columns, never what stands in them."""
    before = {entry.number: entry for entry in old.entries(_FIRST, _LAST)}
    after = {entry.number: entry for entry in new.entries(_FIRST, _LAST)}
    for number in sorted(before.keys() | after.keys()):
        if number not in after:
            yield f"{number}: not in the mailbox"
        elif number not in before:
            yield f"{number}: in the mailbox only"
        elif before[number] != after[number]:
            pairs = zip(Entry._fields, before[number], after[number], strict=True)
            yield f"{number}: {', '.join(name for name, was, is_ in pairs if was != is_)} differ"

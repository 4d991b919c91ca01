"""Section 3 of the reliability research: all 130 rows through the whole service.

Each function of the rows' files is one row, named by its number; what every row promises stands
in `badoffice`. One zone of machine and office by default, MAILD_ZONES=3 plays all of them. On
PostgreSQL the rows about what a database takes are played by default, with MAILD_ZONES all.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator
from importlib import import_module

import pytest

from kit.database import POSTGRES
from kit.quick import Place

FILES = (
    "mime_rows",
    "charset_rows",
    "header_rows",
    "address_rows",
    "thread_rows",
    "client_rows",
    "file_rows",
    "html_rows",
    "flood_rows",
    "loop_rows",
    "bounce_rows",
    "spoof_rows",
    "inject_rows",
)
pytest.register_assert_rewrite("badoffice", "letterhead", *FILES)

from badoffice import ZONES, BadOffice, Zone  # noqa: E402  # its asserts are to speak

Row = Callable[[BadOffice], None]
WANTED = os.environ.get("MAILD_ZONES")
STORED = tuple(
    f"B{number:03}"
    for number in (21, 25, 31, 33, 38, 45, 52, 60, 65, 94, 116, 121, 123, 124, 125, 126)
)


def _rows() -> dict[str, Row]:
    found: dict[str, Row] = {}
    for file in FILES:
        for name, row in vars(import_module(file)).items():
            if name[0] == "b" and name[1:4].isdigit():
                assert name[:4].upper() not in found
                found[name[:4].upper()] = row
    return found


ROWS = _rows()


def test_all_rows_are_there() -> None:
    assert sorted(ROWS) == [f"B{number:03}" for number in range(1, 131)]


@pytest.fixture(params=ZONES[: int(WANTED or 1)], ids=lambda zone: zone.machine)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Zone]:
    """The machine's time zone is this one while a row is played."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param.machine)
        time.tzset()
        yield request.param
    time.tzset()


@pytest.mark.parametrize("number", STORED if POSTGRES and not WANTED else sorted(ROWS))
def test_a_row(
    number: str,
    zone: Zone,
    place: Place,
    caplog: pytest.LogCaptureFixture,
    record_property: Callable[[str, object], None],
) -> None:
    caplog.set_level(logging.DEBUG, "maild")
    row = ROWS[number]
    office = BadOffice(place, zone, **getattr(row, "otherwise", {}))
    try:
        row(office)
        office.log = caplog.records
        office.ends()
        record_property("mails", len(office.came))
        record_property("letters", len(office.world.arrived))
    finally:
        office.close()

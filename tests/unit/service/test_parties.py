"""`[[parties]]`: the other offices of config.toml, with their faults told at once."""

from datetime import date

import pytest

from maild.model.party import HELPDESK_LKPP, Route
from maild.model.people import HELPDESK, LKPP, Person
from maild.model.ticket import Priority
from maild.service.keys import PartyKeys
from maild.service.parties import parties_of

SARI = Person("sari", 1, "Sari", "sari@contoh.go.id", HELPDESK)
DESK = Person("lkpp", 2, "Helpdesk LKPP", "helpdesk@lkpp.example", LKPP)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def read(*written: dict, people=(SARI, DESK)):
    faults: list[tuple[str, ...]] = []
    keys = [PartyKeys.model_validate(one) for one in written]
    found = parties_of(keys, people, frozenset(), lambda *fault: faults.append(fault))
    return found, faults


def test_without_an_entry_lkpp_has_the_defaults():
    found, faults = read(people=(SARI,))
    assert (found, faults) == ({LKPP: HELPDESK_LKPP}, [])


def test_targets_are_by_priority_and_hours_its_own():
    hours = {"zone": "WIT", **{day: ["08:00-16:00"] for day in DAYS}}
    targets = ["1 jam", "2 jam", "1 hari kerja", "2 hari kerja"]
    entry = {"id": "lkpp", "name": "LKPP", "targets": targets, "hours": hours}
    found, faults = read(entry)
    assert faults == []
    assert str(found["lkpp"].targets[Priority.HIGH]) == "2 jam kerja"
    worktime = found["lkpp"].worktime
    assert worktime is not None
    assert worktime.zone.key == "Asia/Jayapura"
    assert worktime.is_workday(date(2026, 2, 2))


def test_a_portal_needs_no_address_but_mail_does():
    portal = {"id": "inaproc", "name": "INAPROC", "way": "portal"}
    found, faults = read(portal)
    assert found["inaproc"].way is Route.PORTAL
    assert faults == []
    _, faults = read({**portal, "way": "mail"})
    assert [fault[1] for fault in faults] == ["tidak ada alamat surel yang aktif"]


@pytest.mark.parametrize(
    "change",
    [
        {"targets": ["1 jam"]},
        {"targets": ["cepat", "1 jam", "1 jam", "1 jam"]},
        {"numbers": ["INC-"]},
        {"way": "fax"},
        {"original": "raw"},
    ],
)
def test_a_key_that_cannot_be_is_refused(change):
    with pytest.raises(ValueError, match="validation error"):
        read({"id": "lkpp", "name": "LKPP", **change})


@pytest.mark.parametrize("name", ["helpdesk", "pengguna", "lkpp"])
def test_no_name_is_given_twice_or_is_ours(name):
    entry = {"id": name, "name": "X"}
    _, faults = read(entry, entry, people=(SARI, DESK, Person("x", 9, "X", "x@x.example", name)))
    assert "nama ini sudah dipakai" in [fault[1] for fault in faults]

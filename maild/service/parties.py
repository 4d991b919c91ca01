"""The other offices of config.toml (`[[parties]]`) as values, with what is wrong about them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from maild.model.party import HELPDESK_LKPP, Party, Route
from maild.model.people import HELPDESK, LKPP, MAILD, USER, Person
from maild.model.ticket import Priority
from maild.model.worktime import WorkTime
from maild.service.keys import PartyHoursKeys, PartyKeys

ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
_OURS = (USER, HELPDESK, MAILD)


def parties_of(
    written: Iterable[PartyKeys],
    people: Iterable[Person],
    holidays: frozenset[date],
    complain: Callable[[str, str, str], None],
) -> Mapping[str, Party]:
    """Every other office by id: those of `[[parties]]`, and with the defaults those for which
    only people are listed. `complain` takes key, problem and remedy."""
    people = tuple(people)
    found: dict[str, Party] = {}
    for nth, keys in enumerate(written, 1):
        place = f"parties ke-{nth}"
        if keys.id in _OURS or keys.id in found:
            complain(f"{place}, id", "nama ini sudah dipakai", "Beri setiap pihak id yang berbeda")
        addressed = any(p.party == keys.id and p.active for p in people)
        if keys.way is Route.MAIL and not addressed:
            remedy = f'Tambahkan [[people]] dengan party = "{keys.id}", atau tulis way = "portal"'
            complain(f"{place}, way", "tidak ada alamat surel yang aktif", remedy)
        same = PartyKeys.model_fields.keys() - {"hours", "targets"}
        found[keys.id] = Party(
            **{name: getattr(keys, name) for name in same},
            targets=dict(zip(Priority, keys.targets, strict=True)),
            worktime=_worktime(keys.hours, holidays, place, complain) if keys.hours else None,
        )
    for person in people:
        if person.party not in _OURS:
            found.setdefault(person.party, Party(person.party, person.name))
    found.setdefault(LKPP, HELPDESK_LKPP)
    return found


def _worktime(
    keys: PartyHoursKeys,
    holidays: frozenset[date],
    place: str,
    complain: Callable[[str, str, str], None],
) -> WorkTime | None:
    """The other office's own hours, with the holidays of all."""
    zone = ZONES.get(keys.zone.upper())
    if zone is None:
        complain(f"{place}, hours.zone", "zona waktu tidak dikenal", "Pilih WIB, WITA atau WIT")
        return None
    try:
        return WorkTime(ZoneInfo(zone), keys.by_weekday(), holidays, {}, None)
    except ValueError as error:
        complain(f"{place}, hours", str(error), 'Tulis misalnya monday = ["08:00-16:00"]')
        return None

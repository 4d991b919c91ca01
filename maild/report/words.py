"""How figures are written for people: Indonesian numbers, working time, and what words mean."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from maild.model.people import HELPDESK, LKPP, USER
from maild.model.ticket import Priority
from maild.report.figures import Spread

PARTIES: Final[Mapping[str, str]] = {
    USER: "Pengguna",
    HELPDESK: "Helpdesk LPSE",
    LKPP: "Helpdesk LKPP",
}
ROLES: Final[Mapping[str, str]] = {
    "penyedia": "Penyedia",
    "ppk": "PPK",
    "pokja": "Pokja Pemilihan",
    "pejabat_pengadaan": "Pejabat Pengadaan",
    "pa_kpa": "PA/KPA",
    "admin_agency": "Admin Agency",
    "auditor": "Auditor",
    "umum": "Masyarakat umum",
    "tidak_diketahui": "Tidak diketahui",
}
_SHORT: Final = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "Mei",
    "Jun",
    "Jul",
    "Agu",
    "Sep",
    "Okt",
    "Nov",
    "Des",
]


def short_month(day: date) -> str:
    """`Feb 26`; the year only where it begins would be less clear on a small screen."""
    return f"{_SHORT[day.month - 1]}\n{day:%y}"


def priority(name: str) -> str:
    """`2 (tinggi)`."""
    return f"{Priority(name).level} ({name})"


def number(value: int) -> str:
    """`1.234`."""
    return f"{value:,}".replace(",", ".")


def percent(part: int, whole: int) -> str:
    """`83 %`; a dash where there is nothing to compare with."""
    return f"{round(100 * part / whole)} %" if whole else "–"


def change(now: int, before: int) -> str:
    """`+3` or `−2`; `=` where nothing has changed."""
    if now == before:
        return "="
    return f"+{number(now - before)}" if now > before else f"−{number(before - now)}"


def working(minutes: int, day: int) -> str:
    """`2 hari 3 jam`, `45 menit`; `day` is how many minutes a working day has."""
    days, rest = divmod(minutes, day)
    hours, left = divmod(rest, 60)
    parts = ((days, "hari"), (hours, "jam"), (0 if days else left, "menit"))
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount) or "0 menit"


def spread(of: Spread, day: int) -> tuple[str, str]:
    """Median and 90 %; dashes where nothing was measured."""
    return (working(of.median, day), working(of.ninety, day)) if of.count else ("–", "–")

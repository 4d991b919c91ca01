"""The office that the tests play in: the shipped files, with more people.

Sari and Budi answer mails, Joko has left; LKPP, Admin PPE and INAPROC are other offices. Siti is
a requester, Tono a stranger. They mean the same in all tests.
"""

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from unittest.mock import patch

from maild.desk.book import Book
from maild.model.mail import Address
from maild.model.party import Original, Party, Route
from maild.model.people import HELPDESK, LKPP, Directory, Person
from maild.replies.letter import Letters
from maild.service.load import load
from maild.service.office import OfficeFiles, read_office

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 2, 2)
MONDAY = datetime(2026, 2, 2, 2, 0, tzinfo=UTC)  # 09.00 WIB, a working hour

SARI = Person("sari", 1, "Sari Wulandari", "sari@contoh.go.id", HELPDESK)
BUDI = Person("budi", 3, "Budi Santoso", "budi@contoh.go.id", HELPDESK)
JOKO = Person("joko", 4, "Joko Susilo", "joko@contoh.go.id", HELPDESK, active=False)
PARTNER = Person(
    "lkpp", 2, "Helpdesk LKPP", "helpdesk@lkpp.example", LKPP, domains=("lkpp.example",)
)
ADMIN = Person("ppe", 5, "Admin PPE", "admin@ppe.example", "ppe")
OTHERS = {
    "ppe": Party("ppe", "Admin PPE", needs=(), original=Original.INLINE),
    "inaproc": Party(
        "inaproc", "Pusat Bantuan INAPROC", Route.PORTAL, ("inaproc.example",), portal="bantuan"
    ),
}
MAILBOX = "helpdesk@lpse.contoh.go.id"
SITI = Address("Siti Aminah", "siti@majujaya.example")
TONO = Address("Tono", "tono@asing.example")


@cache
def office() -> OfficeFiles:
    """The files of the repository, read once."""
    with patch.dict(os.environ, {"MAILD_MAILBOX__PASSWORD": "rahasia-uji"}):
        settings, faults = load(ROOT / "config.toml", TODAY)
    assert settings, faults
    files, faults = read_office(settings)
    assert files, faults
    people = (SARI, BUDI, JOKO, PARTNER, ADMIN)
    directory = Directory(people, settings.directory.own_addresses)
    parties = {**files.book.parties, **OTHERS}
    return replace(files, book=replace(files.book, directory=directory, parties=parties))


def book() -> Book:
    """The office's book."""
    return office().book


def letters() -> Letters:
    """The office's letters."""
    return office().letters

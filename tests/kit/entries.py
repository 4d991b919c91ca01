"""Tickets as the recap sees them."""

from datetime import date

from maild.model.entry import Entry

OPEN = Entry(
    number="LPSE-2026-000001",
    name="Budi",
    address="budi@penyedia.example",
    problem="Gagal unggah",
    solution="",
    kind="pengaduan",
    priority="rendah",
    state="diproses",
    outside_number="",
    linked="",
    merged=0,
    remarks="",
    received_on=date(2026, 1, 5),
    finished_on=None,
    escalated_on=None,
)

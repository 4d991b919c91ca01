"""The report as a page: one file, without network, the same for the same figures."""

import re
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from kit.office import book
from maild.report.blocks import Block, Drawings, Report, monthly
from maild.report.figures import Figures, Month, RowTime, Share, Spread
from maild.report.page import page

HOSTILE = '<script>alert(1)</script>"&'
MONTHS = tuple(Month(date(2025 + (n // 12), n % 12 + 1, 1), 10 + n, 8 + n, n) for n in range(13))
FOUND = Figures(
    days=(date(2026, 1, 1), date(2026, 1, 31)),
    months=MONTHS,
    here=9,
    outside=3,
    reopened=1,
    unanswered=2,
    categories=(Share("server_down", 7, 3), Share(HOSTILE, 2, 0)),
    kinds=(Share("pengaduan", 9, 4),),
    priorities=(Share("tinggi", 9, 4),),
    roles=(Share("pokja", 9, 4),),
    first_answer=Spread(12, 90, 900),
    solution=Spread(12, 450, 1350),
    rows=(RowTime("2", "Menerima e-mail", "maild", "5 menit kerja", Spread(12, 2, 4), 11),),
    with_party=MappingProxyType({"helpdesk": 4500, "lkpp": 900}),
    ratings=MappingProxyType({4: 3, 2: 1}),
)


def shown(found: Figures = FOUND, drawings: Drawings | None = None) -> Report:
    drawn = drawings or Drawings("<svg></svg>", "<svg></svg>", "<svg></svg>")
    return monthly(book().office, found, drawn, {"server_down": "SPSE mati"}, 450)


def test_every_part_of_the_report_is_there() -> None:
    text = page(shown())
    for part in (
        *("Januari 2026", "Diterima", "Selesai", "Terbuka di akhir bulan", "setahun lalu"),
        *("Lama penanganan", "Di mana diselesaikan", "Sepuluh permasalahan terbanyak", "Jenis"),
        *("Prioritas", "Kategori", "Peran pengguna", "waktu baku SOP", "Hari kerja pada setiap"),
        *("Kepuasan", "SPSE mati", "Pokja Pemilihan", "75 %", "+1 dari bulan lalu"),
    ):
        assert part.lower() in text.lower(), part


def test_nothing_is_fetched_and_nothing_runs() -> None:
    text = page(shown())
    assert not re.search(r"<(script|link|img|iframe)|@import|url\(|(src|href)=", text)
    assert "&lt;script&gt;" in text


def test_it_says_that_it_fits_small_screens_and_paper() -> None:
    text = page(shown())
    assert 'name="viewport"' in text
    assert "@media print" in text
    assert '<html lang="id">' in text


def test_a_month_without_ratings_says_so() -> None:
    empty = page(Report(book().office, "x", "y", (), (Block("K", when_empty="Belum ada"),)))
    assert "Belum ada" in empty


def test_the_charts_are_letters_and_lines_without_network_and_always_the_same() -> None:
    pytest.importorskip("matplotlib")
    from maild.report import chart

    def drawn() -> Drawings:
        return Drawings(
            by_month=chart.by_month(MONTHS, ["Jan\n26"] * 13),
            by_category=chart.by_share(FOUND.categories),
            by_party=chart.by_party({"Helpdesk LPSE": 10.0, "Helpdesk LKPP": 2.0}),
        )

    text = page(shown(drawings=drawn()))
    assert text == page(shown(drawings=drawn()))
    assert text.count("<svg") == 3
    assert ">Diterima<" in text
    assert "<script>" not in text
    references = set(re.findall(r'(?:xlink:)?href="([^"]*)"', text))
    assert all(reference.startswith("#") for reference in references)


def test_the_pdf_is_the_same_for_the_same_report() -> None:
    pytest.importorskip("typst")
    from maild.report import pdf

    octets = pdf.pages(shown(), FOUND.days)
    assert octets.startswith(b"%PDF")
    assert octets == pdf.pages(shown(), FOUND.days)


def test_where_there_is_nothing_to_draw_the_page_says_so() -> None:
    pytest.importorskip("matplotlib")
    from maild.report import chart

    nothing = Drawings("<svg></svg>", chart.by_share(()), chart.by_party({"Pengguna": 0.0}))
    text = page(shown(drawings=nothing))
    assert text.count("<svg") == 1
    for title in ("Sepuluh permasalahan terbanyak", "Hari kerja pada setiap pihak"):
        assert f'<h2>{title}</h2><p class="soft">Tidak ada.</p>' in text


def test_what_has_not_changed_is_said_in_words() -> None:
    still = tuple(Month(month.first, 5, 5, 1) for month in MONTHS)
    text = page(shown(replace(FOUND, months=still)))
    assert "sama dengan bulan lalu (5)" in text
    assert "sama dengan bulan ini" in text
    assert "= dari bulan lalu" not in text

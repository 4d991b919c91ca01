"""What a long number is: a code of a package or of a plan, or something else."""

import pytest

from maild.rules.numbers import nips, npwps, package_codes, rup_codes, telephones


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("tender 10096653000", ["10096653000"]),
        ("paket 4999565 dan 46713127", ["4999565", "46713127"]),
        ("kode tender 100 9665 3000", ["10096653000"]),
        ("kode tender 10.096.653.000", ["10096653000"]),
        ("kode paket 4 999 565", ["4999565"]),
        ("Tender: 24072011", ["24072011"]),
        ("https://spse.inaproc.id/kota/lelang/10096653000/pengumumanlelang", ["10096653000"]),
        ("paket e-purchasing EP-01KABC7D2", ["EP-01KABC7D2"]),
        ("NPWP 01.234.567.8-912.000", []),
        ("NIP 198806152012121003", []),
        ("HP 0812-0000-1101 atau 081200001101", []),
        ("telepon (021) 345 6789, +62 812 3456 7890", []),
        ("NIK 3201010101010001", []),
        ("NIB 8120001234567", []),
        ("Nomor: 10096653/LPSE/2026", []),
        ("nomor surat 1009665", []),
        ("tanggal 20260310", []),
        ("nilai HPS Rp 12.500.000", []),
        ("rekening 00112233445", []),
        ("RUP 53412876", []),
    ],
)
def test_codes_of_packages(text: str, codes: list[str]) -> None:
    assert [found.value for found in package_codes(text)] == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("kode RUP 53412876", ["53412876"]),
        ("ID SiRUP: 53412876", ["53412876"]),
        ("rup paket kami 53.412.876 belum muncul", ["53412876"]),
        ("53412876 (kode RUP) belum muncul", ["53412876"]),
        ("RUP untuk tender 46712345", []),
        ("tender 46712345, RUP 53412876", ["53412876"]),
        ("RUP sudah ada, 46712345 tendernya", []),
        ("tender 10096653000 RUP belum ada", []),
    ],
)
def test_codes_of_plans(text: str, codes: list[str]) -> None:
    assert [found.value for found in rup_codes(text)] == codes


def test_numbers_of_people_and_businesses() -> None:
    assert npwps("NPWP 01.234.567.8-912.000")[0].value == "01.234.567.8-912.000"
    assert nips("NIP 19840312 201001 1 007")[0].value == "198403122010011007"


@pytest.mark.parametrize(
    "text", ["0812-0000-1101", "+62 812 0000 1101", "(021) 3456789", "0274 512 345", "62811223344"]
)
def test_telephones(text: str) -> None:
    assert [found.value for found in telephones(f"hubungi {text} ya")] == [text]

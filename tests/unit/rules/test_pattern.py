"""The sieve before a pattern lets through whatever the pattern finds (issue: no pattern hangs)."""

import importlib
import re

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from maild.rules.pattern import Pattern, sieve

OURS = {
    f"{name}.{variable}": pattern
    for name in ("fields", "numbers", "complete", "times")
    for variable, pattern in vars(importlib.import_module(f"maild.rules.{name}")).items()
    if isinstance(pattern, Pattern)
}
SAID = """
jam pukul 10.00 WIB besok hari ini tadi CV Maju PT. Dinas PUPR kode tender 10096653000 RUP user
ID: MAJU_07 Error 500 e@x.id 0812-0000-1101 01.234.567.8-912.000 versi 4.5 tanggal maret 2026
chrome tulisannya bilang katanya (MAJU77) dari ke karena menu Upload sejak Senin depan setengah
lagi muncul pesan: akses ditolak
"""
MATTER = st.sampled_from([*SAID.split(), "\n", "\u00a0"])


def test_lookarounds_are_left_out_and_classes_are_as_wide_as_ours():
    assert sieve(r"(?<![\w)])a(?=b(c)d)\d") == r"a[\d\x{80}-\x{10ffff}]"
    assert re2.compile(sieve(r"jam\s\d")).search("jam\u00a0٣")


def test_what_a_class_leaves_out_is_left_out_by_ascii_only():
    """U+017F and U+212A fold to s and k: a wide negated class would leave those out too."""
    assert sieve(r"(?i)[^\s.]\s") == r"(?i)[^\s.]" + sieve(r"\s")
    assert Pattern(r"(?i)x[^\s.]+y").search("xsky")


def test_a_pattern_that_re2_refuses_is_refused_plainly():
    with pytest.raises(ValueError, match="RE2 does not understand"):
        Pattern(r"(a)\1")


@given(st.lists(MATTER, max_size=12).map(" ".join))
def test_nothing_that_a_pattern_finds_is_lost(text: str):
    for name, pattern in OURS.items():
        for form in (text, text.lower()):
            plain = [m.span() for m in re.finditer(pattern.source, form)]
            assert [m.span() for m in pattern.finditer(form)] == plain, name

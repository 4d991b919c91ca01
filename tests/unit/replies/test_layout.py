"""The two forms of a letter's text: short lines, and simple HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.replies.layout import LONGEST, WIDTH, as_html, wrapped

LONG = "kata " * 30


def test_a_paragraph_is_folded_at_blanks():
    lines = wrapped(LONG.strip()).split("\n")
    assert len(lines) == 3
    assert all(len(line) <= WIDTH for line in lines)
    assert " ".join(lines) == LONG.strip()


def test_lines_that_a_mail_program_folded_stay_as_they_are():
    line = ("kata " * 16)[:78]
    assert wrapped(f"{line}\nsisa") == f"{line}\nsisa"


def test_quotes_stay_quotes_and_lists_are_indented():
    assert all(line.startswith("> > kata") for line in wrapped(f"> > {LONG}").split("\n")[:3])
    first, *rest = wrapped(f"- {LONG}").split("\n")
    assert first.startswith("- kata")
    assert all(line.startswith("  kata") for line in rest if line.strip())
    assert wrapped(f"12. {LONG}").split("\n")[1].startswith("    kata")


@pytest.mark.parametrize(
    "line",
    [
        "1. Peran pengguna di SPSE (Penyedia, PPK, Pokja, PP, Auditor, Admin Agency, PA/KPA):",
        "Saya tangani <mailto:helpdesk+" + "x" * 60 + "@lpse.contoh.go.id?body=%23ambil>",
        "Lihat https://spse.contoh.go.id/eproc4/" + "a/" * 40,
        "x" * 300,
        "> " + "x" * 300,
    ],
)
def test_what_must_be_read_back_keeps_its_line(line):
    assert wrapped(line) == line


@given(st.text(st.sampled_from("a b>-1.\n:"), max_size=400))
def test_folding_changes_nothing_but_blanks_and_line_ends(text):
    def bare(value):
        return re.sub(r"[\s>]+", "", value)

    assert bare(wrapped(text)) == bare(text)
    for line in wrapped(text).split("\n"):
        assert len(line) <= LONGEST or " " not in line[40:WIDTH] or line.rstrip().endswith(":")


@given(st.text(st.sampled_from("<>&\"'a /=:mailto\n "), max_size=200))
def test_nothing_in_a_text_becomes_a_tag(text):
    page = as_html(text)
    tags = set(re.findall(r"<(/?\w+)", page.partition("<body")[2]))
    assert tags <= {"p", "/p", "br", "blockquote", "/blockquote", "a", "/a", "/body", "/html"}
    assert all(re.match(r'<a href="(mailto:|https?://)[^"<>]*">', x) for x in _anchors(page))


def _anchors(page):
    return re.findall(r"<a [^>]*>", page)


def test_a_link_shows_its_label():
    page = as_html(
        "Ambil tiket ini <mailto:a+b@x.example?body=%23ambil>\n<https://x.example/?a&b>"
    )
    assert '<a href="mailto:a+b@x.example?body=%23ambil">Ambil tiket ini</a>' in page
    assert '<a href="https://x.example/?a&amp;b">https://x.example/?a&amp;b</a>' in page


def test_only_mail_and_web_links_are_links():
    page = as_html("<javascript:alert(1)> <file:///etc/passwd> <data:text/html,x>")
    assert "<a " not in page


def test_paragraphs_lines_and_quotes_are_kept():
    page = as_html("satu\ndua\n\n> tiga\n> empat\nlima\n")
    assert "<p>satu<br>\ndua</p>" in page
    assert page.count("<blockquote") == 1
    assert "<p>tiga<br>\nempat</p>" in page
    assert "<p>lima</p>" in page


def test_a_text_of_nothing_is_a_page_of_nothing():
    assert as_html("").endswith("</body>\n</html>\n")

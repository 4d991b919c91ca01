"""HTML mail to text: lines, quotes, hidden text (B087 to B091)."""

import pytest

from maild.ingest import html, parse


def text(page: str) -> str:
    return html.render(page).text


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>satu</p><p>dua</p>", "satu\n\ndua"),
        ("<p class=MsoNormal>satu</p><p class=MsoNormal>dua</p>", "satu\ndua"),
        ("satu<br>dua<br/>tiga", "satu\ndua\ntiga"),
        ("<div>satu</div><div>dua</div>", "satu\ndua"),
        ("a &amp; b&nbsp;c &lt;x&gt;", "a & b c <x>"),
        ("<ul><li>satu</li><li>dua</li></ul>", "- satu\n- dua"),
        ("<table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>", "a 1\nb 2"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<title>t</title><style>p{}</style><script>x()</script>isi", "isi"),
        ("<b onclick=x>tebal</b><a href='javascript:x'>tautan</a>", "tebaltautan"),
        ("1 < 2 dan 3 > 2", "1 < 2 dan 3 > 2"),
        ('<a title="a>b">isi</a>', "isi"),
        ("<!-- <p>x</p> -->isi<!-- tidak ditutup", "isi"),
    ],
)
def test_pages_become_lines(page: str, expected: str) -> None:
    assert text(page) == expected


def test_a_block_quote_becomes_marked_lines() -> None:
    assert text("atas<blockquote>satu<blockquote>dua</blockquote></blockquote>bawah") == (
        "atas\n> satu\n> > dua\nbawah"
    )


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "visibility: hidden",
        "font-size:1px",
        "font-size:0",
        "mso-hide:all",
        "color:#ffffff",
        "color: white",
        "opacity:0",
        "max-height:0;overflow:hidden",
    ],
)
def test_b088_hidden_text_is_dropped_and_told(style: str) -> None:
    page = html.render(f'<div style="{style}">#selesai <b>rahasia</b></div><p>isi</p>')
    assert (page.text, page.hidden) == ("isi", True)


@pytest.mark.parametrize(
    "element",
    [
        '<div style="color:#fff;background-color:#003366">isi</div>',
        '<table bgcolor="#003366"><tr><td style="color:white">isi</td></tr></table>',
        '<div style="background-color:#ffffff">isi</div>',
        '<p style="font-size:11pt">isi</p>',
        '<p style="border-color:#fff">isi</p>',
    ],
)
def test_what_can_be_seen_stays(element: str) -> None:
    assert html.render(element) == html.Rendered("isi", False, False)


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 30_000 + "x",
        "<!--" * 100_000,
        "</p>" * 30_000,
        '<a href="' * 100_000,
        "<" * 200_000,
        " " * 5_000_000,
        "<style>" * 50_000,
        '<img src="data:image/png;base64,' + "A" * 5_000_000 + '">x',
    ],
    ids=["open tags", "comments", "closings", "quotes", "signs", "blanks", "styles", "data"],
)
def test_b090_b091_hostile_pages_end(page: str) -> None:
    assert len(text(page)) <= html.MAX_TEXT


LABELS = (
    "<b>Dari:</b> H &lt;h@l.example&gt;<br><b>Dikirim:</b> Senin, 05 Januari 2026 8:15<br>"
    "<b>Kepada:</b> Budi<br><b>Subjek:</b> Data"
)
OWN = "<div>Sudah, terima kasih.</div>"
ASKED = "<div>Kode tender?</div>"
CLIENTS = {
    "gmail": f'<div dir="ltr">Sudah, terima kasih.</div><br><div class="gmail_quote">'
    '<div dir="ltr" class="gmail_attr">Pada Sen, 5 Jan 2026 pukul 08.15 H &lt;'
    '<a href="mailto:h@l.example">h@l.example</a>&gt; menulis:<br></div>'
    f'<blockquote class="gmail_quote">{ASKED}</blockquote></div>',
    "outlook": "<div class=WordSection1><p class=MsoNormal>Sudah, terima kasih.<o:p></o:p></p>"
    f'<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class=MsoNormal>{LABELS}</p>'
    f"</div><p class=MsoNormal>Kode tender?</p></div>",
    "outlook web": f'{OWN}<div id="appendonsend"></div><hr><div id="divRplyFwdMsg" dir="ltr">'
    f"{LABELS}</div>{ASKED}",
    "yahoo": f'{OWN}<div class="yahoo_quoted"><div>Pada Senin, 5 Januari 2026 08.15.00 WIB, H '
    f"&lt;h@l.example&gt; menulis:</div>{ASKED}</div>",
    "zimbra": f'{OWN}<hr id="zwchr"><div>{LABELS}</div>{ASKED}',
    "apple": f'{OWN}<div><br><blockquote type="cite"><div>Pada 5 Jan 2026, pukul 08.15, H '
    f"&lt;h@l.example&gt; menulis:</div>{ASKED}</blockquote></div>",
    "thunderbird": f'{OWN}<div class="moz-cite-prefix">Pada 05/01/2026 08.15, H menulis:<br></div>'
    f'<blockquote type="cite">{ASKED}</blockquote>',
    "signature": f'{OWN}<div class="gmail_signature">Budi<br>PT Maju</div>',
}


@pytest.mark.parametrize("page", CLIENTS.values(), ids=CLIENTS.keys())
def test_the_reply_of_each_client_is_cut_out_of_its_page(page: str) -> None:
    assert parse.read_body(page, True).reply_text == "Sudah, terima kasih."


def test_what_a_writer_shifts_to_the_right_is_no_quote() -> None:
    page = (
        "<div>Langkahnya:</div><blockquote style='margin:0 0 0 40px;border:none;padding:0px'>"
        "<div>masuk, lalu unggah</div></blockquote>"
    )
    assert html.render(page).text == "Langkahnya:\nmasuk, lalu unggah"

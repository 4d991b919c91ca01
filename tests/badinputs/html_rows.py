"""B087 to B091: pages."""

from badmail import MIME
from badoffice import BadOffice

from kit.people import COMPLETE

PAGE = f"{MIME}Content-Type: text/html; charset=utf-8\n\n"
HIDDEN = (
    '<div style="display:none">#selesai tersembunyi</div>',
    '<span style="font-size:1px">#selesai tersembunyi</span>',
    '<p style="color:#ffffff;background:#fff">#selesai tersembunyi</p>',
    '<p style="visibility: hidden">#selesai tersembunyi</p>',
)


def b087_of_a_page_with_tricks_the_text_is_left(it: BadOffice) -> None:
    """script, on*, javascript:, data:, meta refresh, forms, CSS tricks: golden text."""
    page = (
        "<html><head><title>judul</title><meta http-equiv=refresh content='0;url=http://x.example'>"
        "<style>p:before{content:'gaya'}</style><script>alert('naskah')</script></head>"
        f"<body onload=alert(1)><p onclick='x()'>{COMPLETE}</p><iframe src='http://x.example'>"
        "</iframe><form action='http://x.example'><input name=q value=isian></form>"
        "<a href='javascript:alert(2)'>tautan</a><svg onload=alert(3)></svg></body></html>"
    )
    (came,) = it.asks(PAGE + page)
    said = it.said(came.ticket)
    for word in ("alert", "javascript", "gaya", "refresh", "onclick", "<", ">"):
        assert word not in said
    assert said.split("\n")[0] == COMPLETE


def b088_hidden_text_is_left_out_and_told(it: BadOffice) -> None:
    """Hidden text (display:none, 1 px, white on white): dropped, with a flag."""
    for hidden in HIDDEN:
        (came,) = it.asks(f"{PAGE}<p>{COMPLETE}</p>{hidden}")
        assert "tersembunyi" not in it.said(came.ticket)
        assert any("hidden" in d for d in it.read(it.octets_of(came)).defects), hidden


def b089_nothing_is_fetched_from_afar(it: BadOffice) -> None:
    """Remote images, fonts, tracking pixels: the tests' guard against network sees none."""
    page = (
        f'<p>{COMPLETE}</p><img src="https://jejak.example/p.gif?id=1"><link rel=stylesheet '
        'href="https://jejak.example/x.css"><style>@font-face{src:url(https://jejak.example/f)}'
        '</style><img src="file:///etc/passwd"><object data="ftp://jejak.example/x"></object>'
    )
    (came,) = it.asks(PAGE + page)
    assert "jejak" not in it.said(came.ticket)


def b090_a_page_without_end_is_read_in_its_time(it: BadOffice) -> None:
    """100,000 open tags, unclosed comment, 5 MB of blanks, giant URL."""
    text = f"<p>{COMPLETE}</p>"
    for page in (
        text + "<div><b>" * 100_000,
        text + "<!-- " + "tanpa akhir " * 100_000,
        text + " " * 5_000_000 + "akhir",
        f'{text}<a href="https://x.example/{"a" * 2_000_000}">tautan</a>',
        text + "<table><tr><td>" * 60_000,
        text + "<" * 1_000_000,
    ):
        it.asks(PAGE + page)


def b091_pictures_in_a_page_are_capped(it: BadOffice) -> None:
    """20 MB inline data image, Office XML."""
    it.asks(f'{PAGE}<p>{COMPLETE}</p><img src="data:image/png;base64,{"A" * 20_000_000}">')
    office = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><!--[if gte mso 9]><xml>'
        f"<o:OfficeDocumentSettings/></xml><![endif]--><p class=Mso>{COMPLETE}<o:p></o:p></p>"
    )
    (came,) = it.asks(PAGE + office)
    assert "OfficeDocument" not in it.said(came.ticket)

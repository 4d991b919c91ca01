"""B001 to B017: how a mail is put together."""

from email.message import EmailMessage

from badmail import ASK, MIME, PLAIN, answering, head, multipart, octets
from badoffice import ANSWERED, BY_SARI, HELD, INERT, BadOffice, acknowledged

from kit.people import COMPLETE
from maild.model.ticket import State, Ticket

PICTURE = "Content-Type: image/png; name=layar.png\n\nPNG"
ORDER = "#selesai\nSudah kami perbaiki."
ANSWER = "Mohon dicoba dengan berkas di bawah 2 MB."
REPORT = (
    "From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail Returned to Sender\n"
    + 'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\n\n'
    + "--r\n\nTidak terkirim.\n--r\nContent-Type: message/delivery-status\n\n"
    + "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; siti@majujaya.example\n"
    + "Action: failed\nStatus: 5.1.1\n\n--r--\n"
)


def b001_an_empty_message_is_inert(it: BadOffice) -> None:
    """Empty message; only CRLF."""
    it.comes(b"", b"\r\n", end=INERT)


def b002_a_body_without_a_header_waits_for_a_person(it: BadOffice) -> None:
    """Body without headers; binary rubbish: "no sender", no acknowledgement."""
    it.comes(octets(ASK), bytes(range(256)) * 40, end=HELD)


def b003_a_multipart_without_a_good_boundary_is_text(it: BadOffice) -> None:
    """multipart without, with empty, or with spaced boundary."""
    for said in ("", "; boundary=", '; boundary=""', '; boundary=" b "', "; boundary = b c"):
        it.asks(f"{MIME}Content-Type: multipart/mixed{said}\n\n--b\n{PLAIN}{ASK}\n--b--\n")


def b004_a_cut_mail_keeps_the_parts_before_the_cut(it: BadOffice) -> None:
    """Missing end boundary, cut mail: flag "truncated"."""
    cut = multipart(ASK, PICTURE).removesuffix(b"--b--\r\n")
    (came,) = it.asks(MIME.encode() + cut)
    assert [f.name for f in it.service.store.attachments(came.mails[0].id)] == ["layar.png"]
    assert any("cut" in flag for flag in it.read(head() + octets(MIME) + cut).defects)


def b005_a_child_with_its_parents_boundary_ends(it: BadOffice) -> None:
    """Child reuses the parent's boundary: part count equals reference."""
    child = multipart("\ndi dalam", PICTURE)
    (came,) = it.asks(MIME.encode() + multipart(PLAIN + ASK, child, PICTURE))
    names = [f.name for f in it.service.store.attachments(came.mails[0].id)]
    assert names == ["layar.png", "layar (2).png"]


def b006_of_a_hundred_thousand_parts_two_hundred_are_read(it: BadOffice) -> None:
    """100,000 empty parts."""
    (came,) = it.asks(octets(MIME) + multipart(ASK, *["\n"] * 100_000))
    assert len(it.service.store.attachments(came.mails[0].id)) <= 100


def b007_two_thousand_multiparts_in_each_other_are_read_to_a_depth(it: BadOffice) -> None:
    """multipart nested 2,000 deep."""
    inner: bytes = octets(PLAIN, ASK)
    for depth in range(2_000):
        line = f"--b{depth}"
        inner = octets(f"Content-Type: multipart/mixed; boundary=b{depth}\n\n{line}\n", inner)
        inner += octets(f"\n{line}--\n")
    it.asks(octets(MIME) + multipart(PLAIN + ASK, inner))


def b008_a_mail_in_itself_is_read_to_a_depth(it: BadOffice) -> None:
    """message/rfc822 in itself 5,000 times."""
    nested = "Content-Type: message/rfc822\n\n" * 5_000 + f"From: a@b.example\n{ASK}"
    it.asks(octets(MIME) + multipart(PLAIN + ASK, nested))


def b009_orders_outside_the_parts_are_not_heard(it: BadOffice) -> None:
    """Text or commands in preamble or epilogue: not shown as body, no command run."""
    ticket, notice = _asked(it)
    body = multipart(f"\n{ANSWER}").replace(b"\r\n\r\n--b", octets(f"\n\n{ORDER}\n--b"), 1)
    mail = answering(notice, BY_SARI) + octets(MIME, body, ORDER, "\n")
    it.comes(mail, letters=ANSWERED, opens=0, touches=[ticket])
    _is_only_answered(it, ticket)


def b010_a_transfer_encoding_that_cannot_be_is_passed_over(it: BadOffice) -> None:
    """base64 on a multipart, unknown transfer encoding."""
    it.asks(octets(MIME, "Content-Transfer-Encoding: base64\n") + multipart(PLAIN + ASK, PICTURE))
    odd = "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: x-aneh\n\nPDF"
    (came,) = it.asks(octets(MIME) + multipart(PLAIN + ASK, odd))
    assert [f.size for f in it.service.store.attachments(came.mails[0].id)] == [3]


def b011_of_a_page_alone_its_text_is_shown(it: BadOffice) -> None:
    """HTML only: no tag in ticket text."""
    page = f"<html><body><p>Yth.&nbsp;Helpdesk</p><div><b>{COMPLETE}</b></div></body></html>"
    (came,) = it.asks(octets(MIME, "Content-Type: text/html; charset=utf-8\n\n", page))
    assert not set("<>") & set(it.said(came.ticket))


def b012_orders_are_read_from_the_plain_part_alone(it: BadOffice) -> None:
    """Plain and HTML parts tell different stories: flag, commands from plain only."""
    ticket, notice = _asked(it)
    other = "Kantor libur panjang, silakan kirim berkas asli memakai kurir menuju gedung utama."
    page = f"Content-Type: text/html\n\n<p>#selesai</p><p>{other}</p>"
    body = octets(MIME) + multipart(f"{PLAIN}\n{ANSWER}", page, kind="alternative")
    mail = answering(notice, BY_SARI) + body
    it.comes(mail, letters=ANSWERED, opens=0, touches=[ticket])
    _is_only_answered(it, ticket)
    assert any("differ" in flag for flag in it.read(mail).defects)


def b013_texts_around_pictures_are_joined_in_their_order(it: BadOffice) -> None:
    """Several text parts around images (Apple Mail): order kept, nothing lost."""
    texts = ("\nSatu di atas.", f"\nDua. {COMPLETE}", "\nTiga di bawah.")
    between = (texts[0], PICTURE, texts[1], PICTURE, texts[2])
    (came,) = it.asks(octets(MIME) + multipart(*between))
    said = it.said(came.ticket)
    places = [said.index(word) for word in ("Satu", "Dua", "Tiga")]
    assert places == sorted(places)
    assert len(it.service.store.attachments(came.mails[0].id)) == 2


def b014_pieces_and_references_of_mails_are_never_fetched_together(it: BadOffice) -> None:
    """message/partial; message/external-body: never assembled, no file or network access."""
    for number in (1, 2):
        kind = f"Content-Type: message/partial; id=a@x; number={number}; total=2\n"
        it.comes(head(mid=f"<{number}@x>") + octets(MIME, kind, ASK), end=HELD)
    outside = (
        "Content-Type: message/external-body; access-type=local-file; name=/etc/passwd\n\n"
        "Content-Type: text/plain\n\n"
    )
    (came,) = it.asks(octets(MIME) + multipart(PLAIN + ASK, outside))
    assert "root:" not in it.said(came.ticket)


def b015_odd_line_ends_neither_split_nor_join_an_order(it: BadOffice) -> None:
    """format=flowed, delsp, 20 MB line, bare CR or LF, mixed ends."""
    it.asks(f"\n{COMPLETE}\n\n{'panjang ' * 2_500_000}")
    for line_end in (b"\n", b"\r"):
        bare = octets(head(f"Rudi <rudi{len(line_end)}{line_end[0]}@x.example>"), ASK)
        who = f"rudi{len(line_end)}{line_end[0]}@x.example"
        it.comes(bare.replace(b"\r\n", line_end), letters=acknowledged(who))
    ticket, notice = _asked(it)
    flowed = "Content-Type: text/plain; format=flowed; delsp=yes\n\n"
    text = f"{ANSWER} #seles \nai bukan perintah.\n"
    mail = answering(notice, BY_SARI) + octets(flowed, text)
    it.comes(mail, letters=ANSWERED, opens=0, touches=[ticket])
    _is_only_answered(it, ticket)


def b016_old_encodings_in_a_text_do_no_harm(it: BadOffice) -> None:
    """uuencode, yEnc, BinHex in the body."""
    it.asks(
        f"{ASK}begin 644 a.txt\n#0V%T\n`\nend\n",
        f"{ASK}begin 644 a.txt\n\x7f\x7f\x7f",
        f"{ASK}=ybegin line=128 size=3 name=a.bin\nabc\n=yend size=3\n",
        f"{ASK}(This file must be converted with BinHex 4.0)\n:$f*TEQKPH!\n",
    )


def b017_a_delivery_report_inside_a_persons_mail_is_no_bounce(it: BadOffice) -> None:
    """Delivery report nested inside a normal mail."""
    it.asks(octets(MIME) + multipart(PLAIN + ASK, f"Content-Type: message/rfc822\n\n{REPORT}"))


def _asked(it: BadOffice) -> tuple[Ticket, EmailMessage]:
    """Siti's ticket and Sari's notice of it."""
    came = it.problem()
    return came.ticket, came.letter("tugas_baru sari@contoh.go.id")


def _is_only_answered(it: BadOffice, ticket: Ticket) -> None:
    after = it.tickets()[ticket.id]
    assert after.state is State.ANSWERED
    assert after.row == "9a"
    assert "Sudah kami perbaiki" not in it.said(ticket)

"""B026 to B042: fields that are missing, false, many, long or strange."""

from datetime import UTC, datetime

from badmail import ASK, MIME, SIDE, answering, head, multipart, octets
from badoffice import (
    BUDI,
    BY_SARI,
    HELD,
    INERT,
    SARI,
    SITI,
    TOLD,
    BadOffice,
    acknowledged,
    otherwise,
)

from kit.office import MONDAY
from kit.people import COMPLETE
from kit.service import written

SERVER = "mx.lpse.contoh.go.id"
EVE = "Eve <eve@jahat.example>"


def b026_a_mail_that_nobody_wrote_waits_for_a_person(it: BadOffice) -> None:
    """No From; `<>`; unreadable From: no reply."""
    rest = head().partition(b"\r\n")[2] + octets(ASK)
    for sender in (b"", b"From: \r\n", b"From: ((((\r\n", b"From: @@@ <<>>\r\n"):
        mail = sender + rest.replace(b"Message-ID: <", b"Message-ID: <%d." % len(sender))
        it.comes(mail, end=HELD)
    it.comes(b"From: <>\r\n" + rest, end=INERT)


def b027_of_two_authors_none_may_order(it: BadOffice) -> None:
    """Two From headers; several mailboxes; From and Sender differ: no command; both recorded."""
    asked = it.problem()
    notice = asked.letter(f"tugas_baru {SARI}")
    mail = answering(notice, BY_SARI) + octets("\n#selesai\nSudah.\n")
    two = octets(f"From: {EVE}\n") + mail
    several = mail.replace(BY_SARI.encode(), f"{BY_SARI}, {EVE}".encode(), 1)
    several = several.replace(b"Message-ID: <", b"Message-ID: <2")
    it.comes(two, letters=TOLD)
    came = it.comes(several, letters=TOLD)
    assert "eve@jahat.example" in it.said(came.ticket) + it.journal(came.ticket)
    (came,) = it.asks(f"Sender: {BY_SARI}\n{ASK}")
    assert it.read(it.octets_of(came)).submitter == SARI


def b028_the_answer_goes_to_from(it: BadOffice) -> None:
    """Reply-To of another person or domain."""
    it.asks(f"Reply-To: curi@jahat.example\n{ASK}", f"Reply-To: {BUDI}\n{ASK}")


def b029_the_servers_date_orders_mail(it: BadOffice) -> None:
    """No Date; nonsense; year 1 or 9999; zone of 300 digits; two Dates."""
    for date in (
        "",
        "Date: kemarin\n",
        "Date: Mon, 1 Jan 0001 00:00:00 +0000\n",
        "Date: Fri, 31 Dec 9999 23:59:59 -1200\n",
        f"Date: Mon, 2 Feb 2026 09:00:00 +{'7' * 300}\n",
        "Date: Mon, 2 Feb 2026 09:00:00 +0700\nDate: Tue, 3 Feb 2026 09:00:00 +0700\n",
    ):
        (came,) = it.asks(date + ASK)
        assert came.ticket.received_at == it.clock.at


def b030_a_date_means_the_same_in_every_zone(it: BadOffice) -> None:
    """Date without zone, with name zone, DST hour that never was: as UTC, raw kept."""
    for date, at in (
        ("Mon, 2 Feb 2026 09:00:00", MONDAY.replace(hour=9)),
        ("Mon, 2 Feb 2026 09:00:00 -0000", MONDAY.replace(hour=9)),
        ("Mon, 2 Feb 2026 04:00:00 EST", MONDAY.replace(hour=9)),
        ("Mon, 2 Feb 2026 09:00:00 WIB", MONDAY.replace(hour=9)),
        ("Sun, 8 Mar 2026 02:30:00", datetime(2026, 3, 8, 2, 30, tzinfo=UTC)),
        ("Mon, 2 Feb 2026 09:00:00 +0700", MONDAY),
    ):
        (came,) = it.asks(f"Date: {date}\n{ASK}")
        assert it.read(it.octets_of(came)).date == at


def b031_two_mails_without_a_name_in_one_second_are_two(it: BadOffice) -> None:
    """No Message-ID, two such mails in the same second: two tickets."""
    texts = (COMPLETE, COMPLETE.replace("12345678", "87654321"))
    mails = [written(text, message_id="") for text in texts]
    it.comes(*mails, letters=(*acknowledged(SITI), *TOLD), opens=2)


def b032_a_message_id_that_is_none_does_no_harm(it: BadOffice) -> None:
    """Malformed or huge Message-ID: no crash, no line end in it."""
    names = (
        "<>",
        "<",
        "><",
        "[]",
        "<a b@x>",
        f"<{'a' * 50_000}@x>",
        "@",
        "<a=?utf-8?Q?=0D=0A?=b@x>",
    )
    for n, name in enumerate(names):
        who = f"budi{n}@x.example"
        mail = head(who).partition(b"Message-ID")[0] + octets(f"Message-ID: {name}\n", ASK)
        came = it.comes(mail, letters=acknowledged(who))
        assert came.mails[0].message_id.isprintable()
        assert len(came.mails[0].message_id) <= 998


def b033_a_message_id_that_another_has_taken_hides_nothing(it: BadOffice) -> None:
    """Same Message-ID, other content (ID squatting): both visible."""
    came = [
        it.comes(head(who, mid="<sama@x.example>") + octets(ASK), letters=acknowledged(who))
        for who in ("budi1@x.example", "budi2@x.example")
    ]
    assert came[0].ticket.id != came[1].ticket.id


def b034_a_header_without_end_is_cut(it: BadOffice) -> None:
    """One header of 1 MB; 100,000 header lines."""
    it.asks(f"X-Besar: {'a' * 1_000_000}\n{ASK}")
    many = "".join(f"X-{n}: a\n" for n in range(100_000))
    (came,) = it.asks(f"{many}{ASK}", words="")
    assert it.read(it.octets_of(came)).defects


def b035_a_mail_that_goes_round_is_stopped(it: BadOffice) -> None:
    """More than 50 Received lines: loop, no reply."""
    hops = "Received: from a by b; Mon, 2 Feb 2026 09:00:00 +0700\n" * 51
    it.comes(octets(hops, head(), ASK), end=INERT)


def b036_of_fifty_thousand_recipients_none_is_answered(it: BadOffice) -> None:
    """50,000 recipients: never reply-all."""
    every = ",\n ".join(f"a{n}@banyak.example" for n in range(50_000))
    (came,) = it.asks(f"Cc: {every}\n{ASK}", words="")
    assert len(it.read(it.octets_of(came)).cc) <= 100


def b037_odd_folding_is_read_as_mail_programs_do(it: BadOffice) -> None:
    """Odd folding, first line continued, no colon, mbox "From " line: golden headers."""
    for n, (before, subject, shown) in enumerate(
        (
            ("From budi@x Mon Feb  2 09:00:00 2026\n", "Gagal\n\tunggah", "Gagal unggah"),
            (">From budi@x Mon Feb  2 09:00:00 2026\n", "Gagal\n   \n unggah", "Gagal unggah"),
            ("", "\n Gagal unggah", "Gagal unggah"),
            ("tanpa titik dua\n", "Gagal unggah", "Gagal unggah"),
        )
    ):
        who = f"budi{n}@x.example"
        mail = octets(before, head(who, subject), ASK)
        assert it.comes(mail, letters=acknowledged(who)).ticket.subject == shown


def b038_octets_that_no_header_may_hold_are_stored(it: BadOffice) -> None:
    """NUL or raw 8-bit in names and values."""
    mail = head(f"NAMA <{SIDE}>", "JUDUL").replace(b"NAMA", b"Jos\xe9 N\0")
    mail = mail.replace(b"JUDUL", b"Gag\0al \xe9\xff") + b"X-\xe9\0: 1\r\n" + octets(ASK)
    ticket = it.comes(mail, letters=acknowledged()).ticket
    assert "José" in ticket.requester.name
    assert "\0" not in ticket.subject + ticket.requester.name


def b039_names_that_a_library_uses_itself_change_nothing(it: BadOffice) -> None:
    """Header called `headers`, `body`, `mail`, `_message`."""
    odd = "".join(f"{name}: x\n" for name in ("headers", "body", "mail", "_message", "defects"))
    (came,) = it.asks(odd + ASK)
    mail = it.octets_of(came)
    assert it.read(mail) == it.read(mail.replace(octets(odd), b""))


def b040_fields_that_are_only_ours_have_no_effect(it: BadOffice) -> None:
    """Forged X-Maild-*, loop or trust headers: noted."""
    ticket = it.problem().ticket
    forged = f"X-Maild-Letter: {ticket.id}.1\nX-Maild-Trust: 4\nX-Maild-Ticket: {ticket.number}\n"
    (came,) = it.asks(forged + ASK)
    flags = it.read(it.octets_of(came)).defects
    assert sum(flag.startswith("field x-maild-") for flag in flags) == 3
    it.comes(head(mid="<loop@x>") + octets(f"X-Maild-Loop: x\n{ASK}"), end=INERT)


@otherwise(authserv_id=SERVER)
def b041_only_our_own_servers_topmost_word_counts(it: BadOffice) -> None:
    """Forged Authentication-Results with our server's name: level stays "none"."""
    ticket = it.problem().ticket
    good = f"Authentication-Results: {SERVER}; dmarc=pass header.from=contoh.go.id\n"
    real = f"Authentication-Results: {SERVER}; spf=none\n"
    order = head(BY_SARI, f"[{ticket.number}] selesai") + octets("\n#selesai\nSudah.\n")
    mail = octets(real, "Received: from a by b; Mon, 2 Feb 2026 09:00:00 +0700\n", good) + order
    it.comes(mail, end=HELD, letters=(f"konfirmasi_perintah {SARI}",))
    assert it.read(mail).trust.level == 0


def b042_a_chaos_of_parameters_is_one_file(it: BadOffice) -> None:
    """RFC 2231 chaos: bad charset, 5,000 parts, index of 5,000 digits, 20,000 parameters."""
    for said in (
        "name*=aneh'xx'%ff%fe",
        "name*0*=utf-8''a%; name*1=b",
        "".join(f"name*{n}=a; " for n in range(5_000)),
        f"name*{'9' * 5_000}=a",
        "; ".join(f"p{n}=1" for n in range(20_000)),
        "name*=''''",
        'name="' + "\\" * 20_001,
    ):
        part = f"Content-Type: application/pdf; {said}\n\nPDF"
        (came,) = it.asks(octets(MIME) + multipart(ASK, part))
        (file,) = it.service.store.attachments(came.mails[0].id)
        assert 0 < len(file.name.encode()) <= 200

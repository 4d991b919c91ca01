"""B069 to B079: what mail programs make of a mail."""

from badmail import ASK, MIME, PLAIN, SIDE, answering, head, multipart, octets
from badoffice import ANSWERED, BY_SARI, CALL, HELD, INERT, SARI, SITI, BadOffice, acknowledged

from kit.people import COMPLETE
from maild.model.ticket import State

BLOCK = (
    "\n\nFrom: Helpdesk <h@lpse.example>\nSent: Monday, January 5, 2026 8:15 AM\n"
    "To: Budi\nSubject: Lama\n\n"
)
EVENT = "BEGIN:VCALENDAR\nMETHOD:{0}\nBEGIN:VEVENT\nSUMMARY:Rapat\nEND:VEVENT\nEND:VCALENDAR\n"
SIGNED = "Content-Type: application/pgp-signature; name=tanda.asc\n\nxyz"


def b069_the_new_text_is_told_from_its_history(it: BadOffice) -> None:
    """Outlook history of 300 kB; top-posting phones; inline answers."""
    history = "".join(f"Baris lama nomor {n} dari surat lama.\n" for n in range(9_000))
    (came,) = it.asks(f"In-Reply-To: <lama@x.example>\n{ASK}{BLOCK}{history}")
    assert "Baris lama" not in it.said(came.ticket)
    below = "> Pada 2 Feb 2026, Helpdesk menulis:\n> Lama sekali.\n"
    phone = f"{ASK}\nDikirim dari iPhone saya\n\n{below}"
    (came,) = it.asks(f"In-Reply-To: <lama@x.example>\n{phone}")
    assert "Lama sekali" not in it.said(came.ticket)
    inline = f"\n> Apa masalahnya?\n{COMPLETE}\n\n> Sejak kapan?\nSejak pagi tadi.\n"
    (came,) = it.asks(f"In-Reply-To: <lama@x.example>\n{inline}")
    assert "Sejak pagi tadi." in it.said(came.ticket)


def b070_orders_in_quotes_and_signatures_are_not_heard(it: BadOffice) -> None:
    """Quoted text or signature contains commands: quoted commands inert."""
    asked = it.problem()
    text = (
        "\nMohon dicoba lagi.\n\n-- \nSari\n#selesai\n\n"
        "On 2/2/26 09:00, Helpdesk wrote:\n> #selesai\n> Tutup saja.\n"
    )
    mail = answering(asked.letter(f"tugas_baru {SARI}"), BY_SARI) + octets(text)
    it.comes(mail, letters=ANSWERED, opens=0, touches=[asked.ticket])
    assert it.tickets()[asked.ticket.id].state is State.ANSWERED


def b071_only_a_proven_officer_writes_on_behalf_of_another(it: BadOffice) -> None:
    """Agent forwards a user's mail (inline or .eml): else plain mail of that sender."""
    date = "Mon, 2 Feb 2026 08:00:00 +0700"
    inner = f"From: Siti <{SITI}>\nTo: x@y.example\nSubject: Gagal\nDate: {date}\n{ASK}"
    inline = f"\nMohon dibantu.\n\n---------- Forwarded message ---------\n{inner}"
    eml = octets(MIME) + multipart("\nMohon dibantu.", f"Content-Type: message/rfc822\n\n{inner}")
    for n, body in enumerate((octets(inline), eml)):
        mail = head(BY_SARI, "Fwd: Gagal", f"<{n}@s>") + body
        it.comes(mail, end=HELD, letters=(f"konfirmasi_perintah {SARI}",))
    came = it.comes(head(subject="Fwd: Gagal") + octets(inline), letters=acknowledged())
    assert came.ticket.requester.address == SIDE


def b072_a_redirected_mail_proves_nothing(it: BadOffice) -> None:
    """Redirect with Resent-*; SPF fails: unverified, no rights."""
    ticket = it.problem().ticket
    resent = "Resent-From: Sari <sari@contoh.go.id>\nResent-To: helpdesk@lpse.contoh.go.id\n"
    mail = octets(resent) + head(BY_SARI, f"[{ticket.number}]") + octets("\n#selesai\nSudah.\n")
    it.comes(mail, end=HELD, letters=(f"konfirmasi_perintah {SARI}",))


def b073_pictures_without_words_are_a_mail(it: BadOffice) -> None:
    """WhatsApp export or photos without text: "(attachments only)"."""
    photo = "Content-Type: image/jpeg; name=IMG-20260202-WA0001.jpg\n\nJPG"
    mail = head(subject="") + octets(MIME) + multipart(photo)
    came = it.comes(mail, letters=(f"minta_data {SIDE}", *CALL))
    assert [f.name for f in it.service.store.attachments(came.mails[0].id)]
    assert came.ticket.summary


def b074_invitations_are_not_answered(it: BadOffice) -> None:
    """Calendar invite, update, cancel; Outlook recall."""
    for method in ("REQUEST", "CANCEL", "REPLY", "COUNTER"):
        kind = f"Content-Type: text/calendar; method={method}\n\n"
        mail = head(subject=f"Rapat {method}") + octets(MIME)
        it.comes(mail + multipart(ASK, kind + EVENT.format(method)), end=INERT)
    recall = 'Budi would like to recall the message, "Gagal unggah".\n'
    it.comes(head(subject="Recall: Gagal unggah") + octets(f"\n{recall}"), end=INERT)


def b075_receipts_are_neither_tickets_nor_given(it: BadOffice) -> None:
    """Read receipt (MDN) in; receipt request in."""
    kind = "Content-Type: multipart/report; report-type=disposition-notification; boundary=r\n\n"
    mdn = (
        f"{MIME}{kind}--r\n\nSurat Anda telah dibaca.\n--r\n"
        "Content-Type: message/disposition-notification\n\nDisposition: manual-action; displayed\n"
        "\n--r--\n"
    )
    it.comes(head(subject="Dibaca: Tanda terima") + octets(mdn), end=INERT)
    it.asks(f"Disposition-Notification-To: {SIDE}\nReturn-Receipt-To: {SIDE}\n{ASK}")


def b076_a_signature_that_nobody_checked_is_told(it: BadOffice) -> None:
    """S/MIME or PGP signed: text shown, "signature not checked"."""
    for kind in ("pgp-signature", "pkcs7-signature"):
        signed = multipart(PLAIN + ASK, SIGNED.replace("pgp-signature", kind), kind="signed")
        (came,) = it.asks(octets(MIME) + signed)
        mail = it.octets_of(came)
        assert "signature not checked" in it.read(mail).defects
        assert it.read(mail).trust.level == 0


def b077_of_an_encrypted_mail_the_file_is_kept(it: BadOffice) -> None:
    """Encrypted mail: "cannot be read" note, attachment kept."""
    parts = (
        "Content-Type: application/pgp-encrypted\n\nVersion: 1",
        "Content-Type: application/octet-stream; name=isi.asc\n\n-----BEGIN PGP MESSAGE-----\nxx",
    )
    mail = head() + octets(MIME) + multipart(*parts, kind="encrypted")
    came = it.comes(mail, letters=(f"minta_data {SIDE}", *CALL))
    assert "isi.asc" in [f.name for f in it.service.store.attachments(came.mails[0].id)]
    assert "encrypted: cannot be read" in it.read(mail).defects


def b078_a_signed_part_gives_no_rights_to_its_neighbour(it: BadOffice) -> None:
    """Signed part beside unsigned text; inline PGP: whole mail counts as unsigned."""
    ticket = it.problem().ticket
    signed = multipart("\nbertanda tangan", SIGNED, kind="signed", boundary="s")
    beside = octets(MIME) + multipart("\n#selesai\nSudah.", signed)
    inline = octets(
        "\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n#selesai\nSudah.\n"
        "-----BEGIN PGP SIGNATURE-----\nxyz\n-----END PGP SIGNATURE-----\n"
    )
    for n, body in enumerate((beside, inline)):
        mail = head(BY_SARI, f"[{ticket.number}]", f"<{n}@s>") + body
        it.comes(mail, end=HELD, letters=(f"konfirmasi_perintah {SARI}",))


def b079_what_other_programs_wrap_is_kept(it: BadOffice) -> None:
    """winmail.dat / TNEF; AppleDouble; Apple inline images."""
    double = multipart(
        "Content-Type: application/applefile; name=foto.jpg\n\nXX",
        "Content-Type: image/jpeg; name=foto.jpg\n\nJPG",
        kind="appledouble",
        boundary="a",
    )
    tnef = "Content-Type: application/ms-tnef; name=winmail.dat\n\nbukan tnef"
    picture = "Content-Type: image/png; name=t.png\nContent-Disposition: inline\n\nPNG"
    (came,) = it.asks(octets(MIME) + multipart(ASK, double, tnef, picture))
    names = [f.name for f in it.service.store.attachments(came.mails[0].id)]
    assert {"winmail.dat", "t.png"} <= set(names)
    assert sum(name.startswith("foto") for name in names) == 2

"""B098 to B106: machines that answer machines. At length: tests/simulation/test_loops.py."""

from badmail import ASK, answering, as_sent, head, octets
from badoffice import BY_SARI, HELD, INERT, SARI, SITI, TOLD, BadOffice, acknowledged

FROM_SITI = f"Siti Aminah <{SITI}>"
AWAY = (
    "Saya sedang cuti sampai 12 Februari 2026. Untuk hal mendesak hubungi Rina.",
    "I am out of the office until 12 February with limited access to email.",
    "Ich bin bis zum 12. Februar nicht im Büro. Ihre Nachricht wird nicht weitergeleitet.",
    "Je suis absent du bureau jusqu'au 12 février.",
    "不在にしております。2月12日以降にご連絡いたします。",
)
MARKS = ("X-Maild-Loop", "X-Maild-Letter", "Auto-Submitted", "X-Auto-Response-Suppress")


def b098_an_absence_that_says_so_changes_nothing(it: BadOffice) -> None:
    """Out-of-office with proper headers: not reopened, no reply."""
    asked = it.problem()
    receipt = asked.letter(f"tanda_terima {SITI}")
    mail = answering(receipt, FROM_SITI) + octets(f"Auto-Submitted: auto-replied\n\n{AWAY[0]}\n")
    it.comes(mail, end=INERT, touches=[asked.ticket])
    after = it.tickets()[asked.ticket.id]
    assert (after.state, after.row) == (asked.ticket.state, asked.ticket.row)
    assert "surel otomatis dicatat" in it.journal(asked.ticket)


def b099_an_absence_that_does_not_say_so_is_not_answered_twice(it: BadOffice) -> None:
    """Out-of-office without headers (many languages): loop dies after 1 automatic mail."""
    for n, text in enumerate(AWAY):
        who = f"cuti{n}@x.example"
        asked = it.comes(head(who) + octets(ASK), letters=acknowledged(who))
        receipt = asked.letter(f"tanda_terima {who}")
        for again in range(3):
            mail = answering(receipt, who, f"<{n}.{again}@cuti>") + octets(f"\n{text}\n")
            before = len(it.world.arrived)
            it.passes(mail, touches=[asked.ticket])
            assert who not in [to for to, _ in it.world.arrived[before:]]


def b100_our_own_letter_that_returns_is_ours(it: BadOffice) -> None:
    """Our own mail returns (Message-ID, loop mark, own From): counter only."""
    it.problem()
    for _, sent in list(it.world.arrived):
        it.comes(sent, end=INERT, touches=it.tickets().values())


def b101_another_helpdesk_like_ours_gets_two_letters_at_most(it: BadOffice) -> None:
    """Two maild answer each other: 2 automatic mails per pair and day."""
    asked, twin = it.problem(), "helpdesk@lpse.lain.example"
    letter = asked.letter(f"tanda_terima {SITI}")
    for mark in MARKS:
        del letter[mark]
    for n in range(6):
        letter.replace_header("From", f"LPSE Lain <{twin}>")
        letter.replace_header("Message-ID", f"<{n}@lpse.lain.example>")
        it.passes(as_sent(letter), touches=it.tickets().values())
    assert len([to for to, _ in it.world.arrived if to == twin]) <= 2


def b102_a_ticket_system_gets_one_ticket(it: BadOffice) -> None:
    """maild and RT, Zammad, ServiceNow with own tags: one ticket each side."""
    who = "bantuan@sistem.example"
    asked = it.comes(head(who, "[REQ-7] Gagal unggah") + octets(ASK), letters=acknowledged(who))
    receipt = asked.letter(f"tanda_terima {who}")
    for n in range(4):
        subject = f"[REQ-{n + 8}] {' '.join(str(receipt['Subject']).split())}"
        text = f"Permintaan Anda kami daftarkan dengan nomor REQ-{n + 8}. Tim akan membalas."
        mail = head(who, subject, f"<{n}@sistem>") + octets(f"\n{text}\n")
        it.passes(mail, touches=[asked.ticket])
    assert len(it.tickets()) == 1
    assert len([to for to, _ in it.world.arrived if to == who]) <= 2


def b103_our_letter_sent_back_does_not_grow(it: BadOffice) -> None:
    """Agent or user forwards our mail back to us; Delivered-To twice."""
    asked = it.problem()
    for name in (f"tanda_terima {SITI}", f"tugas_baru {SARI}"):
        sent = as_sent(asked.letter(name))
        routes = octets("Delivered-To: siti@majujaya.example\nDelivered-To: kantor@x.example\n")
        it.comes(routes + sent, end=INERT, touches=[asked.ticket])


def b104_a_list_is_never_answered(it: BadOffice) -> None:
    """Mailing list or newsletter (List-Id, Precedence): a person decides (design: Q)."""
    for n, field in enumerate(("List-Id: <daftar.example>", "Precedence: list", "List-Post: <x>")):
        it.comes(head(mid=f"<{n}@l>") + octets(f"{field}\n{ASK}"), end=HELD)


def b105_an_officers_machine_tells_the_user_nothing(it: BadOffice) -> None:
    """Agent's own auto-reply to our notice: not sent to the user."""
    asked = it.problem()
    notice = asked.letter(f"tugas_baru {SARI}")
    away = octets(f"Auto-Submitted: auto-replied\n\n#selesai\n{AWAY[0]}\n")
    it.comes(answering(notice, BY_SARI) + away, end=INERT, touches=[asked.ticket])
    assert it.tickets()[asked.ticket.id].state is asked.ticket.state
    order = head(BY_SARI, f"[{asked.ticket.number}]") + octets("\n#selesai\nSudah.\n")
    held = it.comes(order, end=HELD, letters=(f"konfirmasi_perintah {SARI}",))
    asks = held.letter(f"konfirmasi_perintah {SARI}")
    word = octets(f"Auto-Submitted: auto-replied\n\n#ya\n{AWAY[0]}\n")
    it.comes(answering(asks, BY_SARI) + word, end=INERT)


def b106_an_officer_may_be_a_user(it: BadOffice) -> None:
    """Sender is agent *and* user; agent writes to help@ as a user: one notice at most."""
    came = it.comes(head(BY_SARI) + octets(ASK), letters=TOLD)
    assert came.ticket.requester.address == SARI

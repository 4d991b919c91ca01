"""B055 to B068: to which ticket a mail belongs."""

from email.message import EmailMessage

from badmail import ASK, answering, head, octets
from badoffice import BY_SARI, CALL, INERT, NOTED, SARI, SITI, TOLD, BadOffice, acknowledged

from kit.office import MAILBOX
from kit.people import COMPLETE, parsed
from kit.service import written
from maild.model.ticket import State, Ticket

FROM_SITI = f"Siti Aminah <{SITI}>"
TONO = "Tono <tono@asing.example>"
MORE = octets("\nMasih belum bisa juga sampai sekarang, mohon bantuannya.\n")
OTHER = COMPLETE.replace("12345678", "87654321")


def b055_an_answer_to_nothing_answers_nothing(it: BadOffice) -> None:
    """In-Reply-To `<>`, empty, with comment, several IDs: two such strangers get two tickets."""
    for field in ("<>", "", "(tanpa nomor)", '""', "<a@x> <b@x>", "<a@x> (komentar <b@x>)"):
        it.asks(*[f"In-Reply-To: {field}\nReferences: {field}\n{ASK}"] * 2)


def b056_a_mark_of_ours_counts_before_what_others_wrote(it: BadOffice) -> None:
    """In-Reply-To names ticket A, References ticket B: a valid token wins."""
    mine = it.problem()
    other = it.problem("Rudi <rudi@karya.example>", OTHER)
    receipt, foreign = mine.letter(f"tanda_terima {SITI}"), other.letters[0][1]["Message-ID"]
    mail = answering(receipt, FROM_SITI)
    thread = f"In-Reply-To: <awal@karya.example>\r\nReferences: {foreign}\r\n"
    mail = mail.partition(b"In-Reply-To")[0] + thread.encode() + MORE
    it.comes(mail, letters=NOTED, opens=0, touches=[mine.ticket])
    (came,) = it.asks(f"In-Reply-To: <x@y.example>\nReferences: <y@z.example>\n{ASK}")
    assert not came.ticket.linked


def b057_a_guessed_number_opens_no_others_ticket(it: BadOffice) -> None:
    """Stranger writes a guessed ticket number in the subject: victim ticket unchanged."""
    victim = it.problem().ticket
    came = it.comes(head(TONO, f"Re: [{victim.number}] Gagal") + octets(ASK),
                    letters=acknowledged("tono@asing.example"))  # fmt: skip
    assert came.ticket.linked == victim.number


def b058_a_forged_message_id_of_ours_proves_nothing(it: BadOffice) -> None:
    """Forged Message-ID of ours without valid token: a new ticket."""
    victim = it.problem().ticket
    for n, forged in enumerate(
        (f"{victim.id}.1@lpse.contoh.go.id", f"{victim.id}.1.AAAA@lpse.contoh.go.id")
    ):
        who = f"tono{n}@asing.example"
        mail = head(who) + octets(f"In-Reply-To: <{forged}>\nReferences: <{forged}>\n", ASK)
        it.comes(mail, letters=acknowledged(who))


def b059_a_third_party_is_shown_and_not_answered(it: BadOffice) -> None:
    """Valid token from another address (forwarded mail): requester unchanged."""
    asked = it.problem()
    receipt = asked.letter(f"tanda_terima {SITI}")
    it.comes(answering(receipt, TONO) + MORE, letters=NOTED, opens=0, touches=[asked.ticket])
    assert it.tickets()[asked.ticket.id].requester == asked.ticket.requester
    assert "pihak ketiga" in it.journal(asked.ticket)


def b060_a_reply_to_a_closed_ticket_opens_it_for_a_while(it: BadOffice) -> None:
    """Reply to closed or merged ticket: reopened within 14 days, later a new one; a merge is
    followed."""
    asked = it.problem()
    ticket, receipt = asked.ticket, asked.letter(f"tanda_terima {SITI}")
    _close(it, ticket, asked.letter(f"tugas_baru {SARI}"))
    reply = answering(receipt, FROM_SITI) + MORE
    opened = it.comes(reply, letters=(f"dibuka_kembali {SARI}",), opens=0, touches=[ticket])
    assert it.tickets()[ticket.id].state.is_open
    _close(it, ticket, opened.letters[0][1])
    it.pass_by(days=40)
    late = answering(receipt, FROM_SITI, "<telat@m>") + octets(ASK)
    came = it.comes(late, letters=acknowledged(SITI))
    assert came.ticket.linked == ticket.number
    other = it.comes(head(FROM_SITI, "Lain") + octets(f"\n{OTHER}\n"), letters=TOLD)
    merge = octets(f"\n#gabung {came.ticket.number}\n")
    both = [other.ticket, came.ticket]
    mail = answering(other.letter(f"tugas_baru {SARI}"), BY_SARI) + merge
    it.comes(mail, letters=(f"resi {SARI}",), opens=0, touches=both)
    named = head(FROM_SITI, f"Re: [{other.ticket.number}]") + MORE
    it.comes(named, letters=NOTED, opens=0, touches=[came.ticket])


def _close(it: BadOffice, ticket: Ticket, notice: EmailMessage) -> None:
    done = answering(notice, BY_SARI) + octets("\n#selesai\nSudah kami perbaiki.\n")
    letters = (f"selesai {SITI}", f"resi {SARI}")
    it.comes(done, letters=letters, opens=0, touches=[ticket])
    assert it.tickets()[ticket.id].state is State.CLOSED


def b061_a_thread_of_five_thousand_is_no_weight(it: BadOffice) -> None:
    """References with 5,000 IDs: the last 100."""
    ids = "\n ".join(f"<{n}@lama.example>" for n in range(5_000))
    (came,) = it.asks(f"References: {ids}\n{ASK}")
    assert len(it.read(it.octets_of(came)).references) == 100


def b062_without_our_message_id_the_mark_or_the_number_tells(it: BadOffice) -> None:
    """Relay changed our Message-ID and phone dropped References: one ticket."""
    asked = it.problem()
    receipt = asked.letter(f"tanda_terima {SITI}")
    marked = head(FROM_SITI, "Re: x", "<2@m>").replace(
        MAILBOX.encode(), str(receipt["Reply-To"]).encode()
    )
    it.comes(marked + MORE, letters=NOTED, opens=0, touches=[asked.ticket])
    named = head(FROM_SITI, f"Re: [{asked.ticket.number}]", "<3@m>") + MORE
    it.comes(named, letters=NOTED, opens=0, touches=[asked.ticket])


def b063_a_reply_before_its_original_shares_its_ticket(it: BadOffice) -> None:
    """Reply arrives before the original: one ticket, right order."""
    first = written(COMPLETE, FROM_SITI, message_id="<1@m>")
    more = "Menyusuli surel tadi, masih belum bisa juga. Mohon bantuannya."
    later = written(more, FROM_SITI, message_id="<2@m>", answering=parsed(first))
    early = it.comes(later, letters=(f"minta_data {SITI}", *CALL))
    it.comes(first, letters=TOLD, opens=0, touches=[early.ticket])
    assert "12345678" in it.said(early.ticket)


def b064_of_two_addresses_of_ours_one_answers(it: BadOffice) -> None:
    """Same mail to two of our addresses; we are only in BCC: 1 acknowledgement."""
    mail = written(COMPLETE, FROM_SITI, message_id="<1@m>")
    twice = [octets(f"Delivered-To: {to}\n") + mail for to in (MAILBOX, "lpse@contoh.go.id")]
    it.comes(*twice, end=("done", INERT), letters=acknowledged(SITI))
    hidden = head("budi@x.example").replace(MAILBOX.encode(), b"lain@jauh.example")
    came = it.comes(
        octets(f"Delivered-To: {MAILBOX}\n") + hidden + octets(ASK), letters=acknowledged()
    )
    assert all("jauh.example" not in str(letter["To"]) for _, letter in came.letters)


def b065_a_copy_along_another_way_is_a_copy(it: BadOffice) -> None:
    """Same mail delivered twice with other Received lines: 1 ticket."""
    mail = head() + octets(ASK)
    way = octets("Received: from lain by sana; Mon, 2 Feb 2026 09:00:00 +0700\n")
    it.comes(mail, way + mail, end=("done", INERT), letters=acknowledged())


def b066_prefixes_are_left_out_for_comparison_only(it: BadOffice) -> None:
    """RE:, Re[2]:, AW:, SV:, ... 回复, [EXTERNAL], repeated 20 times: shown subject intact."""
    prefixes = [
        "RE:",
        "Re[2]:",
        "AW:",
        "SV:",
        "VS:",
        "TR:",
        "RIF:",
        "BLS:",
        "Bls:",
        "TRS:",
        "Fwd:",
        "WG:",
        "回复:",
        "[EXTERNAL]",
    ]
    for n, prefix in enumerate(prefixes):
        who, subject = f"budi{n}@x.example", f"{prefix} " * 20 + "Gagal unggah"
        came = it.comes(head(who, subject) + octets(ASK), letters=acknowledged(who))
        assert came.ticket.subject == subject[:250]
        assert it.read(it.octets_of(came)).subject_base == "gagal unggah"


def b067_a_subject_may_say_nothing_or_too_much(it: BadOffice) -> None:
    """Subject empty, only prefixes, 10,000 characters: 250 at most."""
    for n, subject in enumerate(("", "Re: Fwd: Bls:", "panjang " * 1_250)):
        who = f"budi{n}@x.example"
        ticket = it.comes(head(who, subject) + octets(ASK), letters=acknowledged(who)).ticket
        assert len(ticket.subject) <= 250
        assert ticket.summary


def b068_a_new_matter_in_an_old_thread_can_be_split_off(it: BadOffice) -> None:
    """Old thread reused for a new matter; subject changed: same ticket, `split` offered."""
    asked = it.problem()
    mail = answering(asked.letter(f"tanda_terima {SITI}"), FROM_SITI)
    other = octets("\nKami juga lupa kata sandi akun penyedia. Mohon direset.\n")
    came = it.comes(mail + other, letters=NOTED, opens=0, touches=[asked.ticket])
    told = came.letter(f"pesan_lanjutan {SARI}").get_body(("plain",))
    assert told is not None
    assert "#pisah" in told.get_content()

"""B112 to B120: who pretends to be somebody else. At length: tests/agents."""

from email.message import EmailMessage

from badmail import ASK, SIDE, answering, head, octets
from badoffice import (
    ANSWERED,
    BY_SARI,
    HELD,
    INERT,
    NOTED,
    SARI,
    SITI,
    BadOffice,
    Came,
    acknowledged,
    otherwise,
)

from kit.office import MAILBOX
from kit.people import FOR_LKPP

SERVER = "mx.lpse.contoh.go.id"
FAIL = octets(f"Authentication-Results: {SERVER}; dmarc=fail header.from=contoh.go.id\n")
FROM_SITI = f"Siti Aminah <{SITI}>"
EVE, LKPP = "eve@jahat.example", "helpdesk@lkpp.example"
ORDER = octets("\n#selesai\nSilakan transfer ke rekening 123.\n")
MORE = octets("\nMasih belum bisa juga sampai sekarang, mohon bantuannya.\n")
SOLVED = octets("\nMohon dicoba lagi dengan berkas di bawah 2 MB.\n")
ASKED = (f"konfirmasi_perintah {SARI}",)


def _text(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return f"{letter['Subject']}\n{body.get_content()}"


@otherwise(authserv_id=SERVER)
def b112_a_forged_officer_runs_nothing(it: BadOffice) -> None:
    """Forged agent From, DMARC fail; or no result at all: notice to the real agent."""
    asked = it.problem()
    subject = f"Re: [{asked.ticket.number}]"
    it.comes(FAIL + head(BY_SARI, subject) + ORDER, end=HELD, letters=(f"karantina {SARI}",))
    notice = asked.letter(f"tugas_baru {SARI}")  # even with the real mark
    it.comes(FAIL + answering(notice, BY_SARI) + ORDER, end=HELD, letters=(f"karantina {SARI}",))
    it.comes(head(BY_SARI, subject, "<3@s>") + ORDER, end=HELD, letters=ASKED)


@otherwise(authserv_id=SERVER)
def b113_a_forged_user_does_not_turn_the_answer_away(it: BadOffice) -> None:
    """Forged user From with copied thread headers: answer goes to the stored address only."""
    asked = it.problem()
    fail = FAIL.replace(b"contoh.go.id\r\n", b"majujaya.example\r\n")
    forged = fail + answering(asked.letter(f"tanda_terima {SITI}"), FROM_SITI)
    forged += octets(f"Reply-To: {EVE}\n") + MORE
    it.comes(forged, letters=NOTED, opens=0, touches=[asked.ticket])
    answer = answering(asked.letter(f"tugas_baru {SARI}"), BY_SARI) + SOLVED
    it.comes(answer, letters=ANSWERED, opens=0, touches=[asked.ticket])


def b114_a_copy_makes_nobody_a_party(it: BadOffice) -> None:
    """CC added to a known thread: no mail to the new CC."""
    asked = it.problem()
    reply = answering(asked.letter(f"tanda_terima {SITI}"), FROM_SITI)
    it.comes(reply + octets(f"Cc: {EVE}\n") + MORE, letters=NOTED, opens=0, touches=[asked.ticket])
    answer = answering(asked.letter(f"tugas_baru {SARI}"), BY_SARI) + SOLVED
    it.comes(answer, letters=ANSWERED, opens=0, touches=[asked.ticket])


def b115_a_code_for_us_is_told_to_nobody_outside(it: BadOffice) -> None:
    """Verification mails of third parties sent to help@ (Ticket Trick): never echoed."""
    text = octets("\nYour confirmation code is 482-913. Use it to join the workspace LPSE.\n")
    it.passes(head("Slack <feedback@slack.example>", "Slack confirmation code: 482-913") + text)
    it.passes(head("no-reply@slack.example", "Confirm your email address") + text)
    for recipient, sent in it.world.arrived:
        assert recipient.endswith("@contoh.go.id") or b"482-913" not in sent


def b116_an_acknowledgement_carries_no_strangers_words(it: BadOffice) -> None:
    """Forged requester so that our acknowledgement hits a victim: cap 1/day/address."""
    victim = "korban@lain.example"
    bait = octets(f"{ASK}\nBELI OBAT MURAH https://jahat.example/obat\n")
    first = it.comes(head(victim, "OBAT MURAH SEKALI") + bait, letters=acknowledged(victim))
    told = _text(first.letter(f"tanda_terima {victim}")).lower()
    for word in ("obat", "jahat.example", "12345678"):
        assert word not in told
    for n in range(3):
        it.passes(head(victim, f"OBAT MURAH {n}") + bait, touches=[first.ticket])
    assert [to for to, _ in it.world.arrived].count(victim) <= 2


def b117_a_mail_has_its_effect_once(it: BadOffice) -> None:
    """Replay of a real agent mail; old signed mail sent anew: copy; stale is held."""
    asked = it.problem()
    notice = asked.letter(f"tugas_baru {SARI}")
    answer = answering(notice, BY_SARI) + SOLVED
    it.comes(answer, letters=ANSWERED, opens=0, touches=[asked.ticket])
    way = octets("Received: from jahat by sana; Mon, 2 Feb 2026 09:00:00 +0700\n")
    it.comes(answer, way + answer, end=INERT)
    it.pass_by(days=120)
    stale = head(BY_SARI, "Re: x").replace(MAILBOX.encode(), str(notice["Reply-To"]).encode())
    it.comes(stale + ORDER, end=HELD, letters=ASKED)


def b118_a_mark_in_foreign_hands_dies(it: BadOffice) -> None:
    """Agent's reply token seen from another sender: revoked, new token to the agent."""
    asked = it.problem()
    notice = asked.letter(f"tugas_baru {SARI}")
    stolen = answering(notice, f"Eve <{EVE}>") + ORDER
    came = it.comes(stolen, end=HELD, letters=(f"tanda_baru {SARI}",), touches=[asked.ticket])
    old = answering(notice, BY_SARI, "<lama@s>") + ORDER
    it.comes(old, end=HELD, letters=ASKED)
    fresh = answering(came.letter(f"tanda_baru {SARI}"), BY_SARI) + SOLVED
    it.comes(fresh, letters=ANSWERED, opens=0, touches=[asked.ticket])


def b119_a_false_partner_moves_nothing(it: BadOffice) -> None:
    """False answer "from" the escalation partner: ticket unchanged."""
    asked = _escalated(it)
    notices = tuple(f"surat_pihak_lain {who}" for who in ("budi@contoh.go.id", SARI))
    mail = head(f"Helpdesk LKPP <{LKPP}>", f"[{asked.ticket.number}] Selesai") + MORE
    it.comes(mail, end=HELD, letters=notices)
    near = head("Helpdesk LKPP <helpdesk@lkpp-go.example>", f"Re: [{asked.ticket.number}]")
    it.passes(near + MORE)
    assert SIDE not in [to for to, _ in it.world.arrived]


def b120_who_has_left_is_refused(it: BadOffice) -> None:
    """Commands of a former agent: refused, no change."""
    asked = it.problem()
    left = "Joko Susilo <joko@contoh.go.id>"
    it.comes(head(left, f"[{asked.ticket.number}]") + ORDER, end=HELD)
    mark = answering(asked.letter(f"tugas_baru {SARI}"), left, "<2@j>") + ORDER
    it.comes(mark, end=HELD)


def _escalated(it: BadOffice) -> Came:
    mail = head(FROM_SITI) + octets(f"\n{FOR_LKPP}\n")
    asked = it.comes(mail, letters=acknowledged(SITI))
    order = octets("\n#eskalasi\nSudah dicoba.\n")
    order = answering(asked.letter(f"tugas_baru {SARI}"), BY_SARI) + order
    letters = (f"eskalasi {LKPP}", f"pemberitahuan_eskalasi {SITI}", f"resi {SARI}")
    it.comes(order, letters=letters, opens=0, touches=[asked.ticket])
    return asked

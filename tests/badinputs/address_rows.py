"""B043 to B054: who a mail says it is from, and to."""

from badmail import ASK, SIDE, head, octets
from badoffice import FAILED, HELD, INERT, NOTED, SARI, TOLD, BadOffice, acknowledged

from kit.office import MAILBOX


def b043_a_group_invents_no_recipient(it: BadOffice) -> None:
    """Group syntax, undisclosed-recipients."""
    for n, to in enumerate(
        ("undisclosed-recipients:;", "Teman: a@b.example, c@d.example;", "::;")
    ):
        who = f"budi{n}@x.example"
        mail = head(who).replace(MAILBOX.encode(), to.encode()) + octets(ASK)
        it.comes(mail, letters=acknowledged(who))
    it.comes(
        octets(f"From: Tim: {SIDE};\nTo: {MAILBOX}\nSubject: x\n", ASK), letters=acknowledged()
    )


def b044_a_domain_is_compared_in_its_a_label(it: BadOffice) -> None:
    """IDN domain, punycode, mixed scripts."""
    who = "budi@xn--bcher-kva.example"
    first = it.comes(head("Budi <budi@bücher.example>") + octets(ASK), letters=acknowledged(who))
    assert first.ticket.requester.address == who
    again = head("Budi <budi@XN--BCHER-KVA.example>", mid="<2@x>") + octets(ASK)
    it.comes(again, letters=(*NOTED, f"status_pengguna {who}"), opens=0, touches=[first.ticket])
    mixed = it.comes(head("budi@contоh.go.id") + octets(ASK), letters=acknowledged(MIXED))
    assert mixed.ticket.requester.address == MIXED


MIXED = "budi@xn--conth-mye.go.id"


def b045_an_address_that_the_relay_cannot_carry_stops_nobody(it: BadOffice) -> None:
    """UTF-8 local part while our relay lacks SMTPUTF8: the queue goes on."""
    it.comes(head("jörg@x.example") + octets(ASK), letters=(*TOLD, *FAILED))


def b046_a_name_is_no_address(it: BadOffice) -> None:
    """Display name is an agent's address: name flagged, no rights."""
    ticket = it.problem().ticket
    mail = head(f'"{SARI}" <{SIDE}>', f"[{ticket.number}] x") + octets(f"\n#selesai\n{ASK}")
    it.comes(mail, letters=acknowledged())
    assert "the sender's name shows another address" in it.read(mail).defects


def b047_a_sender_whom_readers_name_differently_is_unclear(it: BadOffice) -> None:
    """`a@x<b@y>`, `a@x)b@y`: the differential check fires, no automatic reply."""
    for n, sender in enumerate((f"a@x.example<{SIDE}>", f"{SARI}<b@y.example>")):
        mail = head(sender, mid=f"<{n}@x>") + octets(ASK)
        assert it.read(mail).sender is None, sender
        it.comes(mail, letters=TOLD)
    it.comes(head("a@x.example)b@y.example") + octets(ASK), end=HELD)


def b048_comments_without_end_are_cut(it: BadOffice) -> None:
    """Comments 3,000 deep; 50,000 backslashes; quote floods."""
    for n, sender in enumerate(
        ("(" * 3_000 + ")" * 3_000 + SIDE, "\\" * 50_000 + SIDE, '"' * 50_000 + SIDE, "<" * 50_000)
    ):
        it.comes(head(sender, mid=f"<{n}@x>") + octets(ASK), end=HELD)


def b049_what_is_no_address_is_never_a_recipient(it: BadOffice) -> None:
    """Quoted local part, trailing dot, `[127.0.0.1]`, localhost, single label."""
    for n, sender in enumerate(
        ('"budi s"@x.example', "budi@[127.0.0.1]", "budi@localhost", "budi@kantor")
    ):
        it.comes(head(sender, mid=f"<{n}@x>") + octets(ASK), letters=(*TOLD, *FAILED))
    it.comes(head("budi@x.example.") + octets(ASK), end=HELD)  # only one reader takes it


def b050_tags_and_dots_are_other_people(it: BadOffice) -> None:
    """Plus tags, case, dots of the same person: no silent merge."""
    for who in ("budi@x.example", "budi+a@x.example", "bu.di@x.example"):
        it.comes(head(who) + octets(ASK), letters=acknowledged(who))


def b051_a_look_alike_of_an_officer_is_a_stranger(it: BadOffice) -> None:
    """Look-alike domain of an agent: not an agent."""
    ticket = it.problem().ticket
    for who, shown in (
        ("sari@c0ntoh.go.id", None),
        ("sari@contоh.go.id", MIXED.replace("budi", "sari")),
    ):
        mail = head(f"Sari Wulandari <{who}>", f"[{ticket.number}] x")
        letters = acknowledged(shown or who)
        it.comes(mail + octets(f"\n#selesai\n{ASK}"), letters=letters)


def b052_an_address_that_is_none_reaches_no_relay(it: BadOffice) -> None:
    """Over 254 characters; control characters, comma or semicolon after decoding."""
    for n, sender in enumerate(
        (
            f"{'a' * 300}@x.example",
            "bu\x01di@x.example",
            "=?utf-8?Q?a@b.example,c@d.example?=",
            "=?utf-8?Q?budi=0D=0A@x.example?=",
        )
    ):
        it.comes(head(sender, mid=f"<{n}@x>") + octets(ASK), end=HELD)


def b053_we_are_nobodys_requester(it: BadOffice) -> None:
    """Requester is our own address or alias: no loop, threads not merged."""
    for n, sender in enumerate(
        (MAILBOX, MAILBOX.replace("@", "+abc@"), f"Helpdesk <{MAILBOX.upper()}>")
    ):
        it.comes(head(sender, mid=f"<{n}@x>") + octets(ASK), end=INERT)


def b054_who_reads_no_answer_gets_none(it: BadOffice) -> None:
    """no-reply@, mailer-daemon@, list address as requester: no acknowledgement."""
    for who in ("no-reply@x.example", "noreply+7@x.example", "postmaster@x.example"):
        it.comes(head(who, "Dokumen penawaran") + octets(ASK), letters=TOLD)

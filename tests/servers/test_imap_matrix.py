"""T06: 16 kinds of trouble in the answers to 10 IMAP commands of a real Dovecot; whatever comes,
each mail is in the ledger once, decided once, and filed once."""

import email
import os
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from dovecot import PASSWORD, Dovecot
from kit.imap_trouble import HOST, KINDS, Troubled
from kit.service import Clock, Service, written
from kit.world import World
from maild.ingest.access import MailboxError
from maild.ingest.mailbox import Mailbox

pytestmark = [pytest.mark.servers, pytest.mark.long]

COMMANDS = {
    "capability": b"CAPABILITY",
    "login": b"AUTHENTICATE",
    "list": b"LIST ",
    "create": b"CREATE ",
    "select": b"SELECT ",
    "search": b"SEARCH ",
    "sizes": b"RFC822.SIZE",
    "fetch": b"BODY.PEEK[]",
    "move": b"UID MOVE",
    "idle": b"IDLE",
}
ROUNDS = 5
# Every third cell, so that each kind and each command has its share; `make reliability` runs all.
CELLS = list(product(COMMANDS, KINDS))[:: int(os.environ.get("MAILD_CELLS_EVERY", "3"))]


@pytest.mark.parametrize(("command", "kind"), CELLS)
def test_whatever_the_answer_each_mail_has_one_effect(
    tmp_path: Path, database_url: str, dovecot: Dovecot, account: str, command: str, kind: str
) -> None:
    for number in (1, 2, 3):
        sender = f"Budi <budi{number}@karya.example>"
        dovecot.put(account, written("Gagal login SPSE.", sender, message_id=f"<{number}@k>"))
    clock = Clock()
    with Troubled(dovecot.imap_port, COMMANDS[command], KINDS[kind]) as proxy:

        def connect(access: Any) -> Mailbox:
            return Mailbox(
                replace(
                    access,
                    host=HOST,
                    port=proxy.port,
                    tls="none",
                    user=account,
                    password=PASSWORD,
                    command_timeout=0.4,
                )
            )

        service = Service(tmp_path, database_url, World(now=clock.now), connect)
        for _ in range(ROUNDS):
            try:
                for step in service.steps():
                    step()
                service.intake._wait(0.05)
            except MailboxError:
                service.intake._disconnect()
            service.intake.bell.hush()
        counts = service.store.counts().mails
        service.close()
    assert proxy.spoilt
    assert counts == {"done": 3}
    with Mailbox(dovecot.access(account)) as mailbox:
        left = mailbox.select("INBOX").exists
        mailbox.select("Ditangani")
        filed = [
            email.message_from_bytes(mail.octets or b"")["Message-ID"]
            for batch in mailbox.fetch(mailbox.sizes(mailbox.uids_from(1)))
            for mail in batch
        ]
    assert left == 0
    assert sorted(filed) == ["<1@k>", "<2@k>", "<3@k>"]

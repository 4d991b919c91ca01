"""The SMTP door over TLS and against a server that is not ours (aiosmtpd)."""

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, Session

from kit.relay import EXTENSIONS, FakeRelay, Letter, go_on
from maild.replies.outbox import Answer, Phase
from maild.replies.smtp import Relay, RelayAccess, RelayPool
from place import HOST, certificate, free_port

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine and its key."""
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def tls(papers: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*papers)
    return context


def deliver(relay: FakeRelay, **access: Any) -> Answer:
    async def test() -> Answer:
        async with relay:
            door = Relay(relay.access(**access))
            try:
                return await door.deliver(Letter(), go_on)
            finally:
                await door.quit()

    return asyncio.run(test())


def test_after_starttls_letters_are_taken_and_the_password_is_sent(papers, tls):
    relay = FakeRelay(tls=tls)
    answer = deliver(relay, tls="starttls", ca_file=papers[0], user="helpdesk", password="rahasia")
    assert (answer.phase, answer.code) == (Phase.DOT, 250)
    verbs = [line.split()[0] for line in relay.commands]
    assert verbs == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]


@pytest.mark.parametrize("trusted", [True, False], ids=["another host", "nobody knows it"])
def test_a_wrong_certificate_is_refused_before_anything_is_said(tmp_path, papers, tls, trusted):
    other = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    files = certificate(tmp_path, "127.0.0.9")
    other.load_cert_chain(*files)
    relay = FakeRelay(tls=other if trusted else tls)
    answer = deliver(
        relay,
        tls="starttls",
        ca_file=files[0] if trusted else None,
        user="helpdesk",
        password="rahasia",
    )
    assert (answer.phase, answer.code) == (Phase.TLS, 0)
    assert "ertificate" in answer.text
    assert relay.count("AUTH") == relay.count("MAIL") == 0


def test_starttls_that_is_hidden_is_missed(papers):
    relay = FakeRelay(extensions=tuple(x for x in EXTENSIONS if x != "STARTTLS"))
    answer = deliver(relay, tls="starttls", ca_file=papers[0], user="helpdesk", password="x")
    assert answer.phase is Phase.TLS
    assert relay.count("AUTH") == 0


class Mailroom:
    """An aiosmtpd handler that remembers; addresses say what happens to them."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("tetap"):
            return "550 5.1.1 unknown user"
        if address.startswith("sementara"):
            return "450 4.2.0 greylisted"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope
    ) -> str:
        self.taken.append((envelope.rcpt_tos[0], envelope.original_content or b""))
        return "250 2.0.0 ok"


def checks(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(
        success=(data.login, data.password) == (b"helpdesk", b"rahasia"), handled=False
    )


@pytest.fixture
def mailroom() -> Iterator[tuple[Mailroom, RelayAccess]]:
    handler, port = Mailroom(), free_port()
    controller = Controller(
        handler,
        hostname=HOST,
        port=port,
        authenticator=checks,
        auth_require_tls=False,
        auth_required=True,
    )
    controller.start()
    yield handler, RelayAccess(HOST, port, "none", "helpdesk", "rahasia", "maild.example")
    controller.stop()


def test_aiosmtpd_takes_what_it_should(mailroom):
    handler, access = mailroom
    answers = {}

    async def on_answer(letter: Letter, answer: Answer) -> None:
        answers[letter.recipient] = (answer.phase, answer.code)

    async def test() -> None:
        pool: RelayPool[Letter] = RelayPool(access, 2)
        names = ("a", "tetap", "b", "sementara", "c")
        await pool.deliver_all([Letter(f"{n}@x.example") for n in names], go_on, on_answer)
        await pool.close()

    asyncio.run(test())
    assert answers == {
        "a@x.example": (Phase.DOT, 250),
        "b@x.example": (Phase.DOT, 250),
        "c@x.example": (Phase.DOT, 250),
        "tetap@x.example": (Phase.RCPT, 550),
        "sementara@x.example": (Phase.RCPT, 450),
    }
    assert sorted(name for name, _ in handler.taken) == [
        "a@x.example",
        "b@x.example",
        "c@x.example",
    ]
    assert all(octets == Letter().octets for _, octets in handler.taken)


def test_aiosmtpd_refuses_a_wrong_password(mailroom):
    _, access = mailroom

    async def test() -> Answer:
        wrong = RelayAccess(access.host, access.port, "none", "helpdesk", "salah", "maild.example")
        return await Relay(wrong).deliver(Letter(), go_on)

    answer = asyncio.run(test())
    assert (answer.phase, answer.code) == (Phase.LOGIN, 535)

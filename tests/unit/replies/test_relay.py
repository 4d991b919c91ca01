"""The SMTP door against a server of the test that goes wrong in every phase (F040, F041)."""

import asyncio
from datetime import UTC, datetime

import pytest

from kit import relay as server
from kit.relay import MESSAGE, FakeRelay, Letter, go_on, run
from maild.replies import smtp
from maild.replies.outbox import Answer, GivenUp, Phase, RetryAt, Sent, Uncertain, after
from maild.replies.smtp import Relay, RelayAccess, RelayPool, RelayRefused

pytestmark = pytest.mark.loopback

NOW = datetime(2026, 2, 2, 2, tzinfo=UTC)
LONG = b"Subject: Halo\r\n\r\n" + b"x" * 76 + b"\r\n" + (b"y" * 76 + b"\r\n") * 60_000


def deliver(relay, letter=None, before_body=go_on, **access):
    """One letter over one connection: the answer."""

    async def test():
        async with relay:
            door = Relay(relay.access(**access))
            try:
                return await door.deliver(letter or Letter(), before_body)
            finally:
                await door.quit()

    return run(test())


def meaning(answer):
    return type(after(answer, 1, NOW, NOW))


KINDS = {
    "421": server.says(b"421 4.3.2 shutting down"),
    "450": server.says(b"450 4.2.0 greylisted"),
    "452 in many lines": server.says(b"452-4.3.1 no space\r\n452 try later"),
    "quota": server.says(b"550 5.4.5 Daily user sending limit exceeded"),
    "500": server.says(b"500 5.5.1 what?"),
    "550": server.says(b"550 5.1.1 unknown user"),
    "a code from nowhere": server.says(b"399 hm"),
    "cut": server.cuts,
    "closed": server.says_and_closes(b""),
    "half an answer": server.says_and_closes(b"25"),
    "silence": server.stays_silent(),
    "a drip": server.stays_silent(b"250-"),
    "garbage": server.says(b"\x16\x03\x01\x00"),
    "endless": server.says(b"\r\n".join([b"250-" + b"x" * 900] * 60)),
}
WIRE = {"a code from nowhere", "cut", "closed", "half an answer", "silence", "a drip", "garbage"}
WIRE |= {"endless"}
ONE_WRITE = {Phase.MAIL, Phase.RCPT, Phase.DATA}


def expected(kind, phase):
    """The table of F040, written out once more."""
    if kind in WIRE:
        return Uncertain if phase is Phase.DOT else RetryAt
    return GivenUp if kind in ("500", "550") and phase >= Phase.MAIL else RetryAt


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("phase", Phase, ids=lambda phase: phase.name)
def test_trouble(phase, kind):
    begun = []

    async def before_body(letter):
        begun.append(letter)
        return True

    access = {"user": "helpdesk", "password": "rahasia"} if phase is Phase.LOGIN else {}
    if phase is Phase.TLS:
        access["tls"] = "starttls"
    letter = Letter(octets=LONG if phase is Phase.BODY else MESSAGE)
    relay = FakeRelay({phase: KINDS[kind]})
    answer = deliver(relay, letter, before_body, **access)
    assert answer.phase in (ONE_WRITE if kind in WIRE and phase in ONE_WRITE else {phase})
    assert meaning(answer) is expected(kind, phase)
    assert bool(begun) is (phase >= Phase.BODY)
    assert relay.messages == []


@pytest.mark.parametrize("phase", [Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT])
@pytest.mark.parametrize("kind", ["450", "550", "cut", "silence"])
def test_trouble_without_pipelining_means_the_same(phase, kind):
    answer = deliver(FakeRelay({phase: KINDS[kind]}, extensions=("8BITMIME",)))
    assert answer.phase is phase
    assert meaning(answer) is expected(kind, phase)


@pytest.mark.parametrize("extensions", [("8BITMIME",), server.EXTENSIONS])
def test_a_letter_that_is_taken_was_sent_as_it_stands(extensions):
    relay = FakeRelay(extensions=extensions)
    answer = deliver(relay)
    assert answer == Answer(Phase.DOT, 250, "2.0.0 queued as 4XYZ")
    assert relay.messages == [MESSAGE.replace(b"\r\n.dua", b"\r\n..dua")]
    verbs = [line.split()[0] for line in relay.commands]
    assert verbs[:4] == ["EHLO", "MAIL", "RCPT", "DATA"]


def test_a_long_letter_arrives_whole():
    relay = FakeRelay()
    assert deliver(relay, Letter(octets=LONG)).code == 250
    assert relay.messages == [LONG]


@pytest.mark.parametrize("code", [200, 250, 251, 299])
def test_any_two_hundred_after_the_dot_is_a_yes(code):
    answer = deliver(FakeRelay({Phase.DOT: server.says(f"{code} fine".encode())}))
    assert meaning(answer) is Sent


@pytest.mark.parametrize(("seconds", "kind"), [(599, Sent), (601, Uncertain)])
def test_a_late_answer_to_the_dot_counts_for_ten_minutes(seconds, kind):
    async def late(peer):
        await server.pause(seconds)
        peer.say(b"250 at last")

    assert meaning(deliver(FakeRelay({Phase.DOT: late}))) is kind


def test_a_yes_and_a_cut_together_are_a_yes():
    answer = deliver(FakeRelay({Phase.DOT: server.says_and_closes(b"250 ok\r\n")}))
    assert meaning(answer) is Sent


def test_the_body_waits_for_the_commit_and_not_one_byte_leaves_when_it_fails():
    relay = FakeRelay()

    async def before_body(_letter):
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        deliver(relay, before_body=before_body)
    assert relay.messages == []


def test_a_letter_that_is_not_ours_any_more_stays_here():
    relay = FakeRelay()

    async def before_body(_letter):
        return False

    answer = deliver(relay, before_body=before_body)
    assert (answer.phase, answer.code) == (Phase.DATA, 0)
    assert relay.messages == []


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "siti",
            "@x.example",
            "siti@localhost",
            "siti@x",
            "siti@[127.0.0.1]",
            "a@b@c.example",
        ),
        *('"a b"@x.example', "a b@x.example", "a@x.example.", ".a@x.example", "a..b@x.example"),
        *("a@x..example", "a@-x.example", "a,b@x.example", "a;b@x.example", "a@x.example\r\nDATA"),
        *(
            "a@x.example>\r\nRCPT TO:<b@x.example",
            "a\0@x.example",
            "a@x.example\n",
            "<a@x.example>",
        ),
        *("x" * 65 + "@x.example", "a@" + "x" * 64 + ".example", "a@" + "x." * 130 + "example"),
        *("a@1.2.3.4", "a@b.localhost", "a@münchen.example", "a\u2028b@x.example", "a\ud800@x.id"),
    ],
)
def test_an_address_that_is_none_never_reaches_the_server(address):
    relay = FakeRelay()
    answer = deliver(relay, Letter(recipient=address))
    assert meaning(answer) is GivenUp
    assert relay.connections == 0


@pytest.mark.parametrize(
    "address",
    ["a@x.example", "a.b+c_d@sub.x.co.id", "o'neil@x.example", "a@xn--mnchen-3ya.example"],
)
def test_a_sound_address_is_used(address):
    relay = FakeRelay()
    assert deliver(relay, Letter(recipient=address)).code == 250
    assert f"RCPT TO:<{address}>" in relay.commands


def test_an_address_outside_ascii_needs_a_relay_that_knows_such():
    letter = Letter(recipient="señor@x.example", octets="To: señor@x.example\r\n\r\n".encode())
    relay = FakeRelay()
    assert deliver(relay, letter).code == 250
    assert "SMTPUTF8" in relay.commands[1]
    without = tuple(x for x in server.EXTENSIONS if x != "SMTPUTF8")
    relay = FakeRelay(extensions=without)
    assert meaning(deliver(relay, letter)) is GivenUp
    assert relay.count("MAIL") == 0


@pytest.mark.parametrize(
    ("letter", "extensions"),
    [
        (Letter(octets=b"Subject: \xc3\xa9\r\n\r\n"), ("PIPELINING", "SIZE")),
        (Letter(octets=LONG), ("PIPELINING", "SIZE 1000000")),
    ],
    ids=["eight bits", "too large"],
)
def test_what_the_relay_cannot_take_is_told_before_it_is_sent(letter, extensions):
    relay = FakeRelay(extensions=extensions)
    assert meaning(deliver(relay, letter)) is GivenUp
    assert relay.count("MAIL") == 0


def test_an_own_address_with_a_line_end_sends_no_command():
    relay = FakeRelay()
    assert meaning(deliver(relay, Letter(sender="a@b.example>\r\nRSET"))) is GivenUp
    assert relay.commands[1:] == ["QUIT"]


@pytest.mark.parametrize(
    ("octets", "wire"),
    [
        (b"a\n.\nb", b"a\r\n..\r\nb\r\n"),
        (b"a\r.\rb\r\n", b"a\r\n..\r\nb\r\n"),
        (b".\r\n", b"..\r\n"),
        (b"a\r\n.\r\n", b"a\r\n..\r\n"),
        (b"a\n\r\n", b"a\r\n\r\n"),
        (b"", b""),
    ],
)
def test_no_server_sees_the_end_of_a_message_inside_it(octets, wire):
    relay = FakeRelay()
    assert deliver(relay, Letter(octets=octets)).code == 250
    assert relay.messages == [wire]


def several(relay, count, size=1, before_body=go_on, letters=None, **access):
    """Letters over a pool: their answers, in the order in which they came."""
    answers = []

    async def on_answer(letter, answer):
        answers.append((letter, answer))

    async def test():
        async with relay:
            pool = RelayPool(relay.access(**access), size)
            sent = letters or [Letter(f"u{n}@x.example") for n in range(count)]
            try:
                await pool.deliver_all(sent, before_body, on_answer)
            finally:
                await pool.close()
            assert sorted(map(id, sent)) == sorted(id(letter) for letter, _ in answers)

    run(test())
    return [answer for _, answer in answers]


def test_letters_share_a_connection_up_to_a_number(monkeypatch):
    monkeypatch.setattr(smtp, "MAILS_A_CONNECTION", 3)
    relay = FakeRelay()
    assert all(answer.code == 250 for answer in several(relay, 7))
    assert relay.connections == 3
    assert len(relay.messages) == 7
    assert relay.count("QUIT") == 3


def test_an_idle_connection_is_not_used_again(monkeypatch):
    monkeypatch.setattr(smtp, "IDLE_SECONDS", -1.0)
    relay = FakeRelay()
    assert all(answer.code == 250 for answer in several(relay, 3))
    assert relay.connections == 4, "one of them only looked whether the relay is there"


def test_a_refused_recipient_costs_no_connection():
    async def refuses_the_second(peer):
        second = relay.count("RCPT") == 2
        peer.say(b"550 5.1.1 unknown user" if second else b"250 ok")

    relay = FakeRelay({Phase.RCPT: refuses_the_second})

    async def says_503(peer):
        refused = relay.commands[-2] == "RCPT TO:<u1@x.example>"
        peer.say(b"503 no recipient" if refused else b"354 go")
        if not refused:
            await relay._message(peer)

    relay.troubles[Phase.DATA] = says_503
    codes = [answer.code for answer in several(relay, 4)]
    assert codes == [250, 550, 250, 250]
    assert relay.connections == 1
    assert relay.count("RSET") == 1


def test_a_server_that_wants_a_message_without_a_recipient_gets_none():
    relay = FakeRelay({Phase.RCPT: server.says(b"550 5.1.1 unknown user")})
    answers = several(relay, 2)
    assert [answer.code for answer in answers] == [550, 550]
    assert relay.messages == []
    assert relay.connections == 2


@pytest.mark.parametrize("kind", ["cut", "421"])
def test_a_kept_connection_that_has_died_says_nothing_about_a_letter(kind):
    relay = FakeRelay()

    async def breaks_once(peer):
        if relay.count("MAIL") == 2:
            await KINDS[kind](peer)
        else:
            peer.say(b"250 ok")

    relay.troubles[Phase.MAIL] = breaks_once
    assert [answer.code for answer in several(relay, 3)] == [250, 250, 250]
    assert relay.connections == 2


def test_after_421_the_next_letter_has_a_new_connection():
    relay = FakeRelay({Phase.DOT: KINDS["421"]}, once=True)
    assert [answer.code for answer in several(relay, 2)] == [421, 250]
    assert relay.connections == 2


def test_several_connections_work_side_by_side():
    relay = FakeRelay()
    together = []

    async def before_body(letter):
        together.append(letter)
        while len(together) < 3:
            await asyncio.sleep(0)
        return True

    assert len(several(relay, 9, size=3, before_body=before_body)) == 9
    assert relay.connections == 3


@pytest.mark.parametrize("size", [1, 4])
def test_a_wrong_password_is_tried_once(size):
    relay = FakeRelay({Phase.LOGIN: server.says(b"535 5.7.8 no")})
    answers = several(relay, 10, size=size, user="helpdesk", password="salah")
    assert {(a.phase, a.code) for a in answers} == {(Phase.LOGIN, 535)}
    assert len(answers) == 10
    assert relay.count("AUTH") == 1
    assert all(meaning(answer) is RetryAt for answer in answers)


def test_a_relay_that_takes_one_connection_only_still_gets_every_letter():
    async def one_only(peer):
        peer.say(b"220 hello" if relay.connections == 1 else b"421 4.7.0 too many connections")

    relay = FakeRelay({Phase.CONNECT: one_only})
    answers = several(relay, 6, size=4)
    assert [answer.code for answer in answers] == [250] * 6


def test_a_relay_that_is_not_there_answers_for_every_letter():
    async def test():
        async with FakeRelay() as relay:
            access = relay.access()
        answers = []

        async def on_answer(letter, answer):
            answers.append(answer)

        await RelayPool(access, 4).deliver_all([Letter()] * 3, go_on, on_answer)
        return answers

    answers = run(test())
    assert [(a.phase, a.code) for a in answers] == [(Phase.CONNECT, 0)] * 3


def test_no_letters_need_no_connection():
    relay = FakeRelay()
    assert several(relay, 0, letters=[]) == []
    assert relay.connections == 0


def test_without_tls_only_this_machine_is_spoken_to():
    access = RelayAccess("smtp.contoh.go.id", 25, "none", "", "")
    with pytest.raises(ValueError, match="starttls"):
        Relay(access)
    for host in ("localhost", "127.0.0.1", "::1"):
        Relay(RelayAccess(host, 25, "none", "", ""))


def test_a_relay_without_starttls_is_refused_when_it_is_wanted():
    relay = FakeRelay(extensions=("PIPELINING",))
    answer = deliver(relay, tls="starttls")
    assert (answer.phase, answer.code) == (Phase.TLS, 0)
    assert relay.count("MAIL") == 0


def test_a_missing_file_of_authorities_is_told_before_anything_is_said(tmp_path):
    relay = FakeRelay()
    answer = deliver(relay, tls="starttls", ca_file=tmp_path / "none.pem")
    assert (answer.phase, answer.code) == (Phase.CONNECT, 0)
    assert relay.connections == 0


def test_the_password_stands_in_no_answer_and_no_repr():
    relay = FakeRelay({Phase.LOGIN: server.says(b"535 5.7.8 no")})
    answer = deliver(relay, user="helpdesk", password="sangat-rahasia")
    assert "rahasia" not in repr(answer)
    assert "rahasia" not in repr(RelayAccess("localhost", 25, "none", "u", "sangat-rahasia"))


def test_a_check_gives_the_greeting_or_says_in_which_phase_it_failed():
    async def check(relay):
        async with relay:
            door = Relay(relay.access())
            try:
                return await door.check()
            finally:
                await door.quit()

    assert run(check(FakeRelay())) == "relay.example"
    with pytest.raises(RelayRefused) as refused:
        run(check(FakeRelay({Phase.HELLO: server.says(b"550 go away")})))
    assert refused.value.answer == Answer(Phase.HELLO, 550, "go away")

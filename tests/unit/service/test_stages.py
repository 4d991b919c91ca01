"""The stages on a simulated server: what is uncertain, late, refused or gone has its due end."""

import email
import email.policy
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from kit.office import MAILBOX
from kit.service import Clock, Service, written
from kit.world import SILENCE, TAKEN, Shelf
from maild.ingest.access import MailboxError
from maild.replies.outbox import Answer, Phase
from maild.replies.smtp import Letter
from maild.service.stages import desk
from maild.service.stages.doubt import PATIENCE
from maild.service.trouble import HOLD_SECONDS, troubles
from maild.store import crash
from maild.store.errors import StoreUnavailable
from maild.store.values import LetterState

GREY = Answer(Phase.RCPT, 451, "4.7.1 greylisted")
WRONG = Answer(Phase.LOGIN, 535, "5.7.8 authentication failed")
PROBLEM = "Kami CV Maju Jaya gagal unggah dokumen penawaran, mohon dibantu."


def states(service: Service) -> dict[str, str]:
    return {x.template: x.state.value for x in service.store.letters()}


def work(service: Service, clock: Clock, minutes: float) -> None:
    """Rounds, a minute apart."""
    for _ in range(round(minutes)):
        service.round()
        clock.move(minutes=1)


def subject(octets: bytes) -> str:
    return str(email.message_from_bytes(octets, policy=email.policy.default)["Subject"])


def silent(service: Service) -> None:
    """The relay falls silent after every final dot."""
    service.world.relay = lambda letter: SILENCE


def an_answer_is_uncertain(service: Service, clock: Clock) -> bytes:
    """Sari's answer to Siti is uncertain; gives its octets."""
    service.world.put(written(PROBLEM))
    work(service, clock, 2)
    task = next(octets for to, octets in service.world.arrived if to.startswith("sari"))
    silent(service)
    service.world.put(
        written(
            "Mohon dicoba lagi.",
            sender="Sari Wulandari <sari@contoh.go.id>",
            message_id="<jawab@contoh.go.id>",
            answering=email.message_from_bytes(task),
        )
    )
    work(service, clock, 1)
    [answer] = [x for x in service.store.letters() if x.template == "jawaban"]
    assert answer.state is LetterState.UNCERTAIN
    octets = service.store.letter_octets(answer.name)
    assert octets is not None
    return octets


def test_an_uncertain_answer_is_sent_once_more_after_a_look_and_with_the_same_octets(
    service: Service, clock: Clock
) -> None:  # R7c
    octets = an_answer_is_uncertain(service, clock)
    tried: list[bytes] = []

    def still_silent(letter: Letter) -> Answer:
        tried.append(letter.octets)
        return SILENCE

    service.world.relay = still_silent
    work(service, clock, PATIENCE / timedelta(minutes=1) - 2)
    assert octets not in tried
    work(service, clock, 12)
    assert tried.count(octets) == 1
    assert states(service)["jawaban"] == "uncertain"  # again silent: not a third time
    service.world.relay = lambda letter: TAKEN
    service.world.arrived.clear()
    work(service, clock, 60)
    assert octets not in [o for _, o in service.world.arrived]


def test_what_is_sent_once_more_is_the_very_letter(service: Service, clock: Clock) -> None:
    octets = an_answer_is_uncertain(service, clock)
    service.world.relay = lambda letter: TAKEN
    service.world.arrived.clear()
    work(service, clock, 30)
    assert [o for _, o in service.world.arrived].count(octets) == 1
    assert states(service)["jawaban"] == "sent"


def test_a_notice_that_is_uncertain_is_never_sent_again(service: Service, clock: Clock) -> None:
    silent(service)  # R7b
    service.world.put(written(PROBLEM))
    work(service, clock, 2)
    assert set(states(service).values()) == {"uncertain"}
    service.world.relay = lambda letter: TAKEN
    work(service, clock, 120)
    assert not [o for to, o in service.world.arrived if to == "siti@majujaya.example"]


@pytest.mark.parametrize("special", ["Sent", ""])
def test_a_copy_in_the_sent_folder_is_proof(
    service: Service, clock: Clock, special: str
) -> None:  # R7a, F008
    if not special:  # named in config.toml, for a server that marks none
        mailbox = replace(service.settings.mailbox, sent="Terkirim")
        service.parts.settings = replace(service.settings, mailbox=mailbox)
        service.intake = service.parts.intake(lambda: None)
    octets = an_answer_is_uncertain(service, clock)
    service.world.shelves["Terkirim"] = Shelf(special=special)
    service.world.put(octets, "Terkirim")
    service.world.relay = lambda letter: TAKEN
    service.world.arrived.clear()
    work(service, clock, 30)
    assert states(service)["jawaban"] == "sent"
    assert octets not in [o for _, o in service.world.arrived]


@pytest.mark.parametrize("how", ["reply", "report", "copy"])
def test_a_mail_that_names_the_letter_is_proof(service: Service, clock: Clock, how: str) -> None:
    octets = an_answer_is_uncertain(service, clock)  # R7a
    letter = email.message_from_bytes(octets)
    if how == "reply":
        mail = written("Terima kasih.", message_id="<tk@majujaya.example>", answering=letter)
    elif how == "report":
        mail = (
            b"From: MAILER-DAEMON@mx.example\r\nTo: helpdesk@lpse.contoh.go.id\r\n"
            b"Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
            b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
            b"Final-Recipient: rfc822; siti@majujaya.example\r\nAction: failed\r\n"
            b"Status: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: "
            + letter["Message-ID"].encode()
            + b"\r\n\r\n--b--\r\n"
        )
    else:
        mail = octets
    service.world.put(mail)
    work(service, clock, 1)
    assert states(service)["jawaban"] == "sent"


def test_a_late_letter_is_told_once_and_its_end_once_more(service: Service, clock: Clock) -> None:
    def relay_for(letter):  # type: ignore[no-untyped-def]
        return GREY if letter.recipient == "siti@majujaya.example" else TAKEN

    service.world.relay = relay_for  # F044
    service.world.put(written(PROBLEM))
    for _ in range(11):
        work(service, clock, 1)
        clock.move(minutes=29)
    warned = len([x for x in service.store.letters() if x.template == "surat_gagal"])
    assert warned
    subjects = [" ".join(subject(octets).split()) for _, octets in service.world.arrived]
    assert len([s for s in subjects if s.endswith("belum terkirim")]) == warned
    for _ in range(3):
        work(service, clock, 1)
        clock.move(hours=3)
    assert len([x for x in service.store.letters() if x.template == "surat_gagal"]) == warned
    for _ in range(12):
        work(service, clock, 1)
        clock.move(hours=12)
    to_siti = [x for x in service.store.letters() if x.recipient == "siti@majujaya.example"]
    assert to_siti[0].state is LetterState.FAILED
    assert len([x for x in service.store.letters() if x.template == "surat_gagal"]) > warned


def test_a_mail_that_the_server_does_not_give_is_parked_with_the_reason_and_can_be_fetched_again(
    service: Service, clock: Clock
) -> None:
    uid = service.world.put(written(PROBLEM, X_Withheld="yes"))
    service.round()
    [mail] = service.store.parked()
    assert mail.note == "the server does not give it"
    inbox = service.world.shelves["INBOX"].mails
    inbox[uid] = (written(PROBLEM), clock.now())
    assert service.store.retry_mails([mail.id]) == 1
    service.round()
    assert service.store.counts().mails == {"done": 1}


def test_an_oversize_mail_is_fetched_after_all_when_it_is_released(
    service: Service, clock: Clock
) -> None:
    service.intake._settings = replace(service.settings.mailbox, max_mail_bytes=5_000)
    service.world.put(written(PROBLEM + " x" * 5_000))
    service.round()
    [mail] = service.store.mails("oversize")
    assert str(mail.size) in mail.note
    service.world.shelves["INBOX"].mails[mail.uid] = (written(PROBLEM), clock.now())
    assert service.store.retry_mails([mail.id]) == 1
    service.round()
    assert service.store.counts().mails == {"done": 1}


@pytest.mark.parametrize("step", ["sizes", "fetch"])
def test_a_mail_that_goes_after_it_was_listed_has_its_end_state(
    service: Service, step: str
) -> None:  # F034
    service.world.put(written(PROBLEM))

    def expunge(at: str) -> None:
        if at == step:
            service.world.shelves["INBOX"].mails.clear()

    service.world.trouble = expunge
    service.round()
    assert service.store.counts().mails == {"vanished": 1}


def test_a_wrong_password_is_tried_three_times_then_once_an_hour_and_the_operator_is_told(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:  # F031
    tries, rests = [], []

    def refuse(step: str) -> None:
        if step == "login":
            tries.append(step)
            raise MailboxError("auth", "helpdesk is not let in", "Check user and password")

    def rest(seconds: float, stopping: object) -> None:
        rests.append(seconds)

    service.world.trouble = refuse
    monkeypatch.setattr(service.intake, "_rest", rest)
    service.intake.run(lambda: len(rests) >= 5)
    assert len(tries) == 5
    assert all(seconds < 60 for seconds in rests[:2])
    assert rests[2:] == [HOLD_SECONDS] * 3
    assert "not let in" in troubles(service.store)["mailbox"]


def test_a_rest_is_not_cut_short_by_work_that_waits(service: Service) -> None:
    service.intake.bell.ring()
    looks = iter([False, False, True])
    service.intake._rest(0.01, lambda: next(looks, True))
    assert next(looks, "all used") == "all used"


def test_the_trouble_is_over_when_the_mailbox_opens_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = iter([True] * 3)

    def refuse(step: str) -> None:
        if step == "login" and next(failing, False):
            raise MailboxError("auth", "helpdesk is not let in", "Check user and password")

    service.world.trouble = refuse
    monkeypatch.setattr(service.intake, "_rest", lambda seconds, stopping: None)
    service.intake.run(lambda: service.world.steps[-1:] == ["wait"])
    assert troubles(service.store) == {}


def test_a_trouble_that_a_new_password_has_ended_is_over_after_the_restart(
    service: Service,
) -> None:
    service.store.keep_setting("trouble.mailbox", "since yesterday: not let in")
    service.intake.work()
    assert troubles(service.store) == {}


def test_one_process_reads_the_mailbox_and_another_takes_over_when_it_ends(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:  # design 3: one poller per mailbox
    other = ExitStack()
    assert other.enter_context(service.store.polling(MAILBOX))
    steps_while_waiting: list[list[str]] = []

    def rest(seconds: float, stopping: object) -> None:
        steps_while_waiting.append(list(service.world.steps))
        if len(steps_while_waiting) == 3:
            other.close()

    monkeypatch.setattr(service.intake, "_rest", rest)
    service.intake.run(lambda: len(steps_while_waiting) > 9 or "wait" in service.world.steps)
    assert steps_while_waiting == [[], [], []]
    assert "wait" in service.world.steps


def test_a_lost_database_may_have_lost_the_right_to_read_the_mailbox(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    polling = service.store.polling

    def counted(mailbox: str):  # type: ignore[no-untyped-def]
        asked.append(mailbox)
        return polling(mailbox)

    def fail(*_: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(service.store, "polling", counted)
    monkeypatch.setattr(service.store, "folder", fail)
    monkeypatch.setattr(service.intake, "_rest", lambda seconds, stopping: None)
    service.intake.run(lambda: len(asked) >= 2)
    assert asked == [MAILBOX, MAILBOX]


def test_a_refused_login_at_the_relay_is_held_too(service: Service, clock: Clock) -> None:
    attempts = []

    def refuse(letter):  # type: ignore[no-untyped-def]
        attempts.append(clock.now())
        return WRONG

    service.world.relay = refuse  # F031
    service.world.put(written(PROBLEM))
    work(service, clock, 45)
    rounds = len(set(attempts))
    assert rounds == 3
    assert "535" in troubles(service.store)["relay"]
    service.world.relay = lambda letter: TAKEN
    work(service, clock, 60)
    assert set(states(service).values()) == {"sent"}
    assert troubles(service.store) == {}


def test_letters_may_leave_while_the_next_batch_is_decided(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "BATCH", 1)
    for number in range(3):
        service.world.put(written(PROBLEM, message_id=f"<{number}@majujaya.example>"))
    service.intake.work()
    written_by_then: list[int] = []
    service.parts.desk.work(lambda: written_by_then.append(len(list(service.store.letters()))))
    assert len(written_by_then) == 3
    assert 0 < written_by_then[0] < written_by_then[-1]


def test_mail_that_was_taken_and_not_looked_at_has_not_failed(service: Service) -> None:
    service.world.put(written(PROBLEM))
    service.intake.work()
    for _ in range(5):
        service.parts.desk.work(lambda: None, lambda: True)
    service.round()
    assert service.store.counts().mails == {"done": 1}


def test_what_the_relay_has_answered_is_noted_though_the_database_failed_at_that_moment(
    service: Service, clock: Clock
) -> None:  # found by the simulation, seed 1000
    service.world.put(written(PROBLEM))
    service.intake.work()
    service.parts.desk.work(lambda: None)
    beginnings = []

    def fail_the_second(name: str) -> None:
        if name == "Outbox.body_started.before":
            beginnings.append(name)
            if len(beginnings) == 2:
                raise StoreUnavailable("refused")

    crash.arm(crash.Armed(reached=fail_the_second))
    try:
        with pytest.raises(StoreUnavailable):
            service.parts.courier.work()
    finally:
        crash.arm(None)
    [first, *_] = service.world.arrived
    clock.move(minutes=1)
    service.parts.courier.work()
    clock.move(minutes=30)
    service.parts.courier.work()
    assert {x.state.value for x in service.store.letters()} == {"sent"}
    assert [octets for _, octets in service.world.arrived].count(first[1]) == 1

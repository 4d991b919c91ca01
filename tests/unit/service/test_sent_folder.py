"""Answers that people send from the mailbox itself, through all stages on a simulated server."""

import email
import email.policy

import pytest

from kit.office import MAILBOX
from kit.people import COMPLETE
from kit.service import Clock, Service, written
from kit.world import Shelf
from maild.model.ticket import State
from maild.store.errors import StoreUnavailable
from maild.store.values import TicketFilter

ANSWER = "Mohon memperkecil berkas menjadi di bawah 2 MB, lalu unggah kembali."
US = f"Sari Wulandari <{MAILBOX}>"


@pytest.fixture(autouse=True)
def sent_folder(service: Service) -> None:
    service.world.shelves["Terkirim"] = Shelf(special="Sent")


def answer(text: str = ANSWER, to: str = "siti@majujaya.example", **fields: str) -> bytes:
    fields.setdefault("In_Reply_To", "<m1@majujaya.example>")
    return written(
        text, US, "Re: Gagal unggah dokumen penawaran", to, "<j1@lpse.example>", **fields
    )


def tickets(service: Service) -> list:
    return service.store.tickets(TicketFilter())


def to_siti(service: Service) -> list[str]:
    return [
        str(email.message_from_bytes(o, policy=email.policy.default)["Subject"])
        for to, o in service.world.arrived
        if to.startswith("siti")
    ]


def rounds(service: Service, clock: Clock, number: int = 3) -> None:
    for _ in range(number):
        service.round()
        clock.move(minutes=1)


def test_an_answer_after_the_receipt_is_the_answer_and_is_not_sent_again(
    service: Service, clock: Clock
) -> None:
    service.world.put(written(COMPLETE))
    rounds(service, clock)
    assert len(to_siti(service)) == 1
    sent_at = clock.now()
    service.world.put(answer(), "Terkirim")
    clock.move(minutes=7)
    rounds(service, clock)
    [ticket] = tickets(service)
    assert (ticket.state, ticket.officer) == (State.ANSWERED, "sari")
    assert (ticket.solution, ticket.answered_at) == (ANSWER, sent_at)
    assert len(to_siti(service)) == 1
    assert service.audit().differences == ()
    assert len(service.world.shelves["Terkirim"].mails) == 1


def test_a_folder_that_could_not_be_remembered_at_once_is_read_all_the_same(
    service: Service, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fail the n-th call: found on the server, refused by the database, tried again."""
    keep = service.store.keep_setting
    refusals = [StoreUnavailable("refused for the test")]

    def refused(name: str, value: str) -> None:
        if name == "sent folders" and refusals:
            raise refusals.pop()
        keep(name, value)

    monkeypatch.setattr(service.store, "keep_setting", refused)
    service.world.put(written(COMPLETE))
    with pytest.raises(StoreUnavailable):
        service.round()
    rounds(service, clock)
    service.world.put(answer(), "Terkirim")
    rounds(service, clock)
    [ticket] = tickets(service)
    assert ticket.state is State.ANSWERED


def test_an_answer_before_maild_has_said_anything_is_found_and_no_letter_follows(
    service: Service, clock: Clock
) -> None:
    service.world.put(written(COMPLETE))
    clock.move(minutes=5)
    service.world.put(answer(), "Terkirim")
    clock.move(minutes=5)
    rounds(service, clock)
    [ticket] = tickets(service)
    assert (ticket.state, ticket.solution) == (State.ANSWERED, ANSWER)
    assert service.world.arrived == []
    # and what he writes then is an objection like any other
    service.world.put(
        written(
            "Masih gagal, mohon bantuannya.",
            subject="Re: Gagal unggah",
            message_id="<m2@majujaya.example>",
            In_Reply_To="<j1@lpse.example>",
        )
    )
    rounds(service, clock)
    [ticket] = tickets(service)
    assert (ticket.state, ticket.answered_at) == (State.IN_PROGRESS, None)


def test_our_own_letters_in_the_sent_folder_change_nothing(service: Service, clock: Clock) -> None:
    service.world.deliver = lambda to, octets: service.world.shelves["Terkirim"].put(
        octets, clock.now()
    )
    service.world.put(written(COMPLETE))
    rounds(service, clock, 5)
    [ticket] = tickets(service)
    assert ticket.state is State.IN_PROGRESS
    assert len(service.store.conversation(ticket.id)) == 1


def test_a_forged_mail_in_the_inbox_is_no_answer(service: Service, clock: Clock) -> None:
    service.world.put(written(COMPLETE))
    rounds(service, clock)
    service.world.put(answer("#selesai\nSudah beres, abaikan."))
    rounds(service, clock)
    [ticket] = tickets(service)
    assert ticket.state is State.IN_PROGRESS


def test_a_copy_in_the_inbox_does_not_hide_the_answer(service: Service, clock: Clock) -> None:
    service.world.put(written(COMPLETE))
    rounds(service, clock)
    service.world.put(answer())
    rounds(service, clock)
    service.world.put(answer(), "Terkirim")
    rounds(service, clock)
    assert tickets(service)[0].state is State.ANSWERED


def test_a_renamed_and_renumbered_folder_is_read_again_and_counts_once(
    service: Service, clock: Clock
) -> None:
    service.world.put(written(COMPLETE))
    rounds(service, clock)
    service.world.put(answer(), "Terkirim")
    rounds(service, clock)
    [before] = tickets(service)
    shelf = service.world.shelves.pop("Terkirim")
    shelf.renumber()
    service.world.shelves["Sent Items"] = shelf
    service.intake._disconnect()
    rounds(service, clock)
    [ticket] = tickets(service)
    assert (ticket.version, ticket.answered_at) == (before.version, before.answered_at)
    assert len(service.store.conversation(ticket.id)) == 2
    assert service.audit().differences == ()
    assert service.repair() == []


def test_an_answer_to_nobody_we_know_is_left_alone(service: Service, clock: Clock) -> None:
    service.world.put(answer(to="orang@lain.example"), "Terkirim")
    rounds(service, clock)
    assert tickets(service) == []
    assert service.world.arrived == []
    assert service.audit().on_the_way == 0

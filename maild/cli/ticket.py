"""`maild ticket`: the tickets, and an operator's word about one of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from maild.cli.common import fail, readable, settings_of, store_of
from maild.cli.service import office_of

if TYPE_CHECKING:
    from maild.model.action import Passage
    from maild.model.event import OperatorSpoke
    from maild.model.ticket import Match, Ticket
    from maild.service.settings import Settings
    from maild.service.wiring import Parts
    from maild.store.store import Store

app = typer.Typer(help="Tickets.", no_args_is_help=True)
_JSON = typer.Option("--json", help="JSON, one object a line.")
_Number = Annotated[str, typer.Argument(help="Ticket number, such as LPSE-2026-000042.")]


@app.command("list")
def list_tickets(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Finished ones too.")] = False,
    requester: Annotated[str, typer.Option(help="Only of this address.")] = "",
    text: Annotated[str, typer.Option(help="Only with these words in the subject.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 100,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """The open tickets, newest first."""
    from maild.model.ticket import State
    from maild.store.values import TicketFilter

    settings = settings_of(context)
    states = () if everything else tuple(s.value for s in State if s is not State.CLOSED)
    wanted = TicketFilter(states=states, requester=requester, text=text, limit=limit)
    with store_of(settings) as store:
        tickets = store.tickets(wanted)
    for ticket in tickets:
        if as_json:
            typer.echo(_json(ticket))
            continue
        due = _local(ticket.due_at, settings.office.zone)
        level = ticket.assessment.priority.level
        typer.echo(
            f"{ticket.number}  P{level}  {ticket.state.value:<13} {ticket.row:<4} {due:<17}"
            f" {ticket.requester.address[:28]:<28} {readable(ticket.summary[:60])}"
        )


@app.command()
def show(context: typer.Context, number: _Number, as_json: Annotated[bool, _JSON] = False) -> None:
    """One ticket: what is known, what was said, what was done and why."""
    settings = settings_of(context)
    zone = settings.office.zone
    with store_of(settings) as store:
        ticket = _find(store, number)
        conversation, journal = store.conversation(ticket.id), store.journal(ticket.id)
        letters = store.letters(ticket=ticket.id)
        turns = _turns(settings, ticket, store.passages_of(ticket.id))
    if as_json:
        whole = {
            "ticket": ticket,
            "conversation": conversation,
            "journal": journal,
            "letters": letters,
            "turns": turns,
        }
        typer.echo(_json(whole))
        return
    assessment = ticket.assessment
    typer.echo(f"{ticket.number}  {readable(ticket.summary)}")
    for label, value in (
        ("requester", str(ticket.requester)),
        ("state", f"{ticket.state.value}, SOP row {ticket.row}"),
        ("priority", f"{assessment.priority.level} ({assessment.priority.value})"),
        ("category", f"{assessment.category} ({assessment.kind.value})"),
        ("received", _local(ticket.received_at, zone)),
        ("due", _local(ticket.due_at, zone)),
        ("missing", ", ".join(assessment.missing) or "nothing"),
        ("fields", ", ".join(f"{k}={v}" for k, v in assessment.fields.items())),
        ("LKPP number", ticket.outside_number or "-"),
    ):
        typer.echo(f"  {label:<12} {readable(value)}")
    typer.echo("\nWHOSE TURN")
    for party, how_long in turns.items():
        typer.echo(f"  {party:<12} {how_long}")
    typer.echo("\nCONVERSATION")
    for message in conversation:
        typer.echo(f"  {_local(message.at, zone)} {message.direction.value} {message.author}")
        for line in message.text.splitlines():
            typer.echo(f"    | {readable(line)}")
    typer.echo("\nJOURNAL")
    for record in journal:
        typer.echo(f"  {_local(record.at, zone)} [{record.row}] {record.actor}: {record.text}")
        for match in record.reasons:
            typer.echo(f"      {match.rule}: {readable(match.evidence)}")
    typer.echo("\nLETTERS")
    for letter in letters:
        when = _local(letter.sent_at or letter.due_at, zone)
        typer.echo(f"  {when} {letter.state.value:<12} {letter.template} -> {letter.recipient}")


@app.command()
def close(
    context: typer.Context,
    number: _Number,
    text: Annotated[str, typer.Option(help="The answer that is sent to the requester.")],
) -> None:
    """Answer and close a ticket (#selesai)."""
    _speak(context, number, "selesai", text)


@app.command()
def reopen(context: typer.Context, number: _Number) -> None:
    """Open a closed ticket again."""
    _speak(context, number, "buka", "")


@app.command()
def escalate(
    context: typer.Context,
    number: _Number,
    text: Annotated[str, typer.Option(help="What the office has found and tried.")] = "",
    to: Annotated[str, typer.Option(help="Another office than LKPP: its id.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the letters; send and keep nothing.")
    ] = False,
) -> None:
    """Hand a ticket to LKPP or another office (#eskalasi)."""
    argument = f"{to}\n{text}" if to else text
    if dry_run:
        _preview(context, number, "eskalasi", argument)
    else:
        _speak(context, number, "eskalasi", argument)


@contextmanager
def _spoken(
    context: typer.Context, number: str, word: str, argument: str
) -> "Iterator[tuple[Store, Parts, OperatorSpoke]]":
    """The operator's word about a ticket, and the parts that can carry it out."""
    from maild.model.event import OperatorSpoke
    from maild.service.wiring import Parts

    settings = settings_of(context)
    office = office_of(settings)
    with store_of(settings) as store:
        ticket = _find(store, number)
        with closing(Parts(settings, office, store)) as parts:
            yield store, parts, OperatorSpoke(parts.now(), ticket.id, word, argument, "operator")


def _refused(reasons: "Sequence[Match]") -> None:
    if reasons:
        fail("; ".join(f"{m.rule}: {m.evidence}" for m in reasons))


def _preview(context: typer.Context, number: str, word: str, argument: str) -> None:
    with _spoken(context, number, word, argument) as (_, parts, event):
        reasons, letters = parts.clock.preview(event)
    _refused(reasons)
    for shown in letters:
        typer.echo(f"To: {shown.letter.to}\nSubject: {shown.text.subject}\n\n{shown.text.text}")
        if shown.letter.forward:
            typer.echo(f"[message/rfc822: {shown.letter.forward.subject}]\n")
        for mail_id in shown.letter.enclose:
            typer.echo(f"[files of mail {mail_id}, without those named above as withheld]\n")


def _speak(context: typer.Context, number: str, word: str, argument: str) -> None:
    with _spoken(context, number, word, argument) as (store, parts, event):
        _refused(parts.clock.speak(event))
        after = _find(store, number)
    typer.echo(f"{after.number}: {after.state.value}, SOP row {after.row}")


def _json(value: object) -> str:
    """One line of JSON of our own values, mappings that cannot be copied included."""
    return json.dumps(_plain(value), default=str, ensure_ascii=False)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _turns(settings: "Settings", ticket: "Ticket", passages: "list[Passage]") -> dict[str, str]:
    """How long each party has had the ticket, and who has it now."""
    from datetime import UTC

    from maild.desk import turns
    from maild.service.wiring import OfficeHolder

    office = office_of(settings)
    with store_of(settings) as store:
        book = OfficeHolder(settings, office, store).current().book
    procedure = book.procedures.get(ticket.sop) or book.procedures[book.current]
    now = datetime.now(UTC)
    lines = dict(turns.lines(ticket, passages, procedure, book.worktime, now))
    found = turns.turns(ticket, passages, procedure, now)
    if found and found[-1].party:
        lines["now"] = (
            f"{found[-1].party}, since {_local(found[-1].from_at, settings.office.zone)}"
        )
    return lines


def _find(store: "Store", number: str) -> "Ticket":
    ticket = store.ticket_by_number(number.upper())
    if ticket is None:
        fail(f"there is no ticket {number}.", "See: maild ticket list --all", code=2)
    return ticket


def _local(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else "-"

"""`maild agent`: who may work on tickets by mail, and the keys that sign their reply addresses."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from maild.cli.common import fail, settings_of, store_of

app = typer.Typer(help="Agents: who may answer and order by mail.", no_args_is_help=True)
_RESTART = "Restart the service to put it into force."


@app.command("list")
def list_agents(context: typer.Context) -> None:
    """Everybody in config.toml: number, party, whether active or away, open tickets."""
    from maild.model.ticket import State
    from maild.store.values import TicketFilter

    settings = settings_of(context)
    open_states = tuple(s.value for s in State if s is not State.CLOSED)
    with store_of(settings) as store:
        away = store.absent()
        for person in settings.directory.people:
            wanted = TicketFilter(states=open_states, officer=person.id, limit=1_000)
            state = "left" if not person.active else "away" if person.number in away else "active"
            typer.echo(
                f"{person.number:>5}  {person.id:<12} {state:<7} {person.party:<9}"
                f" {len(store.tickets(wanted)):>4} open  {person.name} <{person.address}>"
            )


@app.command()
def add(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help="A short name, unique.")],
    name: Annotated[str, typer.Argument(help="As letters address the agent.")],
    address: Annotated[str, typer.Argument(help="The agent's own address.")],
    category: Annotated[
        list[str] | None, typer.Option(help="Assigned categories; repeat for several.")
    ] = None,
) -> None:
    """Add an agent to config.toml, with a number that was never used."""
    from maild.model.people import HELPDESK, Person
    from maild.service import roster

    settings = settings_of(context)
    person = Person(id_, 0, name, address.lower(), HELPDESK, categories=tuple(category or ()))
    person = replace(person, number=roster.next_number(settings.directory.people))
    _change(settings.file, roster.with_person(settings.file.read_text("utf-8"), person))
    typer.echo(f"{id_} has number {person.number}. {_RESTART}")


@app.command()
def disable(context: typer.Context, id_: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Take an agent's rights away. The entry stays: old letters name its number."""
    from maild.service import roster

    settings = settings_of(context)
    text = roster.without_person(settings.file.read_text("utf-8"), id_)
    if text is None:
        fail(f"there is no {id_} in {settings.file.name}.", "See: maild agent list", code=2)
    _change(settings.file, text)
    typer.echo(f"{id_} may not work on tickets any more. {_RESTART}")


@app.command()
def tokens(
    context: typer.Context,
    rotate: Annotated[
        bool, typer.Option(help="Sign with a new key; the one before stays good, older ones die.")
    ] = False,
) -> None:
    """The keys that sign reply addresses: two may live, marks expire after 90 days."""
    from maild.service import keyring

    settings = settings_of(context)
    try:
        ring = keyring.rotated(settings.key_file) if rotate else keyring.load(settings.key_file)
    except keyring.KeyRingError as error:
        fail(str(error))
    for number in sorted(ring.keys):
        use = "signs and verifies" if number == ring.current else "verifies"
        typer.echo(f"key {number}: {use}")
    if rotate:
        typer.echo(_RESTART)


def _change(file: Path, text: str) -> None:
    from maild.service import roster

    faults = roster.replace(file, text)
    if faults:
        for fault in faults:
            typer.echo(str(fault), err=True)
        fail("nothing was changed.")

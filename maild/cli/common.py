"""What all commands share: the config file, and how they tell that something is wrong.

Exit codes: 0 ok, 1 found faults, 2 wrong use. A known trouble is one plain line and its remedy,
never a traceback. Heavy modules are imported inside the functions: `maild --help` must be quick.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from maild.model.office import Office
    from maild.service.settings import Settings
    from maild.store.register import Register
    from maild.store.store import Store


def fail(problem: str, remedy: str = "", code: int = 1) -> NoReturn:
    """Ends the command with a line on stderr."""
    typer.echo(" ".join(part for part in (f"maild: {problem}", remedy) if part), err=True)
    raise typer.Exit(code)


def settings_of(context: typer.Context, *, secrets: bool = True) -> "Settings":
    """The settings of `--config`; all faults go to stderr, one a line, and end the command.

    Without `secrets` no password need be there: for commands that ask no server.
    """
    from maild.service.load import load

    path: Path = context.obj
    settings, faults = load(path, secrets=secrets)
    if settings is not None:
        return settings
    for fault in faults:
        typer.echo(str(fault), err=True)
    raise typer.Exit(1)


def readable(text: str) -> str:
    """A stranger's text for a terminal: what moves its cursor or turns the text round is shown as
    dots (B125); line ends and tabs stay."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or c in "\n\t" else " " if c.isspace() else "." for c in text
    )


@contextmanager
def store_of(settings: "Settings") -> Iterator["Store"]:
    """The office's store; its troubles end the command with their own remedy."""
    from maild.service.opening import open_store
    from maild.store.errors import StoreError

    try:
        store = open_store(settings)
    except OSError as error:
        fail(f"{settings.data_dir}: {error.strerror}.", "Check [database] data_dir.")
    except StoreError as error:
        fail(str(error))
    try:
        with store:
            yield store
    except StoreError as error:
        fail(str(error))


@contextmanager
def register_of(context: typer.Context) -> Iterator[tuple["Register", "Office"]]:
    """The register of the office's tickets, and the office; needs no server and no password.

    A database that is not of this program's schema yet is made or migrated first.
    """
    from maild.service.load import archive_of
    from maild.store.errors import StoreError
    from maild.store.register import Register

    path: Path = context.obj
    archive, faults = archive_of(path)
    if archive is None:
        for fault in faults:
            typer.echo(str(fault), err=True)
        raise typer.Exit(1)
    try:
        register = Register.open(archive.database_url, archive.office.zone)
        try:
            if not register.is_ready():
                from maild.service.opening import open_store

                open_store(archive).close()
            yield register, archive.office
        finally:
            register.close()
    except OSError as error:
        fail(f"{archive.data_dir}: {error.strerror}.", "Check [database] data_dir.")
    except StoreError as error:
        fail(str(error))

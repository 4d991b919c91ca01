"""What waits for a person: mails not believed or not read, letters uncertain or failed."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from maild.cli.common import fail, readable, settings_of, store_of

_Ids = Annotated[list[int], typer.Argument(help="Numbers from the list.")]


def retry(context: typer.Context) -> None:
    """Take up all parked mails again, for instance after an upgrade."""
    with store_of(settings_of(context)) as store:
        ids = [mail.id for mail in store.parked()]
        typer.echo(f"{store.retry_mails(ids)} mails wait again")


def _mails(state: str, about: str) -> typer.Typer:
    group = typer.Typer(help=about, no_args_is_help=True)

    @group.command("list")
    def list_mails(context: typer.Context) -> None:
        """Which mails, since when, and why."""
        with store_of(settings_of(context)) as store:
            for mail in store.mails(state):
                at = mail.internal_at.isoformat(timespec="minutes")
                typer.echo(f"{mail.id:>7}  {at}  {mail.size:>9}  {mail.note}")

    @group.command("show")
    def show_mail(context: typer.Context, number: Annotated[int, typer.Argument()]) -> None:
        """The raw mail, as it came; control characters are shown as dots."""
        with store_of(settings_of(context)) as store:
            mail = store.mail(number)
            if mail is None or not mail.sha256:
                fail(f"there is no mail {number}.", "See the list.", code=2)
            text = store.blobs.get(mail.sha256).decode("utf-8", "replace")
        typer.echo(readable(text))

    @group.command("release")
    def release_mails(context: typer.Context, ids: _Ids) -> None:
        """Let these mails be decided again."""
        with store_of(settings_of(context)) as store:
            typer.echo(f"{store.retry_mails(ids)} mails wait again")

    if state == "quarantined":

        @group.command("accept")
        def accept_mails(context: typer.Context, ids: _Ids) -> None:
            """You vouch for these mails: decide them as if their senders were proven."""
            with store_of(settings_of(context)) as store:
                done = store.retry_mails(ids, vouched="operator")
                typer.echo(f"{done} mails are taken for genuine and wait again")

    return group


def _letters(states: tuple[str, ...], about: str) -> typer.Typer:
    group = typer.Typer(help=about, no_args_is_help=True)

    @group.command("list")
    def list_letters(context: typer.Context) -> None:
        """Which letters, to whom, and the last answer of the other server."""
        from maild.store.values import LetterState

        with store_of(settings_of(context)) as store:
            for state in states:
                for letter in store.letters(LetterState(state)):
                    at = letter.state_at.isoformat(timespec="minutes")
                    typer.echo(
                        f"{letter.id:>7}  {state:<12} {at}  {letter.template} -> "
                        f"{letter.recipient}  {letter.answer}"
                    )

    @group.command("release")
    def release_letters(context: typer.Context, ids: _Ids) -> None:
        """Send these letters (again)."""
        with store_of(settings_of(context)) as store:
            typer.echo(f"{store.release_letters(ids, datetime.now(UTC))} letters wait again")

    if "ready" in states:

        @group.command("hold")
        def hold_letters(
            context: typer.Context,
            ids: Annotated[list[int] | None, typer.Argument(help="Numbers from the list.")] = None,
            every: Annotated[
                bool, typer.Option("--all", help="All that have not left yet.")
            ] = False,
        ) -> None:
            """Keep these letters back until they are released or discarded."""
            if bool(ids) == every:
                fail("say which letters.", "Give numbers from the list, or --all.", code=2)
            with store_of(settings_of(context)) as store:
                done = store.hold_letters(ids or None, datetime.now(UTC), "held by an operator")
                typer.echo(f"{done} letters held")

    @group.command("discard")
    def discard_letters(context: typer.Context, ids: _Ids) -> None:
        """Never send these letters."""
        with store_of(settings_of(context)) as store:
            done = store.discard_letters(ids, datetime.now(UTC), "discarded by an operator")
            typer.echo(f"{done} letters discarded")

    return group


GROUPS = (
    (_letters(("ready", "retry", "held", "failed"), "Letters that wait or failed."), "outbox"),
    (_letters(("uncertain",), "Letters that may or may not have been delivered."), "uncertain"),
    (_mails("quarantined", "Mails that were not believed."), "quarantine"),
    (_mails("parked", "Mails that could not be read."), "parked"),
    (_mails("oversize", "Mails that stay on the server because of their size."), "oversize"),
)

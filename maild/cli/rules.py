"""`maild rules`: the priority table tried on labelled mails, two tables compared, and learning."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from maild.cli.common import fail, settings_of, store_of
from maild.cli.weighing import calendar_of, table_file, table_of

if TYPE_CHECKING:
    from maild.model.ticket import Message, Ticket
    from maild.rules.assess import Problem
    from maild.rules.trial import Figure, Labelled, Tried
    from maild.store.store import Store

app = typer.Typer(help="The priority table: try it, compare it, teach it.", no_args_is_help=True)
EXAMPLES = "contoh-surat.jsonl"
_Mails = Annotated[
    list[Path] | None,
    typer.Option("--mails", help="Labelled mails, a JSON object a line; default: the examples."),
]
_Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]


@app.command("test")
def try_table(
    context: typer.Context,
    table: Annotated[Path | None, typer.Option(help="The table; default: the office's.")] = None,
    mails: _Mails = None,
    misses: Annotated[bool, typer.Option(help="Name every miss and why.")] = True,
    as_json: _Json = False,
) -> None:
    """How often the table decides as the labels say; ends with 1 when a mail is missed."""
    from maild.rules.trial import figures, tried

    path = table or table_file(context.obj)
    outcomes = tried(_read(mails, path), table_of(path), calendar_of(context.obj))
    found, wrong = figures(outcomes), [o for o in outcomes if o.wrong()]
    if as_json:
        _print({"figures": [_figure(f) for f in found], "misses": [_miss(o) for o in wrong]})
    else:
        typer.echo(f"{path.name}: {len(outcomes)} mails, {len(outcomes) - len(wrong)} as labelled")
        for figure in found:
            typer.echo(_row(figure))
        for outcome in wrong if misses else ():
            _tell(outcome)
    raise typer.Exit(1 if wrong else 0)


@app.command()
def diff(
    context: typer.Context,
    old: Annotated[Path, typer.Argument(help="The table as it is.")],
    new: Annotated[Path, typer.Argument(help="The table as edited.")],
    mails: _Mails = None,
    as_json: _Json = False,
) -> None:
    """What an edit changes, mail by mail; labels are not needed; ends with 1 at any change."""
    from maild.rules.trial import figures, tried

    rows, calendar = _read(mails, old), calendar_of(context.obj)
    before, after = (tried(rows, table_of(path), calendar) for path in (old, new))
    pairs = [(b, a) for b, a in zip(before, after, strict=True) if b.decided != a.decided]
    was, now = figures(before), figures(after)
    if as_json:
        _print(
            {
                "old": [_figure(f) for f in was],
                "new": [_figure(f) for f in now],
                "changes": [_change(b, a) for b, a in pairs],
            }
        )
    else:
        typer.echo(f"{len(rows)} mails, {len(pairs)} decided otherwise")
        for earlier, later in zip(was, now, strict=True):
            typer.echo(f"{_row(earlier)}  ->  {later.percent:5.1f}")
        for b, a in pairs:
            typer.echo(f"\n{b.mail.id}  {b.mail.problem.subject[:70]}")
            for name, (one, other, wanted) in _change(b, a)["differs"].items():
                label = f"   (label: {_plain(wanted)})" if wanted is not None else ""
                typer.echo(f"    {name:<18} {_plain(one)}  ->  {_plain(other)}{label}")
            typer.echo(f"    because            {a.why}")
    raise typer.Exit(1 if pairs else 0)


@app.command()
def learn(
    context: typer.Context,
    mails: _Mails = None,
    tickets: Annotated[
        bool, typer.Option(help="Learn from tickets whose category an officer corrected.")
    ] = True,
    output: Annotated[
        Path | None, typer.Option(help="Where to write; default: beside the table.")
    ] = None,
) -> None:
    """Learn categories from labelled mails and from what officers corrected (extra: ml)."""
    from maild.rules.assess import telling
    from maild.rules.learning import Lesson, NothingToLearnError, lesson
    from maild.rules.learning import learn as learnt_from
    from maild.rules.learnt import written
    from maild.service.office import LEARNT

    path = table_file(context.obj)
    table = table_of(path, taught=False)  # what was learnt before may be of an older maild
    calendar = calendar_of(context.obj)
    lessons = [lesson(m, table, calendar) for m in _read(mails, path) if "category" in m.labels]
    corrected = _corrected(context) if tickets and context.obj.is_file() else []
    for problem, category in corrected:
        lessons.append(Lesson(telling(problem, table, calendar), category))
    try:
        found = learnt_from(row for row in lessons if row.category in table.categories)
    except ImportError:
        fail("scikit-learn is not installed.", "Install it with: pip install 'maild[ml]'")
    except NothingToLearnError as error:
        fail(f"nothing to learn: {error}.", "Give labelled mails with --mails.")
    target = output or path.with_name(LEARNT)
    try:
        target.write_text(written(found), "utf-8")
    except OSError as error:
        fail(f"{target} cannot be written: {error.strerror}.", "Choose another with --output.")
    typer.echo(
        f"{target}: learnt from {len(lessons)} mails ({len(corrected)} corrected tickets), "
        f"{len(found.categories)} categories. Try it: maild rules test"
    )


def _corrected(context: typer.Context) -> list[tuple["Problem", str]]:
    """The problems of tickets whose category an officer has set himself, and that category."""
    from maild.store.values import TicketFilter

    with store_of(settings_of(context, secrets=False)) as store:
        every = store.tickets(TicketFilter(limit=100_000))
        return [_taught(store, ticket) for ticket in every if _is_corrected(ticket)]


def _is_corrected(ticket: "Ticket") -> bool:
    assessment = ticket.assessment
    ruled = {
        match.rule.partition(".")[2]
        for match in assessment.reasons
        if match.rule.startswith(("kategori.", "belajar."))
    }
    return bool(ruled) and assessment.category not in ruled


def _taught(store: "Store", ticket: "Ticket") -> tuple["Problem", str]:
    from maild.rules.assess import Problem

    conversation: Sequence[Message] = store.conversation(ticket.id)
    text = next((m.text for m in conversation), "")
    problem = Problem(ticket.subject, text, ticket.requester, (), ticket.received_at)
    return problem, ticket.assessment.category


def _read(mails: list[Path] | None, table: Path) -> list["Labelled"]:
    """The mails of the files, or the examples beside the table, or those that are shipped."""
    from maild.rules.trial import read_mails
    from maild.service.office import shipped

    beside = table.with_name(EXAMPLES)
    paths = mails or [beside if beside.is_file() else shipped() / "sop" / EXAMPLES]
    found: list[Labelled] = []
    for path in paths:
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            fail(f"{path} cannot be read: {error}.", "Give a file of mails with --mails.", code=2)
        rows, complaints = read_mails(text, path.name)
        for complaint in complaints:
            typer.echo(complaint, err=True)
        if complaints:
            raise typer.Exit(2)
        found += rows
    if not found:
        fail("no mail to try.", "Give a file of mails with --mails.", code=2)
    return found


def _row(figure: "Figure") -> str:
    if figure.said:
        return (
            f"  {figure.name:<22} F1 {figure.percent:5.1f}  ({figure.right} right of {figure.said}"
            f" said, {figure.total} wanted)"
        )
    return f"  {figure.name:<22}    {figure.percent:5.1f}  ({figure.right} of {figure.total})"


def _tell(outcome: "Tried") -> None:
    typer.echo(f"\n{outcome.mail.id}  {outcome.mail.problem.subject[:70]}")
    for name in outcome.wrong():
        got, wanted = outcome.decided[name], outcome.mail.labels[name]
        typer.echo(f"    {name:<18} {_plain(got)}, label: {_plain(wanted)}")
    typer.echo(f"    because            {outcome.why}")


def _figure(figure: "Figure") -> dict[str, Any]:
    row: dict[str, Any] = {"name": figure.name, "right": figure.right, "total": figure.total}
    if figure.said:
        row["said"] = figure.said
    return {**row, "percent": round(figure.percent, 1)}


def _miss(outcome: "Tried") -> dict[str, Any]:
    differs = {n: (outcome.decided[n], outcome.mail.labels[n]) for n in outcome.wrong()}
    return {"id": outcome.mail.id, "differs": differs, "why": outcome.why}


def _change(before: "Tried", after: "Tried") -> dict[str, Any]:
    differs = {
        name: (value, after.decided[name], before.mail.labels.get(name))
        for name, value in before.decided.items()
        if value != after.decided[name]
    }
    return {"id": before.mail.id, "differs": differs, "why": after.why}


def _plain(value: object) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "nothing"
    return str(value)


def _print(answer: dict[str, Any]) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False, default=sorted))

"""`maild explain`: what maild makes of a mail, and why. Reads only; never sends, never stores."""

import json
import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from maild.cli.common import readable
from maild.cli.weighing import calendar_of, table_file, table_of

if TYPE_CHECKING:
    from maild.model.mail import ParsedMail
    from maild.model.worktime import WorkTime
    from maild.rules.table import PriorityTable


class Format(StrEnum):
    """What the files are."""

    EML = "eml"
    TEXT = "text"
    HTML = "html"


def explain(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Mails, or bodies with --format.")],
    form: Annotated[Format, typer.Option("--format", help="What the files are.")] = Format.EML,
    received_at: Annotated[
        str, typer.Option(help="When it was received (ISO), for deadlines; default: its Date.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a file.")] = False,
) -> None:
    """Say what maild makes of mails, and why."""
    from maild.ingest import parse
    from maild.ingest.explain import explain_mail

    at = _instant(received_at)
    table, worktime = table_of(table_file(context.obj)), calendar_of(context.obj)
    for path in files:
        octets = path.read_bytes()
        if form is Format.EML:
            mail = parse.read(octets)
        else:
            mail = parse.read_body(octets.decode("utf-8", "replace"), form is Format.HTML)
        answer: dict[str, Any] = {"file": str(path), **explain_mail(mail)}
        answer["claims"] = _claims(mail)
        answer["assessment"] = _assessment(mail, at, table, worktime)
        if as_json:
            sys.stdout.write(json.dumps(answer, ensure_ascii=True) + "\n")
        else:
            _print(answer)
    sys.stdout.flush()


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("not an ISO time", param_hint="--received-at") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _claims(mail: "ParsedMail") -> list[dict[str, Any]]:
    """Only labels: marks can be verified by the service alone, which has the keys."""
    from maild.ingest.thread import claims
    from maild.model.token import KeyRing

    found = claims(mail, KeyRing({}, 0), "LPSE", datetime.now(UTC).date())
    return [{"ticket": c.ticket, "evidence": c.evidence.value, "value": c.value} for c in found]


def _assessment(
    mail: "ParsedMail", at: datetime | None, table: "PriorityTable", worktime: "WorkTime"
) -> dict[str, Any] | None:
    from maild.desk.problem import first_problem
    from maild.model.mail import Nature
    from maild.rules.assess import assess

    if mail.nature is not Nature.HUMAN:
        return None
    received_at = at or mail.date or datetime.now(UTC)
    found = assess(first_problem(mail, received_at), table, worktime)
    return {
        "kind": found.kind.value,
        "category": found.category,
        "priority": found.priority.level,
        "base_priority": found.base_priority.level,
        "urgent_deadline": found.urgent_deadline,
        "deadline": found.deadline.isoformat() if found.deadline else None,
        "requester_role": found.requester_role.value,
        "missing": list(found.missing),
        "fields": dict(found.fields),
        "escalate": found.escalate,
        "confidence": round(found.confidence, 3),
        "reasons": [{"rule": m.rule, "evidence": m.evidence} for m in found.reasons],
    }


def _print(answer: dict[str, Any]) -> None:
    sender = answer["from"] or {"name": "", "address": "(unclear)"}
    typer.echo(f"{answer['file']}")
    typer.echo(f"  nature    {answer['nature']}: {answer['nature_reason']}")
    typer.echo(f"  from      {sender['name']} <{sender['address']}>")
    typer.echo(f"  subject   {answer['subject']}")
    for line in answer["reply_text"].splitlines()[:12]:
        typer.echo(f"  | {readable(line)}")
    for name in answer["attachments"]:
        typer.echo(f"  file      {name['name']} ({name['size']} octets)")
    found = answer["assessment"]
    if found:
        typer.echo(
            f"  category  {found['category']} ({found['kind']}), priority {found['priority']}"
        )
        typer.echo(f"  missing   {', '.join(found['missing']) or 'nothing'}")
        for reason in found["reasons"]:
            typer.echo(f"  because   {reason['rule']}: {readable(reason['evidence'])}")

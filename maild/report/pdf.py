"""The report as pages: typst sets the same blocks that the browser shows (extra maild[office])."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, time
from pathlib import Path

from maild.recap.period import Days
from maild.report.blocks import Report

_SOURCE = Path(__file__).with_name("report.typ")


def pages(report: Report, days: Days) -> bytes:
    """The octets of the PDF; the same report gives the same ones. ImportError without typst."""
    import typst

    data = {
        "title": report.title,
        "office": report.office.name,
        "institution": report.office.institution,
        "period": report.period,
        "landscape": report.landscape,
        "note": report.note,
        "tiles": [asdict(tile) for tile in report.tiles],
        "blocks": [asdict(block) for block in report.blocks],
    }
    made = datetime.combine(days[1], time(0), UTC)
    found: bytes = typst.compile(
        _SOURCE,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(made.timestamp()),
    )
    return found

"""What the receipt of an officer's mail will say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Report:
    """What the receipt will say: done lines, failed lines, the text sent and to whom."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    sent: dict[str, Any] = field(default_factory=dict)

    def did(self, order: str, result: str) -> None:
        """Adds a line of what was done."""
        self.lines.append((order, result))

    def failed(self, order: str, advice: str) -> None:
        """Adds a line of what was not understood or not done, with advice."""
        self.failures.append((order, advice))

    def words(self) -> Mapping[str, Any]:
        """The words of the letter `resi`."""
        base = {"baris": self.lines, "gagal": self.failures, "teks": "", "lampiran": []}
        return {**base, "batas": None, **self.sent}

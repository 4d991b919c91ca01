"""Some months at an office: the sample letters come in, officers answer, LKPP helps, users thank.

The clock goes from one thing that happens to the next. One seed is one year. To have one to look
at, as an office that `maild --config FOLDER/config.toml` knows:

    PYTHONPATH=tests python -m kit.year FOLDER --from 2025-10-01 --months 13 --a-month 40
"""

import argparse
import heapq
import json
import logging
import random
import re
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from kit import year_words
from kit.office import ROOT, book
from kit.people import LKPP, SARI, parsed
from kit.service import Clock, Service, written
from kit.world import World
from maild.ingest import parse
from maild.model.mail import Nature

BUDI = "Budi Santoso <budi@contoh.go.id>"
_TASK = re.compile(r"\[(LPSE-\d+-\d+)\]\[P\d\] ")
_RATING = re.compile(r"^Sangat puas <(mailto:[^>]+)>|^Puas <(mailto:[^>]+)>", re.MULTILINE)
_EDGE_HOURS = (14, 15, 16)  # UTC; the hours that end at midnight in WIT, WITA and WIB


def _by_a_person(sample: dict[str, Any]) -> bool:
    """Whether it may begin something: a few samples are what machines write, and of some it is
    not told what an officer does with them."""
    if "escalate_expected" not in sample:
        return False
    if sample["category"] != "bukan_permasalahan":
        return True
    sender = f'"{sample["from_name"]}" <{sample["from_email"]}>'
    mail = written(sample["body"], sender, sample["subject"], message_id="<0@tahun.example>")
    return parse.read(mail).nature is Nature.HUMAN


class Year:
    """Everybody who writes to the office, over some months. `problems` are the Message-IDs of the
    mails that began something."""

    def __init__(self, folder: Path, url: str, begins: date, months: int, a_month: int) -> None:
        self._chance = random.Random(begins.toordinal() * months)
        self.begins = datetime.combine(begins, time(0), UTC)
        self.ends = datetime.combine(
            date(begins.year + (begins.month + months - 1) // 12,
                 (begins.month + months - 1) % 12 + 1, 1), time(3), UTC,
        )  # fmt: skip
        self.clock = Clock(self.begins)
        self.world = World(now=self.clock.now, deliver=self._delivered)
        self.service = Service(folder, url, self.world, cut_over_at=self.begins)
        self.problems: list[str] = []
        self._post: list[tuple[datetime, int, bytes]] = []
        self._order = count(1)
        self._samples: dict[str, dict[str, Any]] = {}
        self._answered: set[str] = set()
        lines = (ROOT / "sop" / "contoh-surat.jsonl").read_text("utf-8").splitlines()
        self._letters = list(filter(_by_a_person, map(json.loads, lines)))
        for at in self._moments(months, a_month):
            self._problem(at)

    def live(self) -> None:
        """From the first mail to the end; what is open then stays open."""
        self.service.recover()
        while (at := self._next()) < self.ends:
            self.clock.at = max(self.clock.at + timedelta(minutes=1), at)
            while self._post and self._post[0][0] <= self.clock.at:
                self.world.put(heapq.heappop(self._post)[2])
            self.service.round()

    def close(self) -> None:
        """Gives everything back."""
        self.service.close()

    def _next(self) -> datetime:
        alarm = self.service.store.next_alarm_at() or self.ends
        return min(alarm, self._post[0][0] if self._post else self.ends)

    def _moments(self, months: int, a_month: int) -> list[datetime]:
        """Mostly in working hours; and a second before and after midnight at each month's edge,
        in each of the three zones."""
        span = (self.ends - self.begins).days - 1
        found = [
            self.begins
            + timedelta(
                days=self._chance.randrange(span),
                minutes=self._chance.randint(20, 540 if self._chance.random() < 0.8 else 1300),
            )
            for _ in range(months * a_month)
        ]
        first = self.begins
        for _ in range(months - 1):
            first = (first + timedelta(days=31)).replace(day=1)
            hour = self._chance.choice(_EDGE_HOURS)
            last = first - timedelta(days=1)
            found += [last.replace(hour=hour, minute=59, second=59), last.replace(hour=hour + 1)]
        return sorted(found)

    def _problem(self, at: datetime) -> None:
        sample = self._chance.choice(self._letters)
        serial = next(self._order)
        local, _, domain = sample["from_email"].partition("@")
        address = f"{local}{serial}@{domain}"
        self._samples[address] = sample
        sender = f'"{sample["from_name"]}" <{address}>'
        self.problems.append(f"<{serial}@tahun.example>")
        mail = written(sample["body"], sender, sample["subject"], message_id=self.problems[-1])
        heapq.heappush(self._post, (at, serial, mail))

    def _delivered(self, recipient: str, octets: bytes) -> None:
        letter = parsed(octets)
        subject = " ".join(str(letter["Subject"]).split())
        if recipient.startswith(("sari@", "budi@")):
            if task := _TASK.match(subject):
                self._officer(recipient, task[1], subject, letter)
        elif recipient.startswith("helpdesk@lkpp"):
            if subject.startswith("[Eskalasi]") and self._luck(0.9):
                number = self._chance.randrange(1, 99_999)
                self._later(LKPP, year_words.LKPP_SAYS.format(number), letter, 300, 5000)
        elif recipient in self._samples:
            self._requester(recipient, subject, letter)

    def _officer(self, who: str, number: str, subject: str, letter: EmailMessage) -> None:
        mine = int(number[-1]) % 3 != 0
        if letter["Reply-To"] is None or who.startswith("sari") != mine or number[-2:] == "37":
            return
        name = SARI if mine else BUDI
        if "Jawaban Helpdesk LKPP" in subject:
            self._later(name, "#kirim", letter, 10, 200)
            return
        again = "Dibuka kembali" in subject
        if number in self._answered and not again:
            return
        text = _text(letter)
        sample = next((s for a, s in self._samples.items() if f"<{a}>" in text), None)
        if sample is None:
            return
        self._answered.add(number)
        answer = year_words.answer(sample["category"], sample["from_name"])
        if sample["kind"] == "bukan_permasalahan":
            answer = "#bukan"
        elif sample["escalate_expected"] == "lkpp" and not again and self._luck(0.7):
            answer = "#eskalasi\nSudah kami coba dengan peramban lain, hasilnya sama."
        elif self._luck(0.3):
            answer = f"#selesai\n{answer}"
        self._later(name, answer, letter, 15, 700)

    def _requester(self, address: str, subject: str, letter: EmailMessage) -> None:
        sender = f'"{self._samples[address]["from_name"]}" <{address}>'
        if "data tambahan" in subject:
            if self._luck(0.6):
                self._later(sender, year_words.filled_in(_text(letter)), letter, 20, 1500)
        elif "Jawaban:" in subject:
            if self._luck(0.6):
                said = year_words.STILL if self._luck(0.15) else year_words.THANKS
                self._later(sender, said, letter, 30, 1500)
        elif "telah selesai" in subject and self._luck(0.5):
            found = list(_RATING.finditer(_text(letter)))
            if found:
                link = urlsplit((chosen := self._chance.choice(found))[1] or chosen[2])
                about = parse_qs(link.query)["subject"][0]
                self._write(sender, "", 600, subject=about, to=unquote(link.path))

    def _later(self, sender: str, text: str, letter: EmailMessage, least: int, most: int) -> None:
        """An answer after so many minutes; the office's people and LKPP answer while they work."""
        self._write(sender, text, self._chance.randint(least, most), answering=letter)

    def _write(self, sender: str, text: str, minutes: int, **how: Any) -> None:
        at = self.clock.at + timedelta(minutes=minutes)
        if "@contoh.go.id" in sender or "@lkpp" in sender:
            at = book().worktime.next_opening(at)
        serial = next(self._order)
        mail = written(text, sender, message_id=f"<{serial}@tahun.example>", **how)
        heapq.heappush(self._post, (at, serial, mail))

    def _luck(self, share: float) -> bool:
        return self._chance.random() < share


def _text(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""


def main() -> None:
    """Makes an office and lets the months go by in it."""
    from typer.testing import CliRunner

    from maild.cli import main as maild

    arguments = argparse.ArgumentParser(prog="kit.year", description=main.__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--from", dest="begins", type=date.fromisoformat, required=True)
    arguments.add_argument("--months", type=int, default=13)
    arguments.add_argument("--a-month", type=int, default=40)
    given = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    made = CliRunner().invoke(maild.app, ["init", str(given.folder)])
    if made.exit_code:
        raise SystemExit(made.output)
    (given.folder / "data").mkdir(mode=0o700, exist_ok=True)
    url = f"sqlite:///{given.folder.resolve()}/data/maild.db"
    year = Year(given.folder.resolve(), url, given.begins, given.months, given.a_month)
    year.live()
    year.close()


if __name__ == "__main__":
    main()

"""From the keys of config.toml to the plain values that the service runs on.

Owns what keys mean together: relative paths, whence a password comes, who is who, the calendar.
All faults are found in one pass; a password is never repeated, and its file must be private (S16).
"""

import os
import re
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from maild.model.board import Column
from maild.model.mail import Address
from maild.model.office import Assignment, Limits, Office
from maild.model.people import HELPDESK, Directory, Person
from maild.model.worktime import Allowance, Unit, WorkTime
from maild.service.calendar import Period, national_holidays, special_hours
from maild.service.config import Config, read, why_not_private
from maild.service.fault import Fault
from maild.service.keys import AccountKeys, DatabaseKeys, MailboxKeys, SopKeys
from maild.service.parties import ZONES, parties_of
from maild.service.settings import Archive, Courier, Mailbox, RecapPost, Server, Settings, Tls

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_MEGABYTE = 1024 * 1024
KEY_FILE = "kunci.json"


def load(
    path: Path, today: date | None = None, *, secrets: bool = True
) -> tuple[Settings | None, list[Fault]]:
    """The settings, or None and every fault at once.

    Without `secrets` a password that is not there is no fault: for work on the office's files.
    Warnings (`Fault.warning`) come along with the settings. `today` (the machine's date when
    None) says for which years holidays are wanted.
    """
    path = path.absolute()
    config, faults = read(path)
    if config is None:
        return None, faults
    loader = _Loader(path, config, today or datetime.now(UTC).date(), secrets)
    settings = loader.settings()
    faults = loader.faults
    return (None if any(not f.warning for f in faults) else settings), faults


class _Loader:
    """One pass over one file; collects faults while it goes."""

    def __init__(self, path: Path, config: Config, today: date, secrets: bool = True) -> None:
        self.path = path
        self.config = config
        self.today = today
        self.secrets = secrets
        self.faults: list[Fault] = []

    def settings(self) -> Settings | None:
        """The settings; None when the calendar or the zone could not be made at all."""
        keys = self.config
        zone = self._zone()
        worktime = self._worktime(zone)
        directory = self._directory()
        limits = Limits(
            acknowledgements_per_day=keys.limits.acknowledgements_per_day,
            automatic_per_pair_day=keys.limits.automatic_per_pair_day,
            automatic_per_hour=keys.limits.automatic_per_hour,
            notices_per_sender_hour=keys.limits.notices_per_sender_hour,
            notices_per_hour=keys.limits.notices_per_hour,
            cooling_seconds=keys.courier.cooling_seconds,
            reopen=Allowance(keys.confirm.reopen_days, Unit.DAY),
        )
        mailbox = self._mailbox(zone)
        courier = self._courier(mailbox.server)
        database_url = self._database_url()
        if worktime is None:
            return None
        return Settings(
            file=self.path,
            office=self._office(zone),
            limits=limits,
            assignment=self._assignment(directory),
            directory=directory,
            parties=parties_of(keys.parties, directory.people, worktime.holidays, self._complain),
            worktime=worktime,
            mailbox=mailbox,
            courier=courier,
            database_url=database_url,
            data_dir=self._file(keys.database.data_dir),
            key_file=self._key_file(),
            authserv_id=keys.trust.authserv_id,
            sop_dir=self._file(keys.sop.folder),
            sop_file=self._file(keys.sop.folder)
            / f"{keys.sop.default.removesuffix('.toml')}.toml",
            priority_file=self._file(keys.sop.priorities),
            templates_dir=self._file(keys.sop.templates),
            recap=RecapPost(**keys.recap.model_dump()),
        )

    def _office(self, zone: ZoneInfo) -> Office:
        office = self.config.office
        return Office(
            name=office.name,
            institution=office.institution,
            city=office.city,
            telephone=office.telephone,
            hours=office.hours,
            zone=zone,
            prefix=office.ticket_prefix,
            mailbox=Address(office.name, self.config.mailbox.address),
            head_title=office.head_title,
            head_name=office.head_name,
            head_nip=office.head_nip,
            plus_addressing=self.config.mailbox.plus_addressing,
        )

    def _zone(self) -> ZoneInfo:
        written = self.config.office.zone
        try:
            return ZoneInfo(ZONES.get(written.upper(), written))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._complain("office.zone", "zona waktu tidak dikenal", "Pilih WIB, WITA atau WIT")
            return ZoneInfo(ZONES["WIB"])

    def _worktime(self, zone: ZoneInfo) -> WorkTime | None:
        hours = self.config.hours
        national: frozenset[date] = frozenset()
        if hours.national_holidays:
            settled = hours.holidays_added | hours.holidays_removed
            national, doubts = national_holidays(self.today, settled)
            for doubt in doubts:
                remedy = (
                    "Cocokkan dengan SKB tiga menteri; isi holidays_added atau holidays_removed"
                )
                self.faults.append(Fault(self.path.name, "hours", doubt, remedy, warning=True))
        holidays = (national | hours.holidays_added) - hours.holidays_removed
        for nth, period in enumerate(hours.ramadan, 1):
            if not 0 <= (period.last - period.first).days <= 60:
                self._complain(
                    f"hours.ramadan ke-{nth}",
                    "tanggal 'to' tidak sesudah 'from', atau lebih dari 60 hari",
                    "Tulis hari pertama dan hari terakhir bulan Ramadan",
                )
                return None
        periods = [Period(p.first, p.last, p.by_weekday()) for p in hours.ramadan]
        special = special_hours(periods, holidays)
        try:
            return WorkTime(
                zone, hours.by_weekday(), holidays, special, hours.minutes_per_day or None
            )
        except ValueError as error:
            self._complain("hours", str(error), 'Tulis misalnya monday = ["07:30-16:00"]')
            return None

    def _directory(self) -> Directory:
        own = frozenset({self.config.mailbox.address, *self.config.mailbox.aliases})
        seen: set[tuple[str, object]] = set()
        for nth, person in enumerate(self.config.people, 1):
            for key in ("id", "number", "address"):
                value = getattr(person, key)
                if (key, value) in seen:
                    remedy = "Beri setiap orang nilai yang berbeda; nomor lama jangan dipakai lagi"
                    self._complain(f"people ke-{nth}, {key}", "sudah dipakai orang lain", remedy)
                seen.add((key, value))
            if person.address in own:
                remedy = "Tulis alamat pribadi petugas, bukan alamat helpdesk"
                self._complain(f"people ke-{nth}, address", "ini alamat helpdesk sendiri", remedy)
        people = tuple(Person(**person.model_dump()) for person in self.config.people)
        if not any(p.party == HELPDESK and p.active for p in people):
            remedy = f'Tambahkan [[people]] dengan party = "{HELPDESK}"'
            self._complain("people", "tidak ada petugas helpdesk yang aktif", remedy)
        return Directory(people, own)

    def _assignment(self, directory: Directory) -> Assignment:
        keys = self.config.assignment
        agents = {p.id for p in directory.people if p.party == HELPDESK}
        for name in keys.duty:
            if name not in agents:
                remedy = f'Tulis id petugas dengan party = "{HELPDESK}"'
                self._complain("assignment.duty", f"petugas {name} tidak ada", remedy)
        if not keys.single_notices and keys.digest_at is None:
            remedy = 'Isi digest_at, misalnya "07:30", atau tulis single_notices = true'
            self._complain("assignment.single_notices", "tidak ada ringkasan harian", remedy)
        return Assignment(**keys.model_dump())

    def _mailbox(self, zone: ZoneInfo) -> Mailbox:
        keys = self.config.mailbox
        cut_over = keys.cut_over
        if cut_over is not None:
            local = cut_over if cut_over.tzinfo else cut_over.replace(tzinfo=zone)
            cut_over = local.astimezone(UTC)
        password = self._password("mailbox", keys)
        self._must_be_given("mailbox", keys, password)
        self._each_folder_once(keys)
        return Mailbox(
            server=self._server("mailbox", keys, keys.user or keys.address, password),
            inbox=keys.inbox,
            processed=keys.processed,
            quarantine=keys.quarantine,
            sent=keys.sent,
            papan=keys.papan,
            poll_seconds=keys.poll_seconds,
            idle=keys.idle,
            max_mail_bytes=keys.max_mail_mb * _MEGABYTE,
            cut_over_at=cut_over,
            copies=keys.copies,
        )

    def _each_folder_once(self, keys: MailboxKeys) -> None:
        """A folder with two meanings would have mails read as what they are not."""
        uses: dict[str, str] = {column.value: "papan" for column in Column} if keys.papan else {}
        for key in ("inbox", "processed", "quarantine", "copies", "sent"):
            name = getattr(keys, key)
            if name in ("", "auto"):
                continue
            name = "INBOX" if name.upper() == "INBOX" else name
            if other := uses.get(name):
                problem = f"folder {name} sudah dipakai untuk {other}"
                self._complain(f"mailbox.{key}", problem, "Tulis folder lain")
            uses[name] = key

    def _courier(self, mailbox: Server) -> Courier:
        keys = self.config.smtp
        user, password = keys.user or mailbox.user, self._password("smtp", keys)
        if not keys.login:
            user = password = ""
        elif user != mailbox.user:
            self._must_be_given("smtp", keys, password)
        else:
            password = password or mailbox.password
        server = self._server("smtp", keys, user, password)
        domain = self.config.mailbox.address.rpartition("@")[2]
        return Courier(
            server, keys.connections, self.config.courier.deliver, keys.hello_name or domain
        )

    def _server(self, section: str, keys: AccountKeys, user: str, password: str) -> Server:
        if keys.tls is Tls.NONE and keys.host not in _LOOPBACK:
            self._complain(
                f"{section}.tls",
                "sambungan tanpa enkripsi hanya untuk server di komputer ini",
                'Pakai "implicit" atau "starttls"',
            )
        ca_file = self._file(keys.ca_file) if keys.ca_file else None
        if ca_file and not ca_file.is_file():
            self._complain(f"{section}.ca_file", "berkas tidak ada", "Periksa letak berkasnya")
        return Server(keys.host, keys.port, keys.tls, user, password, ca_file)

    def _database_url(self) -> str:
        keys = self.config.database
        url = keys.url
        if url.startswith("sqlite:///"):
            return f"sqlite:///{self._file(url.removeprefix('sqlite:///'))}"
        if not url.startswith("postgresql"):
            remedy = "Tulis sqlite:///data/maild.db atau postgresql+psycopg://pengguna@server/nama"
            self._complain("database.url", "jenis basis data tidak dikenal", remedy)
        if re.search(r"://[^/@]*:[^/@]*@", url):
            remedy = "Pindahkan ke password_file atau password_env; tulis url tanpa kata sandi"
            self._complain("database.url", "kata sandi tidak boleh tertulis di sini", remedy)
        password = self._password("database", keys)
        if password and "@" not in url:
            self._complain("database.url", "nama pengguna tidak ada", "Tulis pengguna@server")
        return url.replace("@", f":{quote(password, safe='')}@", 1) if password else url

    def _password(self, section: str, keys: AccountKeys | DatabaseKeys) -> str:
        """From where it was put: the key itself, the named variable, or the named file."""
        if written := keys.password.get_secret_value():
            return written
        if keys.password_env:
            found = os.environ.get(keys.password_env, "")
            if not found and self.secrets:
                problem = f"variabel lingkungan {keys.password_env} kosong atau tidak ada"
                self._complain(f"{section}.password_env", problem, "Isi sebelum maild dijalankan")
            return found
        if not keys.password_file:
            return ""
        file, key = self._file(keys.password_file), f"{section}.password_file"
        try:
            found = file.read_text("utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError):
            if self.secrets:
                problem = f"berkas {file} tidak dapat dibaca"
                self._complain(key, problem, "Buat berkasnya, isi kata sandi saja, chmod 600")
            return ""
        if problem := why_not_private(file):
            self._complain(key, problem, f"Jalankan: chmod 600 {file}")
        return found

    def _must_be_given(self, section: str, keys: AccountKeys, password: str) -> None:
        if self.secrets and not (password or keys.password_env or keys.password_file):
            remedy = (
                f"Isi password_file atau password_env di [{section}],"
                f" atau variabel lingkungan MAILD_{section.upper()}__PASSWORD"
            )
            self._complain(f"{section}.password", "kata sandi belum diberikan", remedy)

    def _key_file(self) -> Path:
        """Beside the data, so that one copy takes both, unless the office wants it elsewhere."""
        if written := self.config.secrets.key_file:
            return self._file(written)
        return self._file(self.config.database.data_dir) / KEY_FILE

    def _file(self, written: str) -> Path:
        return self.path.parent / Path(written).expanduser()

    def _complain(self, key: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(self.path.name, key, problem, remedy))


def archive_of(path: Path) -> tuple[Archive | None, list[Fault]]:
    """Only where the tickets are; for commands that need no server, no people, no calendar."""
    path = path.absolute()
    config, faults = read(path)
    if config is None:
        return None, faults
    loader = _Loader(path, config, datetime.now(UTC).date())
    archive = Archive(
        office=loader._office(loader._zone()),
        database_url=loader._database_url(),
        data_dir=loader._file(config.database.data_dir),
    )
    return (None if loader.faults else archive), loader.faults


def worktime_of(path: Path, today: date) -> WorkTime | None:
    """Only the office's calendar; for commands that need no server and no password."""
    config, _ = read(path.absolute())
    if config is None:
        return None
    loader = _Loader(path, config, today)
    return loader._worktime(loader._zone())


def priority_file_of(path: Path) -> Path:
    """Where the office's priority table is, by the config file at `path`, sound or not."""
    config, _ = read(path.absolute())
    return path.parent / (config.sop if config else SopKeys()).priorities

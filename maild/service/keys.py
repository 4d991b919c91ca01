"""The keys of each section of config.toml: their types, bounds and defaults.

A key that does not stand here is a fault, and a value never shows in a complaint (S16). What the
keys mean together is the business of `load`.
"""

import re
from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
)

from maild.model.office import Way
from maild.model.party import HELPDESK_LKPP, Original, Route
from maild.model.worktime import Allowance, Span, read_allowance, spans_complaint
from maild.recap.files import Form
from maild.service.settings import Tls

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]+\.[^\s@.]+")
_HOURS = re.compile(r"(\d\d?)[:.](\d\d)\s*-\s*(\d\d?)[:.](\d\d)")


def _address(value: str) -> str:
    local, _, domain = value.strip().lower().rpartition("@")
    try:
        address = f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        address = ""
    if not _ADDRESS.fullmatch(address) or not address.isascii():
        raise ValueError("bukan alamat surel; tulis seperti helpdesk@lpse.contoh.go.id")
    return address


def _spans(value: Any) -> tuple[Span, ...]:
    """`["07:30-12:00", "13:00-16:00"]`; 24:00 is the end of the day."""
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError('harus daftar jam; tulis seperti ["07:30-12:00", "13:00-16:00"]')
    spans = tuple(_span(text) for text in value)
    if complaint := spans_complaint(spans):
        raise ValueError(f"{complaint}; urutkan jam dari pagi ke sore")
    return spans


def _span(text: str) -> Span:
    found = _HOURS.fullmatch(text.strip())
    try:
        begin_hour, begin_minute, end_hour, end_minute = map(int, found.groups() if found else ())
        closes = time(0) if (end_hour, end_minute) == (24, 0) else time(end_hour, end_minute)
        return time(begin_hour, begin_minute), closes
    except ValueError:
        raise ValueError('jam tidak terbaca; tulis seperti "07:30-12:00"') from None


def _prefix(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{2,10}", value):
        raise ValueError("awalan nomor tiket tidak sah; tulis 2 sampai 10 huruf besar")
    return value


def _hour(value: Any) -> Any:
    """`"07:30"`; empty for never."""
    if not value:
        return None
    try:
        return time.fromisoformat(str(value).replace(".", ":").zfill(5))
    except ValueError:
        raise ValueError('jam tidak terbaca; tulis seperti "07:30"') from None


def _cut_over(value: Any) -> Any:
    return None if value == "start" else value


def _allowance(value: Any) -> Allowance:
    return read_allowance(str(value))


def _number_form(value: str) -> str:
    if "#" not in value or not 1 <= len(value) <= 40:
        raise ValueError('bentuk nomor tanpa angka; tulis # di tempat angkanya, misalnya "INC-#"')
    return value


Text = Annotated[str, Field(min_length=1)]
Address = Annotated[str, AfterValidator(_address)]
Domain = Annotated[str, AfterValidator(lambda value: value.strip().lower())]
Time = Annotated[Allowance, BeforeValidator(_allowance)]
Spans = Annotated[tuple[Span, ...], BeforeValidator(_spans)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, populate_by_name=True)


class OfficeKeys(_Section):
    name: Text
    institution: Text
    city: Text
    telephone: str = ""
    hours: str = ""
    zone: str = "WIB"
    ticket_prefix: Annotated[str, AfterValidator(_prefix)] = "LPSE"
    head_title: str = ""
    head_name: str = ""
    head_nip: str = ""


class AccountKeys(_Section):
    host: Text
    port: Annotated[int, Field(ge=1, le=65535)]
    tls: Tls
    ca_file: str = ""
    user: str = ""
    password: SecretStr = SecretStr("")
    password_file: str = ""
    password_env: str = ""


class MailboxKeys(AccountKeys):
    address: Address
    aliases: tuple[Address, ...] = ()
    port: Annotated[int, Field(ge=1, le=65535)] = 993
    tls: Tls = Tls.IMPLICIT
    inbox: Text = "INBOX"
    processed: Text = "Ditangani"
    quarantine: Text = "Karantina"
    sent: str = "auto"
    papan: bool = False
    copies: str = "Surat Keluar"
    poll_seconds: Annotated[int, Field(ge=5, le=3600)] = 60
    idle: bool = True
    max_mail_mb: Annotated[int, Field(ge=1, le=60)] = 25  # what the reader takes (worker.Limits)
    cut_over: Annotated[datetime | None, BeforeValidator(_cut_over)] = None
    plus_addressing: bool = True


class SmtpKeys(AccountKeys):
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    tls: Tls = Tls.STARTTLS
    login: bool = True
    connections: Annotated[int, Field(ge=1, le=8)] = 4
    hello_name: str = ""


class CourierKeys(_Section):
    deliver: bool = True
    cooling_seconds: Annotated[int, Field(ge=0, le=3600)] = 60


class DatabaseKeys(_Section):
    url: str = "sqlite:///data/maild.db"
    data_dir: str = "data"
    password: SecretStr = SecretStr("")
    password_file: str = ""
    password_env: str = ""


class WeekKeys(_Section):
    monday: Spans = ()
    tuesday: Spans = ()
    wednesday: Spans = ()
    thursday: Spans = ()
    friday: Spans = ()
    saturday: Spans = ()
    sunday: Spans = ()

    def by_weekday(self) -> dict[int, tuple[Span, ...]]:
        """The spans of each weekday, 0 = Monday."""
        week = (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday)
        return dict(enumerate((*week, self.saturday, self.sunday)))


class RamadanKeys(WeekKeys):
    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]


class HoursKeys(WeekKeys):
    minutes_per_day: Annotated[int, Field(ge=0, le=1440)] = 450
    national_holidays: bool = True
    holidays_added: frozenset[date] = frozenset()
    holidays_removed: frozenset[date] = frozenset()
    ramadan: tuple[RamadanKeys, ...] = ()


class PersonKeys(_Section):
    id: Text
    number: Annotated[int, Field(ge=1, le=65535)]
    name: Text
    address: Address
    party: Text
    telephone: str = ""
    active: bool = True
    domains: tuple[Domain, ...] = ()
    categories: tuple[str, ...] = ()


class PartyHoursKeys(WeekKeys):
    zone: str = "WIB"


class PartyKeys(_Section):
    id: Text
    name: Text
    way: Route = Route.MAIL
    domains: tuple[Domain, ...] = ()
    targets: Annotated[tuple[Time, ...], Field(min_length=4, max_length=4)] = tuple(
        HELPDESK_LKPP.targets.values()
    )
    inform_every: Time = HELPDESK_LKPP.inform_every
    letter: Text = HELPDESK_LKPP.letter
    numbers: tuple[Annotated[str, AfterValidator(_number_form)], ...] = ()
    original: Original = HELPDESK_LKPP.original
    withhold: tuple[str, ...] = HELPDESK_LKPP.withhold
    needs: tuple[str, ...] = HELPDESK_LKPP.needs
    telephone: str = ""
    portal: str = ""
    hours: PartyHoursKeys | None = None


class LimitKeys(_Section):
    acknowledgements_per_day: Annotated[int, Field(ge=0, le=10)] = 1
    automatic_per_pair_day: Annotated[int, Field(ge=0, le=50)] = 2
    automatic_per_hour: Annotated[int, Field(ge=0, le=100_000)] = 200
    notices_per_sender_hour: Annotated[int, Field(ge=1, le=100_000)] = 20
    notices_per_hour: Annotated[int, Field(ge=1, le=100_000)] = 200


class TrustKeys(_Section):
    authserv_id: str = ""


class SopKeys(_Section):
    default: str = "penanganan-email"
    folder: str = "sop"
    priorities: str = "sop/prioritas.toml"
    templates: str = "templates"


class AssignmentKeys(_Section):
    way: Way = Way.ALL
    duty: tuple[str, ...] = ()
    return_idle: bool = True
    digest_at: Annotated[time | None, BeforeValidator(_hour)] = None
    single_notices: bool = True


class RecapKeys(_Section):
    monthly: Annotated[tuple[Address, ...], Field(max_length=100)] = ()
    weekly: Annotated[tuple[Address, ...], Field(max_length=100)] = ()
    formats: Annotated[tuple[Form, ...], Field(min_length=1)] = (Form.XLSX,)


class ConfirmKeys(_Section):
    reopen_days: Annotated[int, Field(ge=1, le=365)] = 14


class SecretKeys(_Section):
    key_file: str = ""

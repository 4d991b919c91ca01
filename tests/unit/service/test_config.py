"""config.toml: what is taken, what is refused, and how the office is told."""

import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from pydantic import BaseModel

from maild.model.worktime import Allowance, Unit
from maild.service.config import Config
from maild.service.fault import Fault
from maild.service.load import load
from maild.service.settings import Settings, Tls

TODAY = date(2026, 11, 24)
SHIPPED = Path(__file__).parents[3] / "config.toml"
SECRET = "kelinci-biru-42"
SMALL = """
[office]
name = "LPSE Contoh"
institution = "Pemerintah Kabupaten Contoh"
city = "Contoh"
[mailbox]
address = "Helpdesk@LPSE.contoh.go.id"
host = "imap.contoh.go.id"
[smtp]
host = "smtp.contoh.go.id"
[hours]
monday = ["07:30-12:00", "13:00-16:00"]
[[people]]
id = "sari"
number = 1
name = "Sari"
address = "sari@contoh.go.id"
party = "helpdesk"
"""


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CREDENTIALS_DIRECTORY", "MAILD_SMTP__PASSWORD", "MAILD_DATABASE__PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MAILD_MAILBOX__PASSWORD", SECRET)


def written(folder: Path, text: str = SMALL) -> Path:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path


def sound(path: Path) -> Settings:
    settings, faults = load(path, TODAY)
    assert settings, faults
    assert all(fault.warning for fault in faults)
    return settings


def faulty(path: Path) -> list[Fault]:
    settings, faults = load(path, TODAY)
    assert settings is None
    assert SECRET not in repr(faults)
    return [fault for fault in faults if not fault.warning]


def changed(old: str, new: str) -> str:
    assert old in SMALL
    return SMALL.replace(old, new, 1)


def test_the_shipped_file_is_sound_once_a_password_is_given() -> None:
    settings = sound(SHIPPED)
    assert settings.office.name == "LPSE Kabupaten Contoh"
    assert settings.mailbox.server.password == SECRET


def test_the_shipped_file_lacks_nothing_but_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAILD_MAILBOX__PASSWORD")
    assert [fault.key for fault in faulty(SHIPPED)] == ["mailbox.password"]


def test_every_key_stands_in_the_shipped_file_with_its_default() -> None:
    text = SHIPPED.read_text("utf-8")
    for name, field in Config.model_fields.items():
        section = field.annotation
        if not (isinstance(section, type) and issubclass(section, BaseModel)):
            continue
        block = text.split(f"\n[{name}]\n")[1].split("\n[")[0]
        for key, value in section.model_fields.items():
            if key in ("password", "ramadan"):
                continue
            found = re.search(rf"^{key} *= (.*?)(?: +#.*)?$", block, re.MULTILINE)
            assert found, f"[{name}] {key} is not in config.toml"
            default = value.default
            if isinstance(default, (bool, int, str)) and default != "":
                shown = str(default).lower() if isinstance(default, bool) else f"{default}"
                assert found[1].strip('"') == shown, f"[{name}] {key}"


def test_the_least_file_gives_the_defaults(tmp_path: Path) -> None:
    settings = sound(written(tmp_path))
    assert settings.office.mailbox.address == "helpdesk@lpse.contoh.go.id"
    assert settings.office.mail_domain == "lpse.contoh.go.id"
    assert settings.office.zone.key == "Asia/Jakarta"
    assert settings.office.prefix == "LPSE"
    assert settings.limits.reopen == Allowance(14, Unit.DAY)
    assert settings.mailbox.server.tls is Tls.IMPLICIT
    assert settings.mailbox.max_mail_bytes == 25 * 1024 * 1024
    assert settings.mailbox.cut_over_at is None
    assert settings.courier.deliver
    assert settings.courier.hello_name == "lpse.contoh.go.id"
    assert settings.worktime.hours[0] == ((time(7, 30), time(12)), (time(13), time(16)))
    assert settings.worktime.minutes_per_day == 450


def test_the_mailboxes_account_serves_for_sending_too(tmp_path: Path) -> None:
    settings = sound(written(tmp_path))
    assert settings.mailbox.server.user == "helpdesk@lpse.contoh.go.id"
    assert settings.courier.server.user == "helpdesk@lpse.contoh.go.id"
    assert settings.courier.server.password == SECRET


def test_a_server_without_accounts_gets_no_password(tmp_path: Path) -> None:
    text = changed('host = "smtp.contoh.go.id"', 'host = "smtp.contoh.go.id"\nlogin = false')
    server = sound(written(tmp_path, text)).courier.server
    assert (server.user, server.password) == ("", "")


def test_another_account_for_sending_needs_its_own_password(tmp_path: Path) -> None:
    text = changed('host = "smtp.contoh.go.id"', 'host = "smtp.contoh.go.id"\nuser = "pengirim"')
    assert [fault.key for fault in faulty(written(tmp_path, text))] == ["smtp.password"]


def test_paths_are_reckoned_from_the_folder_of_the_file(tmp_path: Path) -> None:
    settings = sound(written(tmp_path))
    assert settings.database_url == f"sqlite:///{tmp_path}/data/maild.db"
    assert settings.data_dir == tmp_path / "data"
    assert settings.key_file == tmp_path / "data/kunci.json"
    assert settings.sop_file == tmp_path / "sop/penanganan-email.toml"
    assert settings.priority_file == tmp_path / "sop/prioritas.toml"
    assert settings.templates_dir == tmp_path / "templates"


@pytest.mark.parametrize(
    ("zone", "key"),
    [("WITA", "Asia/Makassar"), ("wit", "Asia/Jayapura"), ("Asia/Pontianak", "Asia/Pontianak")],
)
def test_the_office_names_its_time_zone(tmp_path: Path, zone: str, key: str) -> None:
    text = changed('city = "Contoh"', f'city = "Contoh"\nzone = "{zone}"')
    assert sound(written(tmp_path, text)).office.zone.key == key


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("2026-01-05T08:00:00", datetime(2026, 1, 5, 1, tzinfo=UTC)),
        ("2026-01-05", datetime(2026, 1, 4, 17, tzinfo=UTC)),
        ("2026-01-05T08:00:00+09:00", datetime(2026, 1, 4, 23, tzinfo=UTC)),
        ('"start"', None),
    ],
)
def test_the_cut_over_is_an_instant_in_the_offices_zone(
    tmp_path: Path, value: str, instant: datetime | None
) -> None:
    text = changed("[smtp]", f"cut_over = {value}\n[smtp]")
    assert sound(written(tmp_path, text)).mailbox.cut_over_at == instant


def test_ramadan_has_hours_of_its_own_and_holidays_stay_closed(tmp_path: Path) -> None:
    text = SMALL + (
        "[[hours.ramadan]]\nfrom = 2026-02-16\nto = 2026-03-17\n"
        'monday = ["08:00-12:00"]\ntuesday = ["08:00-12:00"]\n'
    )
    worktime = sound(written(tmp_path, text)).worktime
    assert not worktime.is_workday(date(2026, 2, 16))  # joint leave
    assert worktime.special[date(2026, 2, 23)] == ((time(8), time(12)),)
    assert worktime.special[date(2026, 2, 25)] == ()
    assert date(2026, 3, 30) not in worktime.special


def test_the_offices_own_holidays_win(tmp_path: Path) -> None:
    text = changed(
        "[hours]", "[hours]\nholidays_added = [2026-11-30]\nholidays_removed = [2026-08-17]"
    )
    worktime = sound(written(tmp_path, text)).worktime
    assert not worktime.is_workday(date(2026, 11, 30))
    assert worktime.is_workday(date(2026, 8, 17))


def test_estimated_holidays_are_a_warning_until_the_office_settles_them(tmp_path: Path) -> None:
    _, faults = load(written(tmp_path), TODAY)
    assert [fault.warning for fault in faults] == [True]
    assert "10-03-2027" in faults[0].problem
    settled = "holidays_added = [2027-03-10, 2027-03-11, 2027-05-17]"
    _, faults = load(written(tmp_path, changed("[hours]", f"[hours]\n{settled}")), TODAY)
    assert faults == []


def test_zero_minutes_a_day_mean_the_same_hour(tmp_path: Path) -> None:
    text = changed("[hours]", "[hours]\nminutes_per_day = 0")
    assert sound(written(tmp_path, text)).worktime.minutes_per_day is None


@pytest.mark.parametrize(
    ("old", "new", "key", "problem", "remedy"),
    [
        ("[smtp]", "usr = 1\n[smtp]", "mailbox.usr", "tidak dikenal", 'maksudnya "user"'),
        ('"imap.contoh.go.id"', '"x"\nport = "s"', "mailbox.port", "bilangan bulat", "angka"),
        ('"imap.contoh.go.id"', '"x"\nport = 0', "mailbox.port", "terlalu kecil", "1 atau lebih"),
        ('"imap.contoh.go.id"', '"x"\nport = 99999', "mailbox.port", "terlalu besar", "65535"),
        ('"imap.contoh.go.id"', '"x"\nidle = "x"', "mailbox.idle", "true atau false", "tanpa"),
        ('"imap.contoh.go.id"', '"x"\ntls = "ssl"', "mailbox.tls", "pilihan", '"starttls"'),
        ('"imap.contoh.go.id"', '"x"\ntls = "none"', "mailbox.tls", "enkripsi", "starttls"),
        (
            '"imap.contoh.go.id"',
            '"x"\ncut_over = "x"',
            "mailbox.cut_over",
            "tanggal",
            "2026-12-31",
        ),
        ('city = "Contoh"', "", "office.city", "belum diisi", "Isi"),
        ('city = "Contoh"', 'city = ""', "office.city", "belum diisi", "Isi"),
        ('city = "Contoh"', "city = 5", "office.city", "berupa teks", "tanda kutip"),
        ('city = "Contoh"', 'city = "C"\nzone = "WIX"', "office.zone", "zona", "WITA"),
        (
            'city = "Contoh"',
            'city = "C"\nticket_prefix = "a-"',
            "office.ticket_prefix",
            "awalan",
            "huruf besar",
        ),
        ("[hours]", "[jam]\n[hours]", "jam", "tidak dikenal", "pilih dari"),
        ("[hours]", "[limit]\n[hours]", "limit", "tidak dikenal", 'maksudnya "limits"'),
        ("[hours]", "[people_]\n[hours]", "people_", "tidak dikenal", 'maksudnya "people"'),
        ('"07:30-12:00"', '"7.30 pagi"', "hours.monday", "tidak terbaca", "07:30-12:00"),
        ('"07:30-12:00"', '"25:00-26:00"', "hours.monday", "tidak terbaca", "07:30-12:00"),
        ('"07:30-12:00"', '"12:00-07:30"', "hours.monday", "berakhir sebelum", "pagi ke sore"),
        ('"07:30-12:00"', '"07:30-14:00"', "hours.monday", "bertumpang tindih", "pagi ke sore"),
        ('["07:30-12:00", "13:00-16:00"]', "[]", "hours", "tidak pernah buka", "monday"),
        ('["07:30-12:00", "13:00-16:00"]', '"07:30-16:00"', "hours.monday", "daftar jam", "07:30"),
        (
            "[hours]",
            '[hours]\nholidays_added = ["x"]',
            "hours.holidays_added ke-1",
            "tanggal",
            "2026",
        ),
        (
            'id = "sari"',
            'id = "sari"\nadress = "x"',
            "people ke-1, adress",
            "tidak dikenal",
            "address",
        ),
        ('"sari@contoh.go.id"', '"sari"', "people ke-1, address", "bukan alamat", "helpdesk@"),
        (
            '"sari@contoh.go.id"',
            '"helpdesk@lpse.contoh.go.id"',
            "people ke-1, address",
            "helpdesk sendiri",
            "pribadi",
        ),
        ('party = "helpdesk"', 'party = "lkpp"', "people", "tidak ada petugas", "helpdesk"),
        ("number = 1", "number = 70000", "people ke-1, number", "terlalu besar", "65535"),
        (
            "[hours]",
            '[database]\nurl = "mysql://x"\n[hours]',
            "database.url",
            "tidak dikenal",
            "sqlite",
        ),
        (
            "[hours]",
            '[database]\nurl = "postgresql://a:b@c/d"\n[hours]',
            "database.url",
            "kata sandi",
            "password_file",
        ),
        (
            "[hours]",
            "[mailboks]\nx = 1\n[hours]",
            "mailboks",
            "tidak dikenal",
            'maksudnya "mailbox"',
        ),
        ("[office]", "_secrets_dir = '/'\n[office]", "_secrets_dir", "tidak dikenal", "Hapus"),
        (
            '"imap.contoh.go.id"',
            '"x"\nca_file = "none.pem"',
            "mailbox.ca_file",
            "tidak ada",
            "letak",
        ),
        (
            "[hours]",
            "[[hours.ramadan]]\nfrom = 2027-03-09\nto = 2027-02-08\n[hours]",
            "hours.ramadan ke-1",
            "sesudah 'from'",
            "hari pertama",
        ),
    ],
)
def test_a_fault_names_the_key_the_problem_and_the_remedy(
    tmp_path: Path, old: str, new: str, key: str, problem: str, remedy: str
) -> None:
    (fault,) = faulty(written(tmp_path, changed(old, new)))
    assert fault.file == "config.toml"
    assert fault.key == key
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = changed("host =", "hots =").replace('city = "Contoh"', "").replace("= 1", '= "satu"')
    keys = {fault.key for fault in faulty(written(tmp_path, text))}
    assert keys == {"mailbox.hots", "mailbox.host", "office.city", "people ke-1, number"}


def test_two_people_may_not_share_number_or_address(tmp_path: Path) -> None:
    again = SMALL[SMALL.index("[[people]]") :].replace('id = "sari"', 'id = "budi"')
    keys = [fault.key for fault in faulty(written(tmp_path, SMALL + again))]
    assert keys == ["people ke-2, number", "people ke-2, address"]


def test_a_toml_slip_is_shown_by_line_and_without_its_text(tmp_path: Path) -> None:
    text = changed("[smtp]", f'password = "{SECRET}\n[smtp]')
    (fault,) = faulty(written(tmp_path, text))
    assert fault.key.startswith("baris 9")
    assert "tanda kutip" in fault.remedy


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert sound(written(tmp_path, "\ufeff" + SMALL))


def test_a_file_in_another_charset_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(SMALL.replace("Sari", "Sarí").encode("latin-1"))
    (fault,) = faulty(path)
    assert "UTF-8" in fault.problem


def test_a_missing_file_is_a_fault_with_a_way_out(tmp_path: Path) -> None:
    (fault,) = faulty(tmp_path / "config.toml")
    assert "tidak ada" in fault.problem
    assert "maild init" in fault.remedy


def test_the_environment_is_stronger_than_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILD_MAILBOX__HOST", "lain.contoh.go.id")
    assert sound(written(tmp_path)).mailbox.server.host == "lain.contoh.go.id"


def test_a_fault_in_the_environment_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILD_MAILBOX__PORT", "tujuh")
    (fault,) = faulty(written(tmp_path))
    assert (fault.file, fault.key) == ("variabel lingkungan", "MAILD_MAILBOX__PORT")


def test_an_unreadable_variable_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILD_PEOPLE", f"bukan json {SECRET}")
    (fault,) = faulty(written(tmp_path))
    assert "JSON" in fault.remedy


def test_credentials_of_systemd_stand_between_environment_and_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "maild_smtp__password").write_text("dari-systemd\n")
    (folder / "maild_mailbox__password").write_text("dari-systemd\n")
    (folder / "sesuatu-lain").write_text("x")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    settings = sound(written(tmp_path))
    assert settings.courier.server.password == "dari-systemd"
    assert settings.mailbox.server.password == SECRET


def test_a_password_may_come_from_a_private_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILD_MAILBOX__PASSWORD")
    secret = tmp_path / "sandi"
    secret.write_text(" dari berkas \n")
    secret.chmod(0o600)
    path = written(tmp_path, changed("[smtp]", 'password_file = "sandi"\n[smtp]'))
    assert sound(path).mailbox.server.password == " dari berkas "
    secret.chmod(0o640)
    (fault,) = faulty(path)
    assert fault.key == "mailbox.password_file"
    assert "chmod 600" in fault.remedy


def test_a_missing_password_file_is_one_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILD_MAILBOX__PASSWORD")
    path = written(tmp_path, changed("[smtp]", 'password_file = "sandi"\n[smtp]'))
    assert [fault.key for fault in faulty(path)] == ["mailbox.password_file"]


def test_a_password_may_come_from_a_named_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILD_MAILBOX__PASSWORD")
    path = written(tmp_path, changed("[smtp]", 'password_env = "SANDI_SURAT"\n[smtp]'))
    assert [fault.key for fault in faulty(path)] == ["mailbox.password_env"]
    monkeypatch.setenv("SANDI_SURAT", "dari-variabel")
    assert sound(path).mailbox.server.password == "dari-variabel"


def test_a_password_in_the_file_is_taken_from_a_private_file_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILD_MAILBOX__PASSWORD")
    path = written(tmp_path, changed("[smtp]", f'password = "{SECRET}"\n[smtp]'))
    path.chmod(0o644)
    (fault,) = faulty(path)
    assert fault.key == "mailbox.password"
    path.chmod(0o600)
    assert sound(path).mailbox.server.password == SECRET


def test_a_password_of_the_wrong_type_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILD_MAILBOX__PASSWORD")
    path = written(tmp_path, changed("[smtp]", "password = 77345661\n[smtp]"))
    path.chmod(0o600)
    assert "77345661" not in repr(faulty(path))


def test_the_databases_password_is_put_into_its_address_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILD_DATABASE__PASSWORD", "a/b@c")
    database = '[database]\nurl = "postgresql+psycopg://maild@db.contoh.go.id/maild"\n[hours]'
    settings = sound(written(tmp_path, changed("[hours]", database)))
    assert settings.database_url == "postgresql+psycopg://maild:a%2Fb%40c@db.contoh.go.id/maild"
    assert "a%2Fb" not in repr(settings)
    assert SECRET not in repr(settings)


def test_a_fault_reads_as_a_sentence() -> None:
    fault = Fault("config.toml", "smtp.port", "harus bilangan bulat", "Tulis angka saja")
    assert str(fault) == "config.toml: smtp.port: harus bilangan bulat. Tulis angka saja."


@pytest.mark.parametrize(
    ("line", "key", "other"),
    [
        ('sent = "inbox"', "mailbox.sent", "inbox"),
        ('sent = "Ditangani"', "mailbox.sent", "processed"),
        ('quarantine = "Surat Keluar"', "mailbox.copies", "quarantine"),
        ('papan = true\nprocessed = "Selesai"', "mailbox.processed", "papan"),
    ],
)
def test_a_folder_that_is_to_be_two_things_is_refused(
    tmp_path: Path, line: str, key: str, other: str
) -> None:
    host = 'host = "imap.contoh.go.id"'
    [fault] = faulty(written(tmp_path, changed(host, f"{host}\n{line}")))
    assert (fault.file, fault.key) == ("config.toml", key)
    assert fault.problem.endswith(f"sudah dipakai untuk {other}")
    assert fault.remedy

"""The door of pydantic-settings: config.toml and what overrides it.

Sources, strongest first: environment (MAILD_MAILBOX__HOST), credentials directory of systemd
(a file named maild_mailbox__password), config.toml. Gives the keys as they stand, or every
complaint at once.
"""

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from maild.service import keys
from maild.service.fault import Fault, problem_and_remedy, written_key

_PREFIX = "MAILD_"


class Config(BaseSettings):
    """All sections. A key that is not here is a fault."""

    model_config = SettingsConfigDict(
        extra="forbid",
        hide_input_in_errors=True,
        env_prefix=_PREFIX,
        env_nested_delimiter="__",
        secrets_dir_missing="ok",
    )

    office: keys.OfficeKeys
    mailbox: keys.MailboxKeys
    smtp: keys.SmtpKeys
    courier: keys.CourierKeys = keys.CourierKeys()
    database: keys.DatabaseKeys = keys.DatabaseKeys()
    hours: keys.HoursKeys
    people: tuple[keys.PersonKeys, ...]
    parties: tuple[keys.PartyKeys, ...] = ()
    limits: keys.LimitKeys = keys.LimitKeys()
    trust: keys.TrustKeys = keys.TrustKeys()
    sop: keys.SopKeys = keys.SopKeys()
    assignment: keys.AssignmentKeys = keys.AssignmentKeys()
    confirm: keys.ConfirmKeys = keys.ConfirmKeys()
    recap: keys.RecapKeys = keys.RecapKeys()
    secrets: keys.SecretKeys = keys.SecretKeys()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 (the library's signature)
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (the library's signature)
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment, then credentials, then the file (which is handed in as arguments)."""
        credentials = NestedSecretsSettingsSource(
            file_secret_settings, secrets_dir=os.environ.get("CREDENTIALS_DIRECTORY")
        )
        return env_settings, credentials, init_settings


def read(path: Path) -> tuple[Config | None, list[Fault]]:
    """The keys of a config file and its overrides, or every complaint about them."""
    data, fault = _toml(path)
    if fault:
        return None, [fault]
    faults = _exposed_passwords(path, data)
    # The library takes keys with a leading underscore for options of its own.
    for key in [key for key in data if key.startswith("_")]:
        del data[key]
        faults.append(Fault(path.name, key, "kunci ini tidak dikenal", "Hapus kunci ini"))
    try:
        config = Config(**data)
    except ValidationError as error:
        details = error.errors(include_input=False, include_url=False)
        return None, faults + [_fault(path, detail) for detail in details]
    except SettingsError:
        remedy = f"Periksa variabel {_PREFIX}...: bagian dan daftar ditulis sebagai JSON"
        fault = Fault("variabel lingkungan", "", "tidak terbaca", remedy)
        return None, [*faults, fault]
    return (None if faults else config), faults


def why_not_private(path: Path) -> str:
    """Why a file is no place for a secret (S16), in Indonesian; empty when it is one."""
    open_bits = path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    return f"berkas {path.name} dapat dibaca orang lain" if open_bits else ""


def _exposed_passwords(path: Path, data: Mapping[str, Any]) -> list[Fault]:
    problem = why_not_private(path)
    return [
        Fault(path.name, f"{name}.password", problem, f"Jalankan: chmod 600 {path}")
        for name, section in data.items()
        if problem and isinstance(section, dict) and section.get("password")
    ]


def _toml(path: Path) -> tuple[dict[str, Any], Fault | None]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig")), None
    except FileNotFoundError:
        remedy = "Buat dengan `maild init`, atau tunjuk berkasnya dengan --config"
        return {}, Fault(str(path), "", "berkas tidak ada", remedy)
    except OSError as error:
        problem = f"berkas tidak dapat dibuka ({os.strerror(error.errno or 0)})"
        return {}, Fault(str(path), "", problem, "Periksa hak baca berkas ini")
    except UnicodeDecodeError:
        return {}, Fault(path.name, "", "berkas bukan UTF-8", "Simpan ulang sebagai UTF-8")
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+), column (\d+)", str(error))
        where = f"baris {found[1]}, kolom {found[2]}" if found else "akhir berkas"
        remedy = "Periksa tanda kutip, tanda sama dengan dan kurung di tempat itu"
        return {}, Fault(path.name, where, "penulisan TOML salah", remedy)


def _fault(path: Path, detail: Mapping[str, Any]) -> Fault:
    loc = tuple(part for part in detail["loc"] if part != "[key]")
    variable = _PREFIX + "__".join(str(part) for part in loc).upper()
    problem, remedy = problem_and_remedy(detail, _keys_beside(loc))
    if variable in os.environ:
        return Fault("variabel lingkungan", variable, problem, remedy)
    return Fault(path.name, written_key(loc), problem, remedy)


def _keys_beside(loc: tuple[int | str, ...]) -> list[str]:
    """The keys that exist where `loc` points."""
    section: type[BaseModel] = Config
    for part in loc[:-1]:
        if isinstance(part, str) and part in section.model_fields:
            kind = section.model_fields[part].annotation
            inner = [a for a in (kind, *get_args(kind)) if isinstance(a, type)]
            section = next((a for a in inner if issubclass(a, BaseModel)), section)
    return [field.alias or name for name, field in section.model_fields.items()]

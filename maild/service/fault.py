"""What is wrong with an office's file, said so that the office can mend it.

Owns the Indonesian wording of the validator's complaints. It never repeats a value that it was
given: a value may be a password (S16).
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One complaint: the file, the key in it, what is wrong, what to do; all in Indonesian.

    A `warning` does not keep the service from starting.
    """

    file: str
    key: str
    problem: str
    remedy: str
    warning: bool = False

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}" if self.key else self.file
        remedy = f" {self.remedy[:1].upper()}{self.remedy[1:]}." if self.remedy else ""
        return f"{where}: {self.problem}.{remedy}"


_PROBLEMS = {
    "missing": ("belum diisi", "Isi kunci ini; contohnya ada di config.toml bawaan"),
    "string_too_short": ("belum diisi", "Isi kunci ini; contohnya ada di config.toml bawaan"),
    "string_type": ("harus berupa teks", "Tulis nilainya di antara tanda kutip"),
    "bool_type": ("harus true atau false", "Tulis true atau false tanpa tanda kutip"),
    "bool_parsing": ("harus true atau false", "Tulis true atau false tanpa tanda kutip"),
    "int_type": ("harus bilangan bulat", "Tulis angka saja tanpa tanda kutip"),
    "int_parsing": ("harus bilangan bulat", "Tulis angka saja tanpa tanda kutip"),
    "int_from_float": ("harus bilangan bulat", "Tulis angka tanpa koma atau titik"),
    "list_type": ("harus berupa daftar", 'Tulis di antara kurung siku, misalnya ["a", "b"]'),
    "tuple_type": ("harus berupa daftar", 'Tulis di antara kurung siku, misalnya ["a", "b"]'),
    "frozen_set_type": ("harus berupa daftar", 'Tulis di antara kurung siku, misalnya ["a"]'),
    "model_type": ("harus berupa bagian", "Tulis sebagai bagian, misalnya [mailbox]"),
}
_DATES = ("bukan tanggal yang dapat dibaca", "Tulis tahun-bulan-tanggal, misalnya 2026-12-31")
_OTHER = ("nilainya tidak dapat dipakai", "Baca keterangan kunci ini di config.toml bawaan")


def written_key(loc: Iterable[int | str]) -> str:
    """("people", 0, "name") becomes `people ke-1, name`; ("smtp", "port") becomes `smtp.port`."""
    parts = [f" ke-{part + 1}," if isinstance(part, int) else f".{part}" for part in loc]
    return "".join(parts).replace(",.", ", ").removeprefix(".").removesuffix(",")


def problem_and_remedy(error: Mapping[str, Any], known: Iterable[str]) -> tuple[str, str]:
    """One entry of the validator's list, in Indonesian.

    `known` are the keys that exist where the complaint stands, for "did you mean".
    """
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind == "extra_forbidden":
        return "kunci ini tidak dikenal", did_you_mean(str(error["loc"][-1]), known)
    if kind == "value_error":
        problem, _, remedy = str(context["error"]).partition("; ")
        return problem, remedy[:1].upper() + remedy[1:] or _OTHER[1]
    if kind == "greater_than_equal":
        return "terlalu kecil", f"Tulis {context['ge']} atau lebih"
    if kind == "less_than_equal":
        return "terlalu besar", f"Tulis {context['le']} atau kurang"
    if kind in ("enum", "literal_error"):
        choices = str(context["expected"]).replace(" or ", " atau ").replace("'", '"')
        return "pilihan ini tidak ada", f"Pilih {choices}"
    if kind.startswith("date"):
        return _DATES
    return _PROBLEMS.get(kind, _OTHER)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The remedy for a wrong word: the nearest known one, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    if near:
        return f'Mungkin maksudnya "{near[0]}"'
    return f"Hapus, atau pilih dari: {', '.join(names)}" if names else "Hapus kunci ini"

"""Reading and checking `sop/prioritas.toml`: every complaint at once, in Indonesian.

A complaint names the file, the place, the problem and the remedy. Wherever something is wrong a
harmless value takes its place, so that the rest can be checked too; the caller must not put a
table with complaints into force.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Any, TypeVar

from rapidfuzz import process

from maild.model.ticket import Kind, Priority, Role
from maild.model.worktime import Allowance, Unit, read_allowance
from maild.rules.deadline import DeadlineKind
from maild.rules.match import matcher
from maild.rules.normalise import Normaliser, normaliser, word_set
from maild.rules.phrase import Groups, Phrase, PhraseError, compile_phrase
from maild.rules.priorities import (
    Adjustment,
    Category,
    Column,
    Condition,
    Cue,
    Effect,
    Evidence,
    Level,
    Outages,
    PriorityTable,
    Requirement,
)

__all__ = ["PriorityTable", "read_table"]

_SECTIONS = word_set(
    """
    skema umum prioritas tenggat penyesuaian wajib normalisasi kelompok isyarat jenis peran
    kolom kategori serentak pemetaan_standar_lpse
    """
)
_GENERAL = word_set("ambang yakin percaya ragu cadangan bukan_masalah terlarang")
_CATEGORY_KEYS = word_set(
    """
    id nama deskripsi kuat lemah bukan prioritas respons penyelesaian wajib eskalasi peran
    tenggat layanan bobot sumber catatan
    """
)
_STRONG, _WEAK, _AGAINST = 3.0, 1.0, -3.0
_ESCALATIONS = ("lpse", "lkpp")
_E = TypeVar("_E", bound=StrEnum)


def read_table(data: Mapping[str, Any], file: str) -> tuple[PriorityTable, list[str]]:
    """A parsed TOML document gives the table and all complaints about it (none: usable)."""
    return _Reader(data, file).read()


@dataclass
class _Reader:
    data: Mapping[str, Any]
    file: str
    complaints: list[str] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    pending: list[tuple[str, str, float, str]] = field(default_factory=list)

    def read(self) -> tuple[PriorityTable, list[str]]:
        self.unknown(self.data, _SECTIONS, "berkas")
        columns = self.columns()
        levels = self.levels()
        categories = self.categories(columns, levels)
        self.cues()
        speller = self.compile(self.section("normalisasi"), self.section("kelompok"))
        general = self.section("umum")
        self.unknown(general, _GENERAL, "[umum]")
        limits = self.section("tenggat")
        known = {"besok_pagi_sampai", "jauh_hari_kerja", "baru_lewat_hari_kerja", "sumber"}
        self.unknown(limits, frozenset(known), "[tenggat]")
        table = PriorityTable(
            levels=levels,
            categories=categories,
            columns=columns,
            requirements=self.requirements(columns),
            adjustments=self.adjustments(),
            forbidden=self.words(general, "terlarang", "[umum]"),
            morning_until=self.clock(limits, "besok_pagi_sampai"),
            far_days=self.number(limits, "jauh_hari_kerja", "[tenggat]", 3, 1, 60),
            missed_days=self.number(limits, "baru_lewat_hari_kerja", "[tenggat]", 1, 0, 60),
            threshold=self.decimal(general, "ambang", "[umum]", 1.0),
            sure=self.decimal(general, "yakin", "[umum]", 0.3, 1.0),
            believed=self.decimal(general, "percaya", "[umum]", 0.1, 1.0),
            doubtful=self.decimal(general, "ragu", "[umum]", 0.1, 1.0),
            fallback=self.category_id(general, "cadangan", "lainnya", categories),
            nothing=self.category_id(general, "bukan_masalah", "bukan_permasalahan", categories),
            normaliser=speller,
            matcher=matcher(self.phrases),
            outages=self.outages(categories),
        )
        return table, self.complaints

    def complain(self, place: str, problem: str, remedy: str) -> None:
        self.complaints.append(f"{self.file}: {place}: {problem}; {remedy}")

    def unknown(self, found: Mapping[str, Any], known: frozenset[str], place: str) -> None:
        for key in found:
            if key not in known:
                near = process.extractOne(key, sorted(known), score_cutoff=70)
                remedy = (
                    f"mungkin maksudnya '{near[0]}'" if near else "hapus, atau lihat berkas bawaan"
                )
                self.complain(place, f"kunci '{key}' tidak dikenal", remedy)

    def section(self, name: str) -> Mapping[str, Any]:
        found = self.data.get(name, {})
        if isinstance(found, Mapping):
            return found
        self.complain(
            f"[{name}]", "bukan bagian dengan kunci dan nilai", f"tulis sebagai [{name}]"
        )
        return {}

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        found = self.data.get(name, [])
        if isinstance(found, list) and all(isinstance(row, Mapping) for row in found):
            return found
        self.complain(f"[[{name}]]", "bukan daftar baris", f"awali tiap baris dengan [[{name}]]")
        return []

    def words(self, row: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
        found = row.get(key, [])
        if isinstance(found, list) and all(isinstance(word, str) for word in found):
            return tuple(found)
        self.complain(place, f"'{key}' bukan daftar kata", f'tulis misalnya {key} = ["..."]')
        return ()

    def text(self, row: Mapping[str, Any], key: str, place: str) -> str:
        found = row.get(key, "")
        if isinstance(found, str) and found.strip():
            return found.strip()
        self.complain(place, f"'{key}' kosong atau bukan teks", f'isi {key} = "..."')
        return ""

    def span(self, row: Mapping[str, Any], key: str, place: str, default: Allowance) -> Allowance:
        if key not in row:
            return default
        try:
            return read_allowance(str(row[key]))
        except ValueError as error:
            self.complain(place, f"'{key}' salah", str(error))
            return default

    def number(
        self, row: Mapping[str, Any], key: str, place: str, default: int, low: int, high: int
    ) -> int:
        found = row.get(key, default)
        if isinstance(found, int) and not isinstance(found, bool) and low <= found <= high:
            return found
        self.complain(place, f"'{key}' = {found!r}", f"isi bilangan bulat {low} sampai {high}")
        return default

    def decimal(
        self, row: Mapping[str, Any], key: str, place: str, default: float, most: float = 10.0
    ) -> float:
        found = row.get(key, default)
        if isinstance(found, int | float) and not isinstance(found, bool) and 0 < found <= most:
            return float(found)
        self.complain(place, f"'{key}' = {found!r}", f"isi bilangan di atas 0 sampai {most:g}")
        return default

    def flag(self, row: Mapping[str, Any], key: str, place: str) -> bool:
        found = row.get(key, False)
        if not isinstance(found, bool):
            self.complain(place, f"'{key}' = {found!r}", "isi true atau false")
        return found is True

    def clock(self, row: Mapping[str, Any], key: str) -> time:
        try:
            return time.fromisoformat(str(row.get(key, "10:00")))
        except ValueError:
            self.complain("[tenggat]", f"'{key}' bukan jam", 'tulis misalnya "10:00"')
            return time(10)

    def member(self, kind: type[_E], value: object, place: str, default: _E) -> _E:
        try:
            return kind(str(value))
        except ValueError:
            known = ", ".join(member.value for member in kind if member.value)
            self.complain(place, f"'{value}' tidak dikenal", f"pilih salah satu: {known}")
            return default

    def level(self, row: Mapping[str, Any], key: str, place: str) -> Priority:
        return Priority.of_level(self.number(row, key, place, 3, 1, len(Priority)))

    def category_id(
        self, row: Mapping[str, Any], key: str, default: str, known: Mapping[str, Category]
    ) -> str:
        found = str(row.get(key, default))
        if found not in known:
            self.complain(
                "[umum]", f"{key} '{found}' bukan kategori", "tambahkan [[kategori]]-nya"
            )
        return found

    def levels(self) -> dict[Priority, Level]:
        result: dict[Priority, Level] = {}
        day, hour = Allowance(1, Unit.DAY), Allowance(1, Unit.HOUR)
        for row in self.rows("prioritas"):
            place = f"prioritas {row.get('tingkat', '?')}"
            keys = word_set("tingkat id nama arti respons penyelesaian sumber")
            self.unknown(row, keys, place)
            priority = self.level(row, "tingkat", place)
            if row.get("id") != priority.value:
                self.complain(place, f"id '{row.get('id')}'", f'tulis id = "{priority.value}"')
            if priority in result:
                self.complain(place, "ada dua kali", "hapus salah satu")
            result[priority] = Level(
                priority, self.text(row, "nama", place), str(row.get("arti", "")),
                self.span(row, "respons", place, hour), self.span(row, "penyelesaian", place, day),
            )  # fmt: skip
        for priority in Priority:
            if priority not in result:
                self.complain(
                    "[[prioritas]]", f"tingkat {priority.level} tidak ada", "tambahkan barisnya"
                )
                result[priority] = Level(priority, priority.value, "", hour, day)
        return result

    def columns(self) -> dict[str, Column]:
        result: dict[str, Column] = {}
        for id_, row in self.section("kolom").items():
            place = f"kolom {id_}"
            if not isinstance(row, Mapping):
                self.complain(place, "salah bentuk", 'tulis { label = "...", bukti = "teks" }')
                row = {}
            self.unknown(row, frozenset({"label", "bukti"}), place)
            kind = self.member(Evidence, row.get("bukti", "teks"), place, Evidence.TEXT)
            result[id_] = Column(id_, self.text(row, "label", place), kind)
        return result

    def categories(
        self, columns: Mapping[str, Column], levels: Mapping[Priority, Level]
    ) -> dict[str, Category]:
        result: dict[str, Category] = {}
        for position, row in enumerate(self.rows("kategori"), 1):
            id_ = str(row.get("id", f"ke-{position}"))
            place = f"kategori {id_}"
            self.unknown(row, _CATEGORY_KEYS, place)
            if id_ in result:
                self.complain(place, "ada dua kali", "hapus atau beri id lain")
            for key, weight in (("kuat", _STRONG), ("lemah", _WEAK), ("bukan", _AGAINST)):
                for phrase in self.words(row, key, place):
                    self.pending.append((phrase, f"kategori.{id_}", weight, f"{place}, {key}"))
            required = self.words(row, "wajib", place)
            for name in required:
                if name not in columns:
                    near = process.extractOne(name, list(columns), score_cutoff=60)
                    remedy = f"mungkin '{near[0]}'" if near else "tambahkan di [kolom]"
                    self.complain(place, f"wajib '{name}' tidak ada di [kolom]", remedy)
            priority = self.level(row, "prioritas", place)
            escalation = str(row.get("eskalasi", "lpse"))
            if escalation not in _ESCALATIONS:
                self.complain(place, f"eskalasi '{escalation}'", 'isi "lpse" atau "lkpp"')
                escalation = "lpse"
            result[id_] = Category(
                id_, self.text(row, "nama", place), str(row.get("deskripsi", "")), priority,
                self.span(row, "respons", place, levels[priority].response),
                self.span(row, "penyelesaian", place, levels[priority].resolution),
                tuple(name for name in required if name in columns), escalation,
                self.member(Role, row.get("peran", Role.UNKNOWN), f"{place}, peran", Role.UNKNOWN),
                self.member(DeadlineKind, row.get("tenggat", DeadlineKind.STAGE),
                            f"{place}, tenggat", DeadlineKind.STAGE),
                self.flag(row, "layanan", place), self.decimal(row, "bobot", place, 1.0),
            )  # fmt: skip
        if not result:
            self.complain("[[kategori]]", "tidak ada satu pun", "salin dari berkas bawaan")
        return result

    def outages(self, known: Mapping[str, Category]) -> Outages:
        row, place = self.section("serentak"), "[serentak]"
        keys = word_set("kategori cukup_kategori jendela_menit paling_sedikit")
        self.unknown(row, keys, place)
        named = {key: self.words(row, key, place) for key in ("kategori", "cukup_kategori")}
        for id_ in sorted({id_ for ids in named.values() for id_ in ids} - known.keys()):
            self.complain(place, f"kategori '{id_}' tidak ada", "perbaiki atau tambahkan")
        whole = frozenset(named["cukup_kategori"])
        return Outages(
            whole.union(named["kategori"]),
            whole,
            self.number(row, "jendela_menit", place, 120, 5, 24 * 60),
            self.number(row, "paling_sedikit", place, 3, 2, 1000),
        )

    def cues(self) -> None:
        for name in self.section("isyarat"):
            cue = self.member(Cue, name, "[isyarat]", Cue.FAILURE)
            for phrase in self.words(self.section("isyarat"), name, f"isyarat {name}"):
                self.pending.append((phrase, f"isyarat.{cue}", 1.0, f"isyarat {name}"))
        weights = (("kuat", _STRONG), ("lemah", _WEAK), ("bukan", _AGAINST))
        for section, kind in (("jenis", Kind), ("peran", Role)):
            for name, row in self.section(section).items():
                place = f"{section} {name}"
                try:
                    kind(name)
                except ValueError:
                    known = ", ".join(member.value for member in kind)
                    self.complain(place, "tidak dikenal", f"pilih salah satu: {known}")
                    continue
                if not isinstance(row, Mapping):
                    self.complain(place, "salah bentuk", f"tulis [{section}.{name}]")
                    continue
                self.unknown(row, frozenset({"kuat", "lemah", "bukan"}), place)
                for key, weight in weights:
                    for phrase in self.words(row, key, place):
                        self.pending.append(
                            (phrase, f"{section}.{name}", weight, f"{place}, {key}")
                        )

    def compile(self, spelling: Mapping[str, Any], groups: Mapping[str, Any]) -> Normaliser:
        """Compile all phrases twice: once for their vocabulary, then with typing repair."""
        spellings = {key: self.words(spelling, key, "[normalisasi]") for key in spelling}
        plain = normaliser(spellings)
        named: Groups = {
            name: tuple(
                found
                for phrase in self.words(groups, name, f"kelompok {name}")
                if (found := plain.bases(phrase))
            )
            for name in groups
        }
        for text, owner, weight, place in self.pending:
            try:
                self.phrases.append(compile_phrase(text, owner, weight, plain, named))
            except PhraseError as error:
                self.complaints.append(f"{self.file}: {place}: frasa '{text}': {error}")
        return normaliser(spellings, _vocabulary(self.phrases))

    def requirements(self, columns: Mapping[str, Column]) -> dict[Kind, Requirement]:
        result: dict[Kind, Requirement] = {}
        for name, row in self.section("wajib").items():
            place = f"[wajib] {name}"
            kind = self.member(Kind, name, "[wajib]", Kind.COMPLAINT)
            if not isinstance(row, Mapping):
                self.complain(
                    place, "salah bentuk", "tulis { kecuali = [...] } atau { hanya = [...] }"
                )
                continue
            self.unknown(row, frozenset({"kecuali", "hanya", "bila_status"}), place)
            lists = {key: frozenset(self.words(row, key, place)) for key in row}
            for name_ in frozenset().union(*lists.values()) - columns.keys():
                self.complain(place, f"'{name_}' tidak ada di [kolom]", "perbaiki atau tambahkan")
            result[kind] = Requirement(
                lists.get("kecuali", frozenset()),
                lists.get("hanya"),
                lists.get("bila_status", frozenset()),
            )
        return result

    def adjustments(self) -> tuple[Adjustment, ...]:
        result: list[Adjustment] = []
        for position, row in enumerate(self.rows("penyesuaian"), 1):
            id_ = str(row.get("id", f"ke-{position}"))
            place = f"penyesuaian {id_}"
            effects = [effect for effect in Effect if effect in row]
            known = frozenset({"id", "jika", "catatan", "paling_tinggi", *Effect})
            self.unknown(row, known, place)
            condition = self.member(
                Condition, row.get("jika", ""), f"{place}, jika", Condition.WIDE_IMPACT
            )
            if len(effects) != 1:
                wanted = ", ".join(Effect)
                self.complain(place, f"{len(effects)} akibat", f"isi tepat satu dari: {wanted}")
                continue
            steps, key = 0, str(effects[0])
            if effects[0] is Effect.RAISE_BY:
                steps, key = self.number(row, "naik", place, 1, 1, 3), "paling_tinggi"
            level = self.level(row if key in row else {key: 1}, key, place)
            result.append(Adjustment(id_, condition, effects[0], level, steps))
        return tuple(result)


def _vocabulary(phrases: Iterable[Phrase]) -> set[str]:
    return {
        word
        for phrase in phrases
        for element in phrase.elements
        for sequence in element.sequences
        for word in sequence
    }

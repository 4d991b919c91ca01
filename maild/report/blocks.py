"""What a report consists of, whether it is shown in a browser or printed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from maild.model.dates import written_period
from maild.model.office import Office
from maild.model.ticket import RATINGS, Priority
from maild.report import words
from maild.report.figures import Figures, Share

_NOTE = (
    "Tiket dihitung menurut tanggal diterima; yang bukan permasalahan dan yang digabungkan tidak "
    "dihitung. Lama penanganan adalah waktu kerja kantor. Median: separuh tiket lebih cepat; "
    "90 %: sembilan dari sepuluh tiket tidak lebih lama."
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One large figure."""

    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Block:
    """A table, or a drawing as SVG. The last `numbers` columns are figures; a table that `stacks`
    is shown line by line on a small screen; a `narrow` one has room beside another. `widths` are
    the columns' shares of the paper; empty: as the texts need it."""

    title: str
    heads: tuple[str, ...] = ()
    lines: tuple[tuple[str, ...], ...] = ()
    numbers: int = 0
    drawing: str = ""
    narrow: bool = False
    stacks: bool = False
    widths: tuple[float, ...] = ()
    when_empty: str = "Tidak ada."


@dataclass(frozen=True, slots=True)
class Report:
    """A report, ready to be laid out."""

    office: Office
    title: str
    period: str
    tiles: tuple[Tile, ...]
    blocks: tuple[Block, ...]
    note: str = ""
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Drawings:
    """The charts, as SVG."""

    by_month: str
    by_category: str
    by_party: str


def monthly(
    office: Office,
    found: Figures,
    drawings: Drawings,
    categories: Mapping[str, str],
    day: int,
) -> Report:
    """The report of a month. `categories` names each id; `day` is a working day's minutes."""

    def category(name: str) -> str:
        return categories.get(name, name)

    blocks = (
        Block("Tiga belas bulan", drawing=drawings.by_month),
        _times(found, day),
        _where(found),
        _shares("Jenis", found.kinds, str.capitalize),
        _shares("Prioritas", _by_level(found.priorities), words.priority),
        _shares("Peran pengguna", found.roles, lambda name: words.ROLES.get(name, name)),
        _ratings(found),
        Block("Sepuluh permasalahan terbanyak", drawing=drawings.by_category),
        replace(_shares("Kategori", found.categories, category), narrow=False),
        _rows(found, day),
        Block("Hari kerja pada setiap pihak", drawing=drawings.by_party),
    )
    period = written_period(*found.days)
    return Report(office, "Laporan Helpdesk", period, _tiles(found, day), blocks, _NOTE)


def _tiles(found: Figures, day: int) -> tuple[Tile, ...]:
    now, before, year_ago = found.now, found.before, found.months[0]

    def beside(value: int, then: int) -> str:
        if value == then:
            return f"sama dengan bulan lalu ({words.number(then)})"
        return f"{words.change(value, then)} dari bulan lalu ({words.number(then)})"

    first, _ = words.spread(found.first_answer, day)
    return (
        Tile("Diterima", words.number(now.received), beside(now.received, before.received)),
        Tile("Selesai", words.number(now.solved), beside(now.solved, before.solved)),
        Tile("Terbuka di akhir bulan", words.number(now.open), beside(now.open, before.open)),
        Tile(
            "Diterima setahun lalu",
            words.number(year_ago.received),
            "sama dengan bulan ini"
            if now.received == year_ago.received
            else f"{words.change(now.received, year_ago.received)} sejak itu",
        ),
        Tile("Jawaban pertama", first, "median, waktu kerja"),
        Tile("Dibuka kembali", words.number(found.reopened), "dari tiket bulan ini"),
    )


def _times(found: Figures, day: int) -> Block:
    measured = (
        ("Sampai jawaban pertama", found.first_answer),
        ("Sampai jawaban terakhir", found.solution),
    )
    lines = tuple(
        (label, words.number(of.count), *words.spread(of, day)) for label, of in measured
    )
    heads = ("Waktu kerja", "Tiket", "Median", "90 %")
    return Block("Lama penanganan", heads, lines, numbers=3, narrow=True)


def _where(found: Figures) -> Block:
    answered, received = found.here + found.outside, found.now.received
    lines = tuple(
        (label, words.number(count), words.percent(count, whole))
        for label, count, whole in (
            ("Dijawab oleh LPSE sendiri", found.here, answered),
            ("Dijawab setelah eskalasi ke LKPP", found.outside, answered),
            ("Ditutup tanpa jawaban", found.unanswered, received),
            ("Dibuka kembali", found.reopened, received),
        )
    )
    heads = ("Tiket bulan ini", "Jumlah", "Bagian")
    return Block("Di mana diselesaikan", heads, lines, numbers=2, narrow=True)


def _shares(title: str, shares: Sequence[Share], name: Callable[[str], str]) -> Block:
    lines = tuple(
        (
            name(share.name),
            words.number(share.count),
            words.number(share.before),
            words.change(share.count, share.before),
        )
        for share in shares
    )
    heads = (title, "Bulan ini", "Bulan lalu", "Selisih")
    return Block(title, heads, lines, numbers=3, narrow=True)


def _by_level(shares: Sequence[Share]) -> list[Share]:
    """Most urgent first, as in the Tabel Prioritas."""
    return sorted(shares, key=lambda share: list(Priority).index(Priority(share.name)))


def _rows(found: Figures, day: int) -> Block:
    lines = tuple(
        (
            row.no,
            row.activity,
            row.standard,
            words.number(row.spread.count),
            *words.spread(row.spread, day),
            words.percent(row.within, row.spread.count),
        )
        for row in found.rows
    )
    heads = ("Langkah", "Aktivitas", "Waktu baku", "Kali", "Median", "90 %", "Sesuai")
    title = "Waktu sebenarnya di samping waktu baku SOP"
    return Block(title, heads, lines, numbers=4, stacks=True)


def _ratings(found: Figures) -> Block:
    whole = sum(found.ratings.values())
    lines = tuple(
        (said, words.number(count := found.ratings.get(value, 0)), words.percent(count, whole))
        for value, said in RATINGS.items()
        if whole
    )
    heads = ("Penilaian", "Jumlah", "Bagian")
    empty = "Belum ada penilaian untuk tiket bulan ini."
    return Block("Kepuasan", heads, lines, numbers=2, narrow=True, when_empty=empty)

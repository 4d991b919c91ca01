"""Reading informal Indonesian: one base form for every way of writing a word.

Owns tokens, sentences, the office's own spelling map, stemming and the repair of typing errors.
Refuses to interpret: what a word means for a helpdesk stands in the priority table.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import snowballstemmer
from rapidfuzz import process
from rapidfuzz.distance import OSA


def word_set(text: str) -> frozenset[str]:
    """The words of a block of text."""
    return frozenset(text.split())


_ADDRESSES = (
    r"(?P<url>https?://\S+|www\.\S+)"
    r"|(?P<mail>(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6})|"
)
_WORDS = r"(?P<word>[^\W_]+(?:['’`\-.][^\W_]+)*)|(?P<stop>[.!?;:]+(?=\s|$)|\n)"
_TOKEN = re.compile(_ADDRESSES + _WORDS)
_TOKEN_BUT_ADDRESS = re.compile(_WORDS)
_STRETCHED = re.compile(r"(\D)\1{2,}")
_HARD_WRAP = 55
_LONGEST_WORD = 32
_REPAIRED_FROM = 6
_MOST_REMEMBERED = 65_536

# Small words that stand between the words that matter.
_FILLERS = word_set(
    """
    ya yah kok ko sih deh dong nih lho loh kan pak bapak bu ibu bapak/ibu mas mbak mba kak
    kakak bang kang min nya ny pun juga jg saja aja aje sekali banget bgt itu tsb tersebut the
    yg yang aku ku anda lalu di ke pada dari dr dgn dengan untuk utk oleh
    """
)

# Nouns whose stem would fall together with another word's (peserta / beserta, pengadaan / ada).
_KEPT = word_set(
    """
    pengadaan peserta beserta terlambat keberatan pengguna penyedia pejabat berita perusahaan
    pemilihan pengumuman pengalaman penjelasan pemenang berlaku pensiun pertanyaan penawaran
    penunjukan penilaian pengaduan panduan perintah terima terkait kebijakan pelatihan
    pelayanan layanan persyaratan pekerjaan menurut seperti setelah sebelum kesulitan pendapat
    mendapat mendapatkan terdapat didapat pendapatan bersikap menyikapi permohonan keperluan
    masalah sekolah istilah sebelah makalah adalah kepala kementerian pemerintah keliru mengikuti
    merasa alasan pengajuan
    """
)
# Stems that the affix rules leave with a wrong first letter (me- + kirim = mengirim).
_MENDED = {
    "irim": "kirim", "awar": "tawar", "utup": "tutup", "etap": "tetap", "olak": "tolak",
    "anya": "tanya", "berta": "tanya", "arik": "tarik", "pasuk": "masuk", "penang": "menang",
    "pohon": "mohon", "rubah": "ubah", "bukak": "buka", "perpanjang": "panjang", "unda": "tunda",
    "elang": "selang", "obol": "bobol", "erima": "terima", "unjuk": "tunjuk", "ambah": "tambah",
    "ulis": "tulis", "akai": "pakai", "erbit": "terbit", "embali": "kembali", "eluar": "keluar",
    "kluar": "keluar", "aksud": "maksud", "inta": "minta", "pinta": "minta", "ulang": "ulang",
    "etik": "ketik", "klaru": "keluar", "ayang": "tayang", "ampil": "tampil", "unggu": "tunggu",
    "akses": "akses", "ganggu": "ganggu", "ceta": "cetak", "esah": "sah", "alih": "alih",
}  # fmt: skip
# Everyday words that must not be "repaired" into a word of the table.
_COMMON = word_set(
    """
    salam selamat sangat sesuai secara sebagai sampai sambil sejak semua semoga sendiri sering
    seluruh sebab siang malam pagi sore dalam dengan datang daftar dahulu demikian depan diri
    dulu bagian bahwa banyak barang baru batal benar besar biasa bulan buat bukan buku cepat
    cukup hanya harap harga hasil hormat hubung jalan jika jelas jumlah kabar kabupaten kalau
    kantor karena kasih kasus kecil kecamatan kemarin kepada kerja kesempatan ketika kota
    kurang lain lama langsung lanjut lebih lengkap lewat luar maaf maka makin masih masing
    masuk mengapa menjadi mereka minggu mohon mudah mulai mungkin nanti negara nomor orang
    paling panjang pasti pasar perlu pernah pertama pihak pribadi punya rumah sakit saran satu
    sebelah sedang sekarang selama selesai sudah tahun tanggal tempat tentang tengah terima
    tetap tiap tinggal tolong tunggu umum untuk usaha utama waktu wilayah yakin belum beberapa
    berapa bagaimana jawab arahan bimbing maksud rekan sekolah jembatan gedung irigasi
    kesehatan pendidikan dinas sosial tanah hutan desa lurah camat bupati walikota gubernur
    sekretaris bendahara direktur manajer staf karyawan pegawai hitung lokasi lantai meja
    kursi alat bahan makan minum angkut kendaraan bangun rehab pelihara konsultan arsitek
    perencana pengawas
    """
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as words that can be compared.

    `bases`, `surfaces`, `spans` (character positions in `source`) and `sentences` (a running
    number) run in parallel; small words are left out. Sentence 0 is the subject.
    """

    source: str
    bases: tuple[str, ...]
    surfaces: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    sentences: tuple[int, ...]
    asked: frozenset[int]

    def words(self, first: int, last: int) -> str:
        """The original text from word `first` up to and without word `last`, on one line."""
        return " ".join(self.source[self.spans[first][0] : self.spans[last - 1][1]].split())


@dataclass(frozen=True)
class Normaliser:
    """Spelling variants by their first word, longest first, the words worth repairing to, and
    those that mean themselves, however short."""

    variants: Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]
    vocabulary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    meant: frozenset[str] = frozenset()
    # What single words were read as; mails repeat themselves.
    _remembered: dict[str, tuple[str, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def read(self, subject: str, text: str) -> Reading:
        """Subject and text as one `Reading`. Takes linear time and never fails."""
        source = f"{subject}\n\n{text}"
        surfaces: list[str] = []
        spans: list[tuple[int, int]] = []
        sentences: list[int] = []
        asked: set[int] = set()
        count = sentence = line_start = 0
        body = len(subject)
        named = "@" in source or "http" in source or "www." in source
        for found in (_TOKEN if named else _TOKEN_BUT_ADDRESS).finditer(source):
            kind = found.lastgroup
            if kind == "word":
                surfaces.append(_plain(found[0]))
            elif kind != "stop":
                surfaces.append(f"<{kind}>")
            else:
                start, end = found.span()
                if source[start] == "\n":
                    wrapped = start - line_start > _HARD_WRAP
                    line_start = end
                    if wrapped and start > body:
                        continue
                elif "?" in found[0]:
                    asked.add(count)
                count += 1
                sentence = count if start >= body else 0
                continue
            spans.append(found.span())
            sentences.append(sentence)
        return self._based(source, surfaces, spans, sentences, asked)

    def _based(
        self,
        source: str,
        surfaces: list[str],
        spans: list[tuple[int, int]],
        sentences: list[int],
        asked: set[int],
    ) -> Reading:
        bases: list[str] = []
        kept: list[tuple[str, tuple[int, int], int]] = []
        remembered, variants = self._remembered, self.variants
        position = end = 0
        for position, surface in enumerate(surfaces):
            if position < end:
                continue
            end = position + 1
            found = remembered[surface] if surface in remembered else self._single(surface)
            if surface in variants:
                end, found = self._variant(surfaces, position, found)
            if not found:
                continue
            if end == position + 1:
                place = (surface, spans[position], sentences[position])
            else:
                surface = " ".join(surfaces[position:end])
                place = (surface, (spans[position][0], spans[end - 1][1]), sentences[position])
            bases += found
            kept += [place] * len(found)
        columns = tuple(zip(*kept, strict=True)) or ((), (), ())
        return Reading(source, tuple(bases), columns[0], columns[1], columns[2], frozenset(asked))

    def _variant(
        self, surfaces: list[str], position: int, alone: tuple[str, ...]
    ) -> tuple[int, tuple[str, ...]]:
        """Where the spelling that begins at `position` ends, and what it is read as."""
        for variant, bases in self.variants[surfaces[position]]:
            if variant == tuple(surfaces[position : position + len(variant)]):
                return position + len(variant), bases
        return position + 1, alone

    def _single(self, surface: str) -> tuple[str, ...]:
        """The base forms of a word by itself (none for a filler)."""
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[surface] = found = self._alone(surface)
        return found

    def _alone(self, surface: str) -> tuple[str, ...]:
        if surface in _FILLERS:
            return ()
        base = stem(surface)
        for variant, bases in self.variants.get(base, ()):
            if len(variant) == 1:
                return bases
        return (self._repaired(base),)

    def _repaired(self, base: str) -> str:
        known = self.vocabulary.get(base[0], ())
        if len(base) < _REPAIRED_FROM - 1 or base in self.meant or base in _COMMON or not known:
            return base
        return _nearest(base, known)

    def bases(self, phrase: str) -> tuple[str, ...]:
        """The base forms of a short phrase, read exactly as a mail is."""
        return self.read("", phrase).bases


def normaliser(spellings: Mapping[str, Iterable[str]], words: Iterable[str] = ()) -> Normaliser:
    """Compile `{base form: variants}`; `_` in a base form joins several words.

    `words` are those of the table's phrases: typing errors are repaired towards them.
    """
    variants: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for standard, others in spellings.items():
        bases = tuple(stem(word) for word in standard.split("_"))
        for other in (*others, standard.replace("_", " ")):
            tokens = tuple(_plain(t) for t in re.findall(r"[^\W_]+(?:['’`\-.][^\W_]+)*", other))
            if tokens:
                variants.setdefault(tokens[0], []).append((tokens, bases))
    ordered = {k: tuple(sorted(v, key=lambda e: -len(e[0]))) for k, v in variants.items()}
    vocabulary: dict[str, set[str]] = {}
    meant = frozenset(words)
    for word in meant:
        if len(word) >= _REPAIRED_FROM and word.isalpha():
            vocabulary.setdefault(word[0], set()).add(word)
    return Normaliser(ordered, {k: tuple(sorted(v)) for k, v in vocabulary.items()}, meant)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of one Indonesian word in lower case; numbers, codes and kept nouns stay."""
    if len(word) > _LONGEST_WORD or not word.isalpha():
        return word
    for ending in ("nya", "lah", "kah"):
        if word.endswith(ending) and word[:-3] in _KEPT:
            return word[:-3]
    if word in _KEPT or len(word) < 5:
        return word
    found: str = _stemmer().stemWord(word)
    return _MENDED.get(found, found)


@lru_cache(maxsize=1)
def _stemmer() -> "snowballstemmer.indonesian_stemmer.IndonesianStemmer":
    return snowballstemmer.stemmer("indonesian")


@lru_cache(maxsize=65_536)
def _nearest(base: str, known: tuple[str, ...]) -> str:
    """The known word one typing error away (two in long words), or the word itself."""
    limit = 1 if len(base) < 9 else 2
    best = process.extractOne(base, known, scorer=OSA.distance, score_cutoff=limit)
    return best[0] if best else base


@lru_cache(maxsize=65_536)
def _plain(piece: str) -> str:
    """Lower case; `loginnn` is read as `login`, `masuk2` and `masuk-masuk` as `masuk`."""
    word = unicodedata.normalize("NFKC", piece).lower().replace("’", "'").replace("`", "'")
    word = _STRETCHED.sub(r"\1", word)
    if len(word) >= 7 and word.endswith("nya") and not word.endswith("tanya"):
        word = word[:-3].rstrip("-")
    if len(word) > 3 and word[-1] == "2" and word[:-1].isalpha():
        return word[:-1]
    left, dash, right = word.partition("-")
    if (
        dash
        and len(left) > 2
        and (right.endswith(left) or (len(right) > 3 and left.endswith(right)))
    ):
        return left
    return word

"""The words that each letter may use.

A letter sees only the words listed for it here, whatever the office writes into its template:
an automatic letter to a sender whom nobody has looked at yet cannot carry his own words to a
stranger (S05, B116), and an escalation cannot carry the whole history (S19). The meaning of
every word stands in docs/templates.md, for the office.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

GROUPS: Final = ("kantor", "tiket")

_OFFICE = frozenset(
    f"kantor.{name}"
    for name in (
        *("nama", "instansi", "kota", "telepon", "jam_layanan", "email"),
        *("pejabat", "jabatan"),
    )
)

# Made by maild or by the office, never by the sender.
_SAFE = frozenset(
    f"tiket.{name}"
    for name in (
        *("nomor", "diterima", "jatuh_tempo", "prioritas", "level", "kategori", "jenis"),
        *("status", "langkah", "pihak_luar", "telepon_luar", "portal_luar"),
    )
)
_TICKET = _SAFE | frozenset(
    f"tiket.{name}"
    for name in (
        *("perihal", "ringkasan", "nama", "email", "telepon", "objek"),
        *("nomor_luar", "terkait", "petugas"),
    )
)

_STRANGER = _OFFICE | _SAFE | {"kurang", "batas", "catatan"}
_USER = _OFFICE | _TICKET | {"batas", "catatan", "lampiran", "teks"}
_STAFF = (
    _OFFICE | _TICKET | {"petugas", "asal", "batas", "lampiran", "pihak", "ragu", "tautan", "teks"}
)
_ESCALATION = frozenset({"blok", "ditahan", "salinan"})

OFFERED: Final[Mapping[str, frozenset[str]]] = {
    "tanda_terima": _STRANGER - {"catatan", "kurang"},
    "minta_data": _STRANGER,
    "pengingat_data": _STRANGER - {"catatan"},
    "tutup_tanpa_data": _STRANGER - {"catatan"},
    "pemberitahuan_eskalasi": _USER - {"lampiran", "teks"},
    "jawaban": _USER - {"catatan"},
    "selesai": (_USER - {"catatan"}) | {"penilaian"},
    "kabar_menunggu": _OFFICE | _SAFE | {"tiket.nama", "batas"},
    "eskalasi": _USER | _ESCALATION | {"kolom"},
    "eskalasi_lanjutan": _USER | {"ditahan"},
    "tugas_portal": _STAFF | _ESCALATION | {"catatan"},
    "jawaban_lkpp": _STAFF | {"giliran", "kasus", "rancangan"},
    "pertanyaan_lkpp": _STAFF | {"giliran", "kasus"},
    "tugas_baru": _STAFF
    | {"alasan", "dugaan", "juga", "kolom", "kurang", "riwayat", "serupa"}
    | {"serentak", "serentak_lain"},
    "tugas_telepon": _STAFF | {"kurang"},
    "pengingat": _STAFF | {"giliran"},
    "lewat_waktu": _STAFF,
    "lewat_lkpp": _STAFF | {"giliran"},
    "pesan_lanjutan": _STAFF | {"catatan"},
    "dibuka_kembali": _STAFF | {"percakapan"},
    "tautan": _STAFF | {"alasan"},
    "bentrok": _STAFF | {"catatan", "kapan", "kata"},
    "tanda_baru": _STAFF | {"kepada"},
    "banjir": _STAFF | {"catatan"},
    "resi": _STAFF | {"baris", "dikirim", "gagal", "kepada"},
    "status": _STAFF | {"kolom", "kurang", "percakapan"},
    "bantuan": _STAFF,
    "karantina": _OFFICE | {"tiket.nomor", "petugas", "alasan", "kapan", "kepada"},
    "surat_pihak_lain": _OFFICE
    | {"petugas", "asal", "kapan", "kepada", "catatan", "teks", "lampiran", "kata"},
    "konfirmasi_perintah": _OFFICE | {"tiket.nomor", "petugas", "baris", "kapan", "kata"},
    "status_pengguna": _OFFICE | _TICKET | {"catatan"},
    "status_umum": _OFFICE,
    "ringkasan": _OFFICE
    | {"petugas", "kapan", "terlambat", "milik", "menunggu", "piket", "tersisih"},
    "tersisih": _OFFICE | {"petugas", "kapan", "tersisih"},
    "surat_gagal": _STAFF | {"alasan", "kepada", "surat"},
    "rekap": _OFFICE | {"petugas", "baris", "lampiran", "periode", "contoh"},
    "rekap_mingguan": _OFFICE | {"petugas", "baris", "lampiran", "periode", "contoh"},
}

ALL: Final = frozenset[str]().union(*OFFERED.values())

_LISTS = (
    *("alasan", "baris", "gagal", "kolom", "kurang", "lampiran", "percakapan", "riwayat"),
    *("tautan", "penilaian", "blok", "ditahan", "giliran", "kasus"),
    *("dugaan", "juga", "serentak", "serupa", "terlambat", "milik", "menunggu", "piket"),
)


def offered(letter: str) -> frozenset[str]:
    """The words of a letter. One of the office's own making, unknown here, may use all."""
    return OFFERED.get(letter, ALL)


def chosen(letter: str, words: Mapping[str, Any]) -> dict[str, Any]:
    """Of all words given, those that the letter may use; what was not given is empty.

    `tiket` and `kantor` are mappings of their own and are cut to the offered fields.
    """
    single, groups = _sorted(letter)
    result = {name: words.get(name, empty) for name, empty in single.items()}
    for group, fields in groups.items():
        given = words.get(group) or {}
        result[group] = {field: given.get(field, "") for field in fields}
    return result


@cache
def _sorted(letter: str) -> tuple[Mapping[str, Any], Mapping[str, list[str]]]:
    """A letter's single words with their empty values, and the fields of each group."""
    single: dict[str, Any] = {}
    groups: dict[str, list[str]] = {group: [] for group in GROUPS}
    for name in offered(letter):
        group, _, field = name.partition(".")
        if field:
            groups[group].append(field)
        else:
            single[name] = () if name in _LISTS else ""
    return single, groups

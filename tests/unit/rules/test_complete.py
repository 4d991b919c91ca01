"""What a mail gives, and what comes back in a filled-in block."""

import pytest

from maild.model.mail import Address
from maild.model.ticket import Kind
from maild.rules.complete import filled_block
from maild.rules.fields import user_ids
from maild.rules.priorities import PriorityTable
from tests.unit.rules.conftest import Judge, attachment

LABELS = {
    "kode_paket": "Kode tender/non tender/paket (7-11 angka) atau ID paket katalog",
    "bukti_error": "Pesan/kode error atau tangkapan layar (screenshot)",
    "instansi": "Nama badan usaha (penyedia) atau nama instansi/satuan kerja (nonpenyedia)",
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("User ID : MAJUJAYA07", ["MAJUJAYA07"]),
        ("(USER SUMBERREJEKI88)", ["SUMBERREJEKI88"]),
        ("lupa user id dan password", []),
        ("user id kami hilang", []),
        ("Akun MEKARSARI88 tidak bisa dibuka", ["MEKARSARI88"]),
        ("Akun kami MEKARSARI terkunci", ["MEKARSARI"]),
        ("pakai user mekarsari12 ditolak", ["mekarsari12"]),
        ("Akun kami terkunci", []),
        ("nama masuknya TONDIMARSADA", ["TONDIMARSADA"]),
        ("usernya BINAJAYATSM, CV Bina Jaya", ["BINAJAYATSM"]),
        ('keluar "User ID ganda: KUANTANSAKTI"', ["KUANTANSAKTI"]),
    ],
)
def test_user_ids(text: str, found: list[str]) -> None:
    assert [f.value for f in user_ids(text)] == found


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        (f"{LABELS['kode_paket']}: 10096653000", {"kode_paket": "10096653000"}),
        (f"> {LABELS['kode_paket']}: 10096653000", {"kode_paket": "10096653000"}),
        (f"> 1. {LABELS['kode_paket']} : 10096653000", {"kode_paket": "10096653000"}),
        ("Kode tender/non tender/paket: 4999565", {"kode_paket": "4999565"}),
        (
            "> Nama badan usaha (penyedia) atau nama\n> instansi/satuan kerja (nonpenyedia): CV A",
            {"instansi": "CV A"},
        ),
        (f"{LABELS['instansi']}:\nCV Maju Jaya\n", {"instansi": "CV Maju Jaya"}),
        (f"{LABELS['instansi']}: ........", {}),
        (f"{LABELS['instansi']}: (isi di sini)", {}),
        ("CV Maju Jaya", {}),
    ],
)
def test_a_block_is_read_back(text: str, filled: dict[str, str]) -> None:
    assert filled_block(text, LABELS) == filled


def test_a_filled_block_completes_the_ticket(judge: Judge, table: PriorityTable) -> None:
    first = judge("tidak bisa kirim sanggah di spse kami", "sanggah")
    assert first.missing == ("kode_paket", "instansi", "bukti_error")
    block = "\n".join(
        f"> {table.labels[name]}: {value}"
        for name, value in [("kode_paket", "10096653000"), ("instansi", "CV Maju")]
    )
    second = judge(f"berikut datanya\n\n{block}", "Re: sanggah tidak bisa dikirim")
    assert second.missing == ("bukti_error",)


def test_a_further_mail_fills_gaps_and_changes_no_topic(judge: Judge) -> None:
    first = judge("tidak bisa kirim sanggah tender 10096653000", "sanggah")
    assert first.missing == ("instansi", "bukti_error")
    more = judge('Kami dari CV Maju. Muncul pesan "Error 500" sejak lupa password.', after=first)
    assert more.missing == ()
    assert (more.category, more.kind) == (first.category, first.kind)
    assert more.fields["kode_paket"] == "10096653000"
    assert more.fields["instansi"] == "CV Maju"


def test_a_filled_in_line_corrects_what_running_text_does_not(judge: Judge) -> None:
    first = judge("Kami CV Maju tidak bisa kirim sanggah tender 10096653000", "sanggah")
    said = judge("Pada tender 20096653000 juga begitu.", after=first)
    assert said.fields["kode_paket"] == "10096653000"
    label = "Kode tender/non tender/paket (7-11 angka) atau ID paket katalog"
    filled = judge(f"2. {label}: 20096653000", after=first)
    assert filled.fields["kode_paket"] == "20096653000"


def test_a_further_mail_raises_the_priority_and_never_lowers_it(judge: Judge) -> None:
    first = judge("CV Maju lupa password")
    urgent = judge("Penutupan penawaran hari ini jam 14.00", after=first)
    assert urgent.priority.level < first.priority.level
    assert urgent.urgent_deadline
    assert urgent.deadline
    assert judge("Penutupannya masih bulan depan", after=urgent).priority is urgent.priority


def test_the_word_terlampir_gives_nothing_without_a_file(judge: Judge) -> None:
    text = "Mohon dibuatkan akun PPK Dinas Sosial. Terlampir surat permohonan dan SK PPK."
    assert judge(text).missing == ("surat_permohonan", "sk_penetapan")
    assert judge(text, attachments=(attachment("scan001.pdf"),)).missing == ()


def test_a_file_is_known_by_its_name(judge: Judge) -> None:
    text = "Mohon dibuatkan akun PPK Dinas Sosial."
    files = (attachment("SK_PPK_2026.pdf"), attachment("surat-permohonan.pdf"))
    assert judge(text, attachments=files).missing == ()


def test_a_screenshot_is_an_error_message(judge: Judge) -> None:
    shot = attachment("IMG_001.png", "image/png")
    result = judge("CV Maju tender 10096653000, sanggah gagal dikirim", attachments=(shot,))
    assert result.missing == ()


def test_what_is_quoted_gives_nothing(judge: Judge) -> None:
    result = judge("sanggah gagal dikirim\n> tender 10096653000 CV Maju")
    assert "kode_paket" in result.missing


def test_when_it_happened_is_not_when_it_closes(judge: Judge) -> None:
    closes = judge("CV Maju: upload penawaran gagal, besok penutupan", "gagal upload penawaran")
    assert "waktu_kejadian" in closes.missing
    began = judge("CV Maju: sejak tadi pagi upload penawaran gagal", "gagal upload penawaran")
    assert "waktu_kejadian" not in began.missing


def test_the_old_and_the_new_address(judge: Judge) -> None:
    result = judge("CV Maju mohon email diganti dari lama@x.example menjadi baru@x.example")
    assert result.fields["email_terdaftar"] == "lama@x.example"
    assert result.fields["email_baru"] == "baru@x.example"


def test_the_senders_name_names_the_business(judge: Judge) -> None:
    sender = Address("CV Harapan Kita", "kita@surel.example")
    assert judge("sanggah gagal", sender=sender).fields["instansi"] == "CV Harapan Kita"


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("tender 10012345678 tadi pukul 08.30 gagal", "tadi pukul 08.30"),
        ("Sejak pukul 07.30 pagi ini SPSE mati", "Sejak pukul 07.30 pagi ini"),
        ("kemarin (9 Maret) jam 10.15 WITA gagal unggah", "kemarin (9 Maret) jam 10.15 WITA"),
        ("gagal sejak kemarin sore, muncul pesan", "sejak kemarin sore"),
    ],
)
def test_when_it_happened_is_told_in_the_writers_words(judge: Judge, text: str, when: str) -> None:
    assert judge(text).fields["waktu_kejadian"] == when


def test_the_code_of_the_plan_is_not_that_of_the_tender(judge: Judge) -> None:
    fields = judge("Tender 46712345 (kode RUP 53412876) tidak tampil di SPSE").fields
    assert (fields["kode_paket"], fields["kode_rup"]) == ("46712345", "53412876")
    assert "kode_rup" not in judge("RUP sudah diumumkan, tender 46712345 belum").fields


def test_the_writers_own_business_is_no_bidder(judge: Judge) -> None:
    text = "Kami PT Graha tidak bisa membuka penawaran CV Tirta.\n\nHormat kami,\nPT Graha"
    assert judge(text).fields["peserta"] == "CV Tirta"
    sender = Address("PT Graha Karya", "g@surel.example")
    assert "peserta" not in judge("dokumen penawaran PT Graha Karya korup", sender=sender).fields


def test_a_persons_identity_number_is_no_account(judge: Judge) -> None:
    assert "identitas_akun" in judge("CV Maju lupa password, NIK 3201010101010001").missing
    assert "identitas_akun" not in judge("CV Maju lupa password, NPWP 3201010101010001").missing


@pytest.mark.parametrize(
    "text",
    [
        "CV Maju: gagal login, tulisannya user tidak cocok",
        "CV Maju: gagal login, kata sistem sesi sudah dipakai",
        "CV Maju: gagal login, browser bilang DNS_PROBE_FINISHED",
        'CV Maju: gagal login, layar menyatakan "Terlalu Besar"',
    ],
)
def test_what_a_program_said_needs_no_quotation_marks(judge: Judge, text: str) -> None:
    assert "bukti_error" not in judge(text).missing


def test_that_nothing_was_said_is_no_message(judge: Judge) -> None:
    assert "bukti_error" in judge("CV Maju: gagal login, tidak ada pesan apa pun").missing


def test_the_name_of_a_button_is_no_message(judge: Judge) -> None:
    pressed = judge(
        'Tender 10096653000: kami menekan tombol "Tolak" lalu tidak bisa membuka jadwal.'
    )
    shown = judge(
        'Tender 10096653000: kami mengubah jadwal lalu muncul "Tolak" dan tidak bisa dibuka.'
    )
    assert "bukti_error" not in pressed.fields
    assert shown.fields["bukti_error"] == "Tolak"


def test_what_is_still_to_come_is_not_enclosed(judge: Judge) -> None:
    letter = (attachment("scan01.pdf"),)
    later = judge(
        "Ganti PPK paket 10096653000. Surat permohonan terlampir, SK menyusul.", attachments=letter
    )
    both = judge(
        "Ganti PPK paket 10096653000. Surat permohonan dan SK terlampir.", attachments=letter
    )
    assert "surat_permohonan" in later.fields
    assert "sk_penetapan" not in later.fields
    assert "sk_penetapan" in both.fields


@pytest.mark.parametrize(
    "why",
    [
        "Anggarannya dipangkas. Jadi paketnya mau dibatalkan.",
        "Sebabnya pagu berkurang.",
        "Soalnya pagu berkurang.",
        "Semua penawaran di atas HPS.",
    ],
)
def test_reasons_are_given_in_many_ways(judge: Judge, why: str) -> None:
    found = judge(f"Mohon tender 10096653000 dibatalkan, kami dari Pokja 3. {why}")
    assert found.category == "tender_gagal"
    assert "alasan" not in found.missing


def test_what_a_telephone_adds_is_not_said_by_its_owner(judge: Judge) -> None:
    assert (
        judge("SPSE lambat sekali sejak pagi.\n\nDikirim dari HP Android").fields.get("jaringan")
        is None
    )


@pytest.mark.parametrize(
    "text", ["bang bisa bantu? sudah pusing sama spse ini", "lanjutan yang tadi siang gimana pak"]
)
def test_a_mail_that_says_nothing_is_asked_what_the_matter_is(judge: Judge, text: str) -> None:
    found = judge(text)
    assert (found.category, found.kind) == ("lainnya", Kind.COMPLAINT)
    assert "uraian_masalah" in found.missing


@pytest.mark.parametrize(
    "text",
    [
        "Surat permohonan bermeterai dan KTP direktur ada di lampiran.",
        "\nLampiran:\n1. Surat permohonan bermeterai\n2. KTP direktur\n",
        "Surat permohonan dan KTP direktur kami kirim di email ini.",
        "Surat permohonan jo KTP direktur talampir.",
    ],
)
def test_what_is_said_to_be_enclosed_is_there_when_a_file_is(judge: Judge, text: str) -> None:
    told = f"Mohon ganti email akun CV Maju Jaya. {text}"
    enclosed = judge(told, attachments=(attachment("scan0001.pdf"),))
    assert {"surat_permohonan", "dokumen_identitas"}.isdisjoint(enclosed.missing)
    assert {"surat_permohonan", "dokumen_identitas"} <= set(judge(told).missing)


def test_an_aligned_form_gives_the_new_address(judge: Judge) -> None:
    form = (
        "Mohon ganti email.\n"
        "Email lama      : lama@surel.example\nEmail baru      : baru@surel.example"
    )
    found = judge(form).fields
    assert (found["email_terdaftar"], found["email_baru"]) == (
        "lama@surel.example",
        "baru@surel.example",
    )

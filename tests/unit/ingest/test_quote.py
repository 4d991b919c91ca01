"""What the writer wrote himself, as the mail programs of Indonesian offices send it."""

import pytest

from maild.ingest import quote

OWN = "Sudah saya coba, masih gagal unggah.\nMohon dibantu."
QUOTED = "Yth. Bapak/Ibu, mohon kirimkan kode tender.\nHelpdesk LPSE"
MARKED = "\n".join(f"> {line}" for line in QUOTED.split("\n"))

LEAD_INS = {
    "gmail web": "Pada Sen, 5 Jan 2026 pukul 08.15 Helpdesk LPSE <helpdesk@lpse.example> menulis:",
    "gmail tanggal": "Pada tanggal Sen, 5 Jan 2026 08.15, Helpdesk <h@lpse.example> menulis:",
    "gmail wrapped": "Pada Sen, 5 Jan 2026 pukul 08.15 Helpdesk Layanan Pengadaan\n"
    "<helpdesk@lpse.example> menulis:",
    "gmail over three lines": "Pada Sen, 5 Jan 2026 pukul 08.15 Helpdesk Layanan\nPengadaan "
    "Secara Elektronik\n<helpdesk@lpse.example> menulis:",
    "gmail english": "On Mon, Jan 5, 2026 at 8:15 AM Helpdesk <helpdesk@lpse.example> wrote:",
    "yahoo": "Pada Senin, 5 Januari 2026 08.15.00 WIB, Helpdesk <h@lpse.example> menulis:",
    "apple": "Pada 5 Jan 2026, pukul 08.15, Helpdesk <helpdesk@lpse.example> menulis:",
    "k-9": "Pada 5 Januari 2026 08.15.00 WIB, Helpdesk LPSE <h@lpse.example> menulis:",
    "thunderbird": "Pada 05/01/2026 08.15, Helpdesk LPSE menulis:",
    "roundcube": "Pada 2026-01-05 08:15, Helpdesk LPSE menulis:",
    "verb first": "Helpdesk LPSE menulis pada 2026-01-05 08:15:",
    "name first": "Helpdesk LPSE <h@lpse.example> pada 5 Jan 2026 08.15 menulis:",
    "german": "Am 05.01.2026 um 08:15 schrieb Helpdesk <h@lpse.example>:",
    "date, address and colon": '05.01.2026, 08.15, "Helpdesk" <h@lpse.example>:',
}
BLOCKS = {
    "reply above this line": "##- Tulis balasan Anda di atas garis ini -##",
    "outlook": "________________________________\nDari: Helpdesk <h@lpse.example>\n"
    "Dikirim: Senin, 05 Januari 2026 08.15\nKepada: Budi <b@x.example>\nSubjek: Data",
    "outlook without line": "Dari: Helpdesk <h@lpse.example>\nTanggal: Senin, 05 Januari 2026\n"
    "Kepada: Budi\nPerihal: Data tambahan",
    "outlook english": "From: Helpdesk <h@lpse.example>\nSent: Monday, January 5, 2026 8:15 AM\n"
    "To: Budi <b@x.example>\nSubject: RE: Data",
    "zimbra": '----- Pesan Asli -----\nDari: "Helpdesk" <h@lpse.example>\nKepada: "Budi" <b@x>\n'
    "Terkirim: Senin, 5 Januari 2026 08:15:00\nSubjek: Data",
    "samsung": "-------- Pesan asli --------\nDari: Helpdesk <h@lpse.example>\nTanggal: 05/01/26 "
    "08.15 (GMT+07:00)\nKe: Budi <b@x.example>\nSubjek: Data",
    "bold labels": "*Dari:* Helpdesk <h@lpse.example>\n*Dikirim:* Senin, 05 Januari 2026\n"
    "*Kepada:* Budi\n*Subjek:* Data",
}


@pytest.mark.parametrize("lead", LEAD_INS.values(), ids=LEAD_INS.keys())
def test_a_marked_quote_and_its_lead_in_are_cut(lead: str) -> None:
    cut = quote.cut(f"{OWN}\n\n{lead}\n\n{MARKED}\n")
    assert cut.written == OWN
    assert "kode tender" in cut.quoted


@pytest.mark.parametrize("lead", LEAD_INS.values(), ids=LEAD_INS.keys())
def test_an_unmarked_quote_below_a_lead_in_is_cut(lead: str) -> None:
    assert quote.cut(f"{OWN}\n\n{lead}\n\n{QUOTED}\n").written == OWN


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS.keys())
def test_everything_below_a_header_block_is_quote(block: str) -> None:
    cut = quote.cut(f"{OWN}\n\n{block}\n\n{QUOTED}\n")
    assert cut.written == OWN
    assert "kode tender" in cut.quoted


@pytest.mark.parametrize("block", [BLOCKS["outlook without line"], BLOCKS["outlook english"]])
def test_a_header_block_in_a_forward_is_content(block: str) -> None:
    text = f"Mohon tindak lanjut.\n\n{block}\n\nServer kami galat."
    assert "galat" in quote.cut(text, forward=True).written


@pytest.mark.parametrize(
    "marker",
    [
        "---------- Forwarded message ---------",
        "---------- Pesan terusan ---------",
        "----- Pesan Diteruskan -----",
        "Begin forwarded message:",
        "Mulai pesan terusan:",
        "-------- Pesan yang diteruskan --------",
    ],
)
def test_a_forwarded_mail_is_content_with_all_its_quotes(marker: str) -> None:
    text = f"Terusan dari penyedia.\n\n{marker}\nDari: Siti <s@x>\n\nTidak bisa login.\n> lama"
    assert quote.cut(text).written == text


def test_a_forward_without_a_word_of_ones_own_is_kept_whole() -> None:
    text = "Dari: Siti <s@x.example>\nDikirim: 5 Januari 2026\nSubjek: Galat\n\nTidak bisa login."
    assert quote.cut(text).written == text


def test_answers_between_the_quotes_stay_in_order() -> None:
    text = (
        f"{LEAD_INS['gmail web']}\n> Kode tender?\n\n1234567\n\n> Nama paket?\n\nPembangunan jalan"
    )
    assert quote.cut(text).written == "1234567\n\nPembangunan jalan"


def test_an_answer_below_the_quote_is_kept() -> None:
    assert quote.cut(f"{LEAD_INS['thunderbird']}\n{MARKED}\n\n{OWN}").written == OWN


def test_only_the_words_over_the_first_quote_are_above() -> None:
    cut = quote.cut(f"Atas\n\n{LEAD_INS['gmail web']}\n> tanya\n\n#selesai\nBawah")
    assert cut.above == "Atas"
    assert cut.written == "Atas\n\n#selesai\nBawah"


def test_nothing_is_above_when_the_mail_starts_with_a_quote() -> None:
    assert quote.cut(f"{LEAD_INS['gmail web']}\n> tanya\n\n#selesai").above == ""


@pytest.mark.parametrize(
    "closing",
    [
        "-- \nBudi Santoso\nPT Maju",
        "Dikirim dari iPhone saya",
        "Dikirim dari Yahoo Mail untuk Android",
        "Sent from my Samsung Galaxy smartphone.",
        "Dapatkan Outlook untuk Android<https://aka.ms/x>",
        "Salam hormat,\nBudi Santoso",
        "Hormat kami,\n\nBudi Santoso\nPT Maju Jaya",
        "Wassalamu'alaikum wr. wb.\nBudi",
        "Best regards,\nBudi",
        "-Budi",
    ],
)
def test_a_signature_is_told_from_the_words(closing: str) -> None:
    cut = quote.cut(f"{OWN}\n\n{closing}\n\n{BLOCKS['outlook']}\n{QUOTED}")
    assert cut.written == OWN
    assert cut.signature.split() == closing.split()


@pytest.mark.parametrize(
    "text",
    [
        "Terima kasih, sekarang sudah normal kembali.",
        "Terima kasih\n",
        "Mohon reset.\n\nSalam,\nBudi\nKode tender: 1234567",
        "Mohon dicek:\n- berkas satu\n- berkas dua",
        "On Thursday the server was down and nobody could log in.",
        "Pada hari Senin kami tidak bisa masuk.\nPesan galat 500 pada pukul 08.15.",
        "Dari kemarin: gagal.\nKepada siapa saya bertanya?",
        "Dikirim dari kantor kemarin, tetapi belum sampai, mohon dicek.",
        "Pada tanggal 5 Januari 2026 kami menulis surat kepada LPSE\ndan belum dibalas.",
        "On 5 January 2026 I wrote to you about this\nand got no answer.",
        "Kemarin pukul 08.15 saya menulis ke helpdesk@lpse.example dan belum ada kabar.",
        "Hasilnya a > b\nif (a > b) return;",
    ],
)
def test_what_only_looks_like_a_quote_or_a_signature_stays(text: str) -> None:
    assert quote.cut(text).written == text.strip()


@pytest.mark.parametrize(
    "text", ["> hanya kutipan", "-- \nBudi", "Pada 5/1/2026, A menulis:\n> x"]
)
def test_where_there_is_text_the_result_is_not_empty(text: str) -> None:
    assert quote.cut(text).written


def test_an_empty_text_gives_empty_pieces() -> None:
    assert quote.cut(" \n\n") == quote.Cut("", "", "", "")


def test_reply_and_lead_in_on_one_line_are_parted() -> None:
    assert quote.cut(
        "siap On Wed, Apr 4, 2012 at 3:59 PM, bob@x.example wrote:\n> Hi"
    ).written == ("siap")


@pytest.mark.parametrize(
    "lead",
    [
        "2026-01-05 08:15 GMT+07:00 Helpdesk LPSE",
        "Date: Mon, 5 Jan 2026 08:15:02 +0700\nTo: budi@x.example",
        "Quoting Helpdesk <h@lpse.example>:\n\n> lama",
    ],
)
def test_rare_lead_ins_are_known_by_what_they_hold(lead: str) -> None:
    assert quote.cut(f"{OWN}\n\n{lead}\n\n> lama\n").written == OWN

"""Makes the mails that are measured: invented helpdesk mail, the same for the same number.

61 % new problems, 30 % replies in threads, 5 % automatic mail, the rest HTML with a picture;
"mixed" gives a quarter of them a file of 50 to 500 KB, "light" none.
"""

import base64
import random
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

_WIB = timezone(timedelta(hours=7))
_START = datetime(2026, 1, 5, 8, tzinfo=_WIB)
_NAMES = ("Siti Aminah", "Rudi Hartono", "Dewi Lestari", "Agus Salim", "Hendra Gunawan", "Tono")
_FIRMS = ("CV Maju Jaya", "PT Sinar Abadi", "UD Karya Mandiri", "PT Bumi Persada")
_PROBLEMS = (
    (
        "Gagal unggah dokumen penawaran",
        "kami {firm} gagal mengunggah dokumen penawaran pada tender {code}, muncul pesan "
        '"Error 500 Internal Server Error" tadi pukul 08.15. Sudah dicoba dengan peramban lain '
        "dan komputer lain, hasilnya tetap sama.",
    ),
    (
        "Lupa password akun SPSE",
        "saya dari {firm} lupa password akun SPSE. Sudah mencoba fitur lupa password, tetapi "
        "e-mail untuk mengganti kata sandi tidak kunjung masuk, termasuk di folder spam.",
    ),
    (
        "Tidak bisa login ke SPSE",
        "akun {firm} tidak bisa login sejak kemarin sore, muncul tulisan user ID atau password "
        "salah padahal sudah benar. Kami sedang mengikuti tender {code}.",
    ),
    (
        "Permohonan perubahan e-mail",
        "dengan hormat, kami {firm} mengajukan perubahan alamat e-mail yang terdaftar karena "
        "karyawan yang memegang e-mail lama sudah tidak bekerja lagi.",
    ),
    (
        "Tanya jadwal layanan",
        "mohon informasi jam layanan helpdesk, apakah kami dari {firm} dapat datang langsung "
        "ke kantor LPSE pada hari Jumat siang?",
    ),
)
_FILLER = (
    "Kejadian ini sudah kami laporkan juga melalui telepon. Mohon bantuan Bapak/Ibu agar dapat "
    "segera ditindaklanjuti, karena pekerjaan kami tertunda. Atas perhatian dan kerja samanya "
    "kami ucapkan terima kasih."
)


def sender(number: int) -> tuple[str, str]:
    """Name and address of a mail's author; some thousand people write more than once."""
    person = number % 4000
    return _NAMES[person % len(_NAMES)], f"pengguna{person}@kantor.test"


def message_id(number: int) -> str:
    """The Message-ID of a mail."""
    return f"<bench.{number}@kantor.test>"


def mail(number: int, mixed: bool) -> bytes:
    """The octets of a mail, with CRLF line ends."""
    chance = random.Random(number)
    kind = chance.random()
    first = number - chance.randrange(1, 40) if 0.61 <= kind < 0.91 and number > 40 else None
    person = number if first is None else first
    name, address = sender(person)
    at = _START + timedelta(seconds=30 * number)
    subject, text = _PROBLEMS[person % len(_PROBLEMS)]
    firm, code = _FIRMS[person % len(_FIRMS)], 10_000_000 + person
    body = f"Yth. Helpdesk LPSE,\n\n{text.format(firm=firm, code=code)}\n\n"
    body += "\n\n".join([_FILLER] * chance.randrange(1, 8))
    body += f"\n\nHormat kami,\n{name}\n{firm}\nHP 0812-0000-{number % 10000:04d}\n"
    heads = [
        f"Return-Path: <{address}>",
        *(
            f"Received: from mta{i}.kantor.test by mx{i}.lpse.test with ESMTPS id {number}{i}; "
            f"{format_datetime(at)}"
            for i in range(4)
        ),
        f"From: {name} <{address}>",
        "To: Helpdesk LPSE <helpdesk@lpse.test>",
        f"Date: {format_datetime(at)}",
        f"Message-ID: {message_id(number)}",
        "MIME-Version: 1.0",
        f"X-Filler: {'x' * 400}",
    ]
    if first is not None:
        quoted = "\n".join(f"> {line}" for line in body.splitlines())
        body = f"Berikut keterangan tambahan dari kami.\n\nPada Senin, {name} menulis:\n{quoted}\n"
        heads += [f"In-Reply-To: {message_id(first)}", f"References: {message_id(first)}"]
        subject = f"Re: {subject}"
    elif 0.91 <= kind < 0.96:
        heads.append("Auto-Submitted: auto-replied")
        subject = f"Otomatis: {subject}"
    heads.append(f"Subject: {subject}")
    file = chance.randbytes(chance.randrange(50_000, 500_000)) if mixed and kind < 0.23 else b""
    return _message(heads, body, file, number)


def _message(heads: list[str], body: str, file: bytes, number: int) -> bytes:
    octets = body.replace("\n", "\r\n").encode()
    head = "\r\n".join(heads).encode()
    plain = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    if not file:
        return head + b"\r\n" + plain + octets
    mark = f"=_bench_{number}".encode()
    encoded = base64.encodebytes(file).replace(b"\n", b"\r\n")
    return (
        head
        + b'\r\nContent-Type: multipart/mixed; boundary="'
        + mark
        + b'"\r\n\r\n--'
        + mark
        + b"\r\n"
        + plain
        + octets
        + b"\r\n--"
        + mark
        + b'\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="layar.png"'
        + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + encoded
        + b"--"
        + mark
        + b"--\r\n"
    )

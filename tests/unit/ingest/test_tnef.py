"""winmail.dat: the files inside and the text, whatever is cut off (B079)."""

import base64
import struct

import pytest

from maild.ingest import parse, rtf, tnef


def attribute(level: int, identity: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, identity, len(data)) + data + b"\0\0"


def text_property(name: int, value: str) -> bytes:
    data = value.encode("utf-16-le") + b"\0\0"
    padding = b"\0" * (-len(data) % 4)
    return struct.pack("<HHII", 0x1F, name, 1, len(data)) + data + padding


def binary_property(name: int, value: bytes) -> bytes:
    return struct.pack("<HHII", 0x102, name, 1, len(value)) + value + b"\0" * (-len(value) % 4)


def properties(*items: bytes) -> bytes:
    return struct.pack("<I", len(items)) + b"".join(items)


RTF = rb"{\rtf1{\fonttbl{\f0 Arial;}}Isi surat\par baris dua {\*\x y}caf\'e9}"
RAW_RTF = struct.pack("<IIII", len(RTF) + 12, len(RTF), 0x414C454D, 0) + RTF
FILE = (
    attribute(2, 0x00069002, b"\1\0")
    + attribute(2, 0x00018010, b"PENDEK~1.PDF\0")
    + attribute(2, 0x0006800F, b"%PDF isi")
    + attribute(
        2,
        0x00069005,
        properties(text_property(0x3707, "nama panjang.pdf"), binary_property(9, b"x")),
    )
)
START = struct.pack("<IH", 0x223E9F78, 1)
WINMAIL = START + attribute(1, 0x0002800C, b"Isi surat\0") + FILE


def test_text_and_files_with_their_long_names_are_found() -> None:
    assert tnef.read(WINMAIL) == tnef.Contents(
        (tnef.File("nama panjang.pdf", "", b"%PDF isi"),), "Isi surat", ""
    )


def test_a_body_in_rtf_alone_becomes_text() -> None:
    found = tnef.read(
        START + attribute(1, 0x00069003, properties(binary_property(0x1009, RAW_RTF)))
    )
    assert found.text == "Isi surat\nbaris dua café"


def test_the_published_example_of_compression_is_decompressed() -> None:
    octets = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232"
        "0af32068656c090020627705b06c647d0a800fa0"
    )
    assert rtf.decompress(octets) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


@pytest.mark.parametrize("end", range(0, len(WINMAIL), 7))
def test_a_cut_container_is_no_error(end: int) -> None:
    tnef.read(WINMAIL[:end])


def test_in_a_mail_the_files_inside_are_listed_and_read_again() -> None:
    octets = (
        b"From: a@x.example\nContent-Type: application/ms-tnef; name=winmail.dat\n"
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(WINMAIL)
    )
    mail = parse.read(octets)
    (file,) = mail.attachments
    assert (mail.text, file.name) == ("Isi surat", "nama panjang.pdf")
    assert parse.content_of(octets, file.part) == b"%PDF isi"

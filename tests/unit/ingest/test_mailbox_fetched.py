"""Answers to FETCH, read here and by imapclient."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imapclient.response_parser import parse_fetch_response

from maild.ingest.fetched import Fetched, Piece, fetched

AT = datetime(2026, 2, 2, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pieces", "mails"),
    [
        ([], []),
        ([None], []),
        ([b"3 (UID 7 RFC822.SIZE 42)"], [Fetched(7, 42, None, None)]),
        ([b"3 (RFC822.SIZE 42 UID 7)"], [Fetched(7, 42, None, None)]),
        (
            [b'3 (UID 7 INTERNALDATE " 2-Feb-2026 08:30:00 +0700")'],
            [Fetched(7, None, AT, None)],
        ),
        (
            [b'3 (UID 7 INTERNALDATE "01-FEB-2026 22:00:00 -0330")'],
            [Fetched(7, None, AT, None)],
        ),
        ([b'3 (UID 7 INTERNALDATE "31-Feb-2026 08:30:00 +0700")'], [Fetched(7, None, None, None)]),
        ([b'3 (UID 7 INTERNALDATE "31-Mei-2026 08:30:00 +0700")'], [Fetched(7, None, None, None)]),
        ([(b"3 (UID 7 BODY[] {5}", b"halo!"), b")"], [Fetched(7, None, None, b"halo!")]),
        ([(b"3 (BODY[] {5}", b"halo!"), b" UID 7)"], [Fetched(7, None, None, b"halo!")]),
        ([(b"3 (UID 7 BODY[]<0> {0}", b""), b")"], [Fetched(7, None, None, b"")]),
        ([b'3 (UID 7 BODY[] "")'], [Fetched(7, None, None, b"")]),
        ([rb'3 (UID 7 BODY[HEADER]<0> "a\"b\\c")'], [Fetched(7, None, None, rb'a"b\c')]),
        ([b"3 (UID 7 BODY[] NIL)"], [Fetched(7, None, None, None)]),
        ([b"3 (FLAGS (\\Seen))", b"4 (UID 8)"], [Fetched(8, None, None, None)]),
        ([b"3 (FLAGS (UID 9) UID 7)"], [Fetched(7, None, None, None)]),
        ([b"3 (FLAGS (UID 9))"], []),
        ([b"3 (UID x RFC822.SIZE 5)"], []),
        ([(b"3 (BODY[] {8}", b" UID 666"), b" UID 7)"], [Fetched(7, None, None, b" UID 666")]),
    ],
)
def test_an_answer_gives_its_mails(pieces: list[Piece], mails: list[Fetched]) -> None:
    assert list(fetched(pieces)) == mails


@given(
    st.dictionaries(st.integers(1, 2**32 - 1), st.binary(max_size=300), max_size=5),
    st.booleans(),
)
def test_it_reads_what_imapclient_reads(mails: dict[int, bytes], uid_first: bool) -> None:
    pieces: list[Piece] = []
    for seq, (uid, octets) in enumerate(mails.items(), 1):
        if uid_first:
            text = b"%d (UID %d RFC822.SIZE %d BODY[] {%d}" % (seq, uid, len(octets), len(octets))
            pieces += [(text, octets), b" FLAGS (\\Seen $Label1))"]
        else:
            pieces += [(b"%d (BODY[] {%d}" % (seq, len(octets)), octets)]
            pieces += [b" RFC822.SIZE %d UID %d)" % (len(octets), uid)]
    theirs = parse_fetch_response(pieces) if pieces else {}
    assert {mail.uid: (mail.size, mail.octets) for mail in fetched(pieces)} == {
        uid: (said[b"RFC822.SIZE"], said[b"BODY[]"]) for uid, said in theirs.items()
    }

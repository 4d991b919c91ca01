"""What stands above every letter of ours, whatever the mail that caused it (S07, B024, B122)."""

import re

from kit.people import parsed

_OF_A_LETTER = ("from", "to", "subject", "date", "message-id", "in-reply-to", "references")
_OF_MAILD = ("reply-to", "auto-submitted", "x-auto-response-suppress", "x-maild-loop")
_OF_A_BODY = ("mime-version", "content-type", "content-transfer-encoding", "x-maild-letter")
FIELDS = frozenset((*_OF_A_LETTER, *_OF_MAILD, *_OF_A_BODY))
_BARE_LINE_END = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def check(recipient: str, octets: bytes) -> None:
    """Each field once and from the closed list, for its one recipient, nothing in it but what can
    be seen; the names of its files too."""
    head = octets.partition(b"\r\n\r\n")[0]
    assert not _BARE_LINE_END.search(octets)
    assert not _CONTROL.search(head)
    assert max(map(len, octets.split(b"\r\n"))) <= 998
    letter = parsed(octets)
    names = [name.lower() for name in letter.keys()]  # noqa: SIM118  # each as often as it stands
    assert len(names) == len(set(names))
    assert set(names) <= FIELDS
    for name, value in letter.items():
        assert str(value).isprintable(), name
    assert [a.addr_spec for a in letter["To"].addresses] == [recipient]
    for part in letter.walk():
        assert (part.get_filename() or "").isprintable()

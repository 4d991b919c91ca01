"""Only the topmost result of the pinned server counts (B041, K48, A02)."""

import pytest

from maild.ingest import trust
from maild.ingest.header import Field
from maild.model.mail import Address, TrustLevel

SENDER = Address("Agus", "agus@dinas.example")
PASS = b"mx.lpse.example; spf=pass; dmarc=pass (p=none) header.from=dinas.example"
FAIL = b"mx.lpse.example; dmarc=fail header.from=dinas.example"
RECEIVED = Field("received", b"from x by mx.lpse.example")


def level(*values: bytes | Field, sender: Address | None = SENDER) -> TrustLevel:
    fields = [v if isinstance(v, Field) else Field("authentication-results", v) for v in values]
    return trust.verdict(fields, sender, "mx.lpse.example").level


def test_an_aligned_pass_of_the_pinned_server_proves_the_domain() -> None:
    assert level(RECEIVED, PASS) is TrustLevel.DOMAIN


def test_a_fail_means_forged() -> None:
    assert level(FAIL) is TrustLevel.FORGED


@pytest.mark.parametrize(
    "value",
    [
        b"mx.lpse.example; spf=pass smtp.mailfrom=dinas.example",
        b"mx.lpse.example; dmarc=none header.from=dinas.example",
        b"mx.lpse.example; dmarc=pass header.from=other.example",
        b"mx.other.example; dmarc=pass header.from=dinas.example",
        b"mx.lpse.example.evil.example; dmarc=pass header.from=dinas.example",
        b'mx.lpse.example; spf=fail reason="x; dmarc=pass header.from=dinas.example"',
        b"mx.lpse.example; spf=none (; dmarc=pass header.from=dinas.example)",
        b"mx.lpse.example (x; dmarc=pass",
        b"",
    ],
)
def test_anything_less_proves_nothing(value: bytes) -> None:
    assert level(value) is TrustLevel.NONE


def test_a_forged_pass_below_our_own_result_does_not_help() -> None:
    none = b"mx.lpse.example; dmarc=none"
    assert level(none, PASS) is TrustLevel.NONE
    assert level(none, RECEIVED, PASS) is TrustLevel.NONE


def test_a_fail_directly_below_our_pass_counts_against_the_sender() -> None:
    assert level(PASS, FAIL) is TrustLevel.FORGED


def test_results_of_other_servers_above_are_passed_over() -> None:
    assert level(b"antispam.example; x=pass", RECEIVED, PASS) is TrustLevel.DOMAIN


def test_an_unclear_sender_is_never_proven() -> None:
    assert level(PASS, sender=None) is TrustLevel.NONE


def test_without_a_pinned_server_nothing_is_proven() -> None:
    verdict = trust.verdict([Field("authentication-results", PASS)], SENDER, "")
    assert (verdict.level, verdict.reasons) == (
        TrustLevel.NONE,
        ("no trust.authserv_id is configured",),
    )

"""B092 to B097: large mail, much mail, old mail. At length: tests/simulation/test_floods.py."""

import resource
from dataclasses import replace
from datetime import timedelta

from badmail import ASK, MIME, SIDE, head, octets
from badoffice import BUDI, INERT, OVERSIZE, SARI, TOLD, BadOffice, acknowledged, otherwise

from kit.office import office
from kit.people import COMPLETE
from kit.service import CUT_OVER

ALARM = tuple(f"banjir {who}" for who in (BUDI, SARI))
MB = 1 << 20


def _large(who: str, size: int) -> bytes:
    base = octets(MIME, "Content-Type: multipart/mixed; boundary=b\n\n--b\n", ASK, "\n--b\n")
    file = b"Content-Type: image/jpeg; name=a.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head(who) + base + file + b"QUFB" * (size // 4) + b"\r\n--b--\r\n"


def b092_a_mail_over_the_limit_stays_on_the_server(it: BadOffice) -> None:
    """Over the limit (25 MB default): end state "oversize", its header kept, officers told at once
    and in the morning."""
    at_once = [f"tersisih {who}" for who in (BUDI, SARI)]
    came = it.comes(_large(SIDE, 25 * MB), end=OVERSIZE, letters=at_once)
    assert it.service.store.blobs.get(came.mails[0].sha256).startswith(b"From: ")
    assert "octets are too many" in came.mails[0].note
    posted = len(it.world.arrived)
    it.pass_by(days=1, hours=5)
    told = dict(it._letters(posted))[f"ringkasan {SARI}"].get_body(("plain",))
    assert told is not None
    assert "1 surel terlalu besar dan tetap di kotak surat" in told.get_content()


def b093_large_mails_at_once_are_read_one_by_one(it: BadOffice) -> None:
    """100 mails of 24 MB at once (here three): memory does not grow with their number."""
    senders = [f"budi{n}@x.example" for n in range(3)]
    mails = [_large(who, 24 * MB - 5_000) for who in senders]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    it.comes(*mails, letters=[x for who in senders for x in acknowledged(who)])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 3 * 24 * MB >> 10


def b094_a_flood_of_one_sender_is_collected(it: BadOffice) -> None:
    """50 mails/s from one sender: 1 acknowledgement, 0 lost."""
    mails = [
        head(subject=f"Gagal {n}")
        + octets(f"\n{COMPLETE.replace('12345678', str(40000000 + n))}\n")
        for n in range(60)
    ]
    most = it.service.settings.limits.notices_per_sender_hour
    came = it.comes(*mails, letters=(f"tanda_terima {SIDE}", *TOLD * most, *ALARM), opens=most)
    said = "\n".join(map(it.said, came.tickets))
    assert all(str(40000000 + n) in said for n in range(60))


@otherwise(limits=replace(office().book.limits, automatic_per_hour=30, cooling_seconds=0))
def b095_a_flood_of_many_senders_opens_the_breaker(it: BadOffice) -> None:
    """5,000 senders once each (here 40); a+1@, a+2@: alarm, intake goes on."""
    it.problem()
    most = it.service.settings.limits.automatic_per_hour - 2  # Siti's and the neighbour's
    senders = [f"a+{n}@x.example" for n in range(20)] + [f"b@x{n}.example" for n in range(20)]
    acks = [f"tanda_terima {who}" for who in senders[:most]]
    mails = [head(who) + octets(ASK) for who in senders]
    it.comes(*mails, letters=(*acks, *TOLD * 40), opens=40)
    it.pass_by(hours=2)


def b096_mail_from_before_the_first_day_is_noted(it: BadOffice) -> None:
    """500,000 messages at first start (here 300; T07 has all of them)."""
    mails = [head(f"lama{n}@x.example") + octets(ASK) for n in range(300)]
    it.comes(*mails, end=INERT, at=CUT_OVER - timedelta(days=400))


def b097_old_mail_that_is_moved_in_is_not_answered(it: BadOffice) -> None:
    """Mail older than the cut-over, or old mail moved in; redelivered after a migration: known
    by its head, which needs a Date (decision 0018)."""
    now = head() + octets(ASK)
    it.comes(now, letters=acknowledged())
    date = "Date: Tue, 4 Mar 2025 10:00:00 +0700\n"
    old = [head(f"lama{n}@x.example") + octets(date, ASK) for n in range(30)]
    it.comes(*old, end=INERT, at=CUT_OVER - timedelta(hours=1))
    it.comes(now, *old, end=INERT)

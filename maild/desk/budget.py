"""How much automatic mail an address may get, and which addresses get none (S04, S06, B054)."""

from maild.model.known import Known
from maild.model.office import Limits

ACKNOWLEDGEMENT = "tanda_terima"

_NEVER_WRITTEN_TO = frozenset(
    {
        "noreply",
        "no-reply",
        "no_reply",
        "donotreply",
        "do-not-reply",
        "mailer-daemon",
        "postmaster",
    }
    | {"bounce", "bounces", "listserv", "majordomo", "daemon", "nobody", "tidak-membalas"}
)


def why_not(template: str, address: str, known: Known, limits: Limits) -> str:
    """Why this automatic letter may not go to this address; "" if it may."""
    lately = known.lately
    local = address.partition("@")[0].partition("+")[0]
    if local in _NEVER_WRITTEN_TO or local.startswith(("noreply", "no-reply", "bounce")):
        return "alamat yang tidak membaca balasan"
    if len(lately) >= limits.automatic_per_pair_day:
        return f"sudah {len(lately)} surat otomatis dalam 24 jam"
    acknowledged = sum(1 for letter in lately if letter.template == ACKNOWLEDGEMENT)
    if template == ACKNOWLEDGEMENT and acknowledged >= limits.acknowledgements_per_day:
        return "sudah menerima tanda terima dalam 24 jam"
    if known.automatic_last_hour >= limits.automatic_per_hour:
        return "batas surat otomatis per jam tercapai"
    return ""

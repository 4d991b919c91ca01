"""How much automatic mail an address may get, and which addresses get none (S04, S06, B054); how
many notices an officer gets in an hour, whoever floods the mailbox (B094, B095, T09)."""

from maild.model.known import Known
from maild.model.office import Limits

ACKNOWLEDGEMENT = "tanda_terima"
# What officers are told because somebody wrote or a time is up; never what they asked for.
_NOTICES = frozenset(
    ("tugas_baru", "tugas_telepon", "pesan_lanjutan", "pengingat", "lewat_waktu", "tautan")
)

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


def why_not_told(
    template: str, known: Known, limits: Limits, *, critical: bool
) -> tuple[str, bool]:
    """Why officers get no such notice now ("" if they do), and whether they have to be alarmed.

    A `critical` problem (priority 1) is told whatever others write: its deadline does not wait
    for the end of a flood. One sender's own flood stays one alarm.
    """
    if template not in _NOTICES:
        return "", False
    if known.noticed_of_sender >= limits.notices_per_sender_hour:
        return "banyak surel dari pengguna ini dalam satu jam", not known.alarmed_of_sender
    if known.noticed >= limits.notices_per_hour and not critical:
        return "batas surat kepada petugas per jam tercapai", not known.alarmed
    return "", False


def floods(known: Known, limits: Limits) -> bool:
    """Whether this sender has opened as many tickets in an hour as he may."""
    return known.opened >= limits.notices_per_sender_hour

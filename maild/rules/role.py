"""Who the requester is in SPSE: from his words, his name and address, or his topic."""

import re

from maild.model.mail import Address
from maild.model.ticket import Match, Role
from maild.rules.evidence import Signs
from maild.rules.fields import companies, offices
from maild.rules.priorities import Category

_NAMED = re.compile(
    r"(?i)(?<![a-z])(?:(?P<pokja>pokja|panitia|ulp)|(?P<ppk>ppk)|"
    r"(?P<pejabat_pengadaan>pejabat pengadaan|pp(?=\b|[._-]|$)|pejpeng)"
    r"|(?P<pa_kpa>kpa|pengguna anggaran)|(?P<auditor>inspektorat|auditor|irban|bpk|apip)|"
    r"(?P<admin_agency>admin\s?agency|subbag|subbagian|kepegawaian|kasubag umum)"
    r"|(?P<penyedia>(?:cv|pt|ud)(?=[\s.-]|[a-z]{3}|$)|direktur|direksi|rekanan|"
    r"kontraktor|konsultan)"
    r"|(?P<umum>mahasiswa|lsm|media|wartawan|kampus|univ\w*|pers\b|warga|ormas))"
)


def role_of(sender: Address, text: str, signs: Signs, category: Category) -> tuple[Role, Match]:
    """The role and why: what he says of himself, then his name and address, then his topic."""
    scores = {role: signs.score(f"peran.{role}") for role in Role}
    local, _, domain = sender.address.partition("@")
    for source, weight in ((sender.name, 2.6), (local, 1.6), (domain, 1.5)):
        for found in _NAMED.finditer(source.replace("_", " ")):
            scores[Role(found.lastgroup or Role.UNKNOWN)] += weight
    if companies(sender.name):
        scores[Role.VENDOR] += 2.0
    elif companies(text):
        scores[Role.VENDOR] += 1.8 if category.role not in (Role.POKJA, Role.PPK) else 0.5
    elif offices(text) and category.role not in (Role.VENDOR, Role.UNKNOWN):
        scores[category.role] += 0.5
    if category.role is not Role.UNKNOWN:
        scores[category.role] += 1.2
    best = max(scores, key=lambda role: (scores[role], role is category.role))
    if scores[best] < 1.0:
        return Role.UNKNOWN, Match("peran.tidak_diketahui", "")
    return best, Match(f"peran.{best}", signs.words(f"peran.{best}") or str(sender))

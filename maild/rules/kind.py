"""Column 4 of the recap: is it a Pengaduan, a Pertanyaan, a Konsultasi, or no problem at all?

Pengaduan: something fails, or a grievance. Konsultasi: a request for a service or for advice on a
case. Pertanyaan: answered by information alone.
"""

from collections.abc import Callable, Mapping

from maild.model.ticket import Kind, Match, Priority
from maild.rules.evidence import Signs
from maild.rules.match import Hit
from maild.rules.priorities import Category, Cue

_CONVINCING = 2.0
_FAILURE = 2.5
_PERSUASION = 1.5  # times as likely as what the phrases say
_IF = ("kalau", "jika", "apabila", "bila", "misal", "kalo", "klo", "andai")
_TAGS = ("tidak", "belum", "bukan")  # "buka hari Sabtu tidak?"


def kind_of(
    signs: Signs,
    category: Category,
    nothing: bool,
    named: bool = False,
    package: bool = False,
    taught: Mapping[Kind, float] | None = None,
    alike: Callable[[Kind], str] = lambda _: "",
) -> tuple[Kind, Match]:
    """The kind and why. `nothing` is True when the category says that there is no problem, `named`
    when the writer tells which account is his, `package` when he tells of which package he
    speaks: what may or should be done with that one is a case, not information. `taught` is how
    likely earlier mails make each kind; a much likelier one wins over the phrases, for the words
    that `alike` tells."""
    if nothing:
        return Kind.NO_PROBLEM, Match("jenis.bukan_permasalahan", category.name)
    kind, why = _by_phrases(signs, category, named, package)
    if taught:
        best = max(taught, key=taught.__getitem__)
        if best is not kind and taught[best] > _PERSUASION * taught.get(kind, 0.0):
            share = f"{taught[best]:.0%}{alike(best)}"
            return best, Match(f"jenis.{best}", f"mirip surat terdahulu ({share}); frasa: {kind}")
    return kind, why


def _by_phrases(
    signs: Signs, category: Category, named: bool, package: bool
) -> tuple[Kind, Match]:
    # A failure in a supposition ("kalau tidak bisa login") is none, nor is one in the words of a
    # request ("mohon akunnya dinonaktifkan", "terlanjur salah isi").
    asked = signs.covered(f"jenis.{Kind.CONSULTATION}")
    failures = [
        hit
        for hit in signs.cue(Cue.FAILURE)
        if not signs.is_aside(hit) and not asked >> hit.first & asked >> hit.last - 1 & 1
    ]
    complaint = signs.score("jenis.pengaduan") + _FAILURE * min(len(failures), 2)
    if category.priority is Priority.CRITICAL:
        complaint += 2 * _FAILURE
    request = signs.score("jenis.konsultasi")
    question = signs.score("jenis.pertanyaan") + _question_marks(signs)
    if category.service:
        complaint, request = complaint * 0.45, request * 1.3 + 0.5
    if signs.has(Cue.REMINDER):  # that nobody answers is a grievance, whatever was asked for
        complaint += _FAILURE
    own = named or any(not _supposed(hit, signs) for hit in signs.cue(Cue.OWN_CASE))
    if own and category.service and question > complaint:
        return Kind.CONSULTATION, _why(signs, Kind.CONSULTATION, Cue.OWN_CASE)
    if package and signs.has(Cue.WHAT_TO_DO) and question >= max(complaint, _CONVINCING * 0.5):
        return Kind.CONSULTATION, _why(signs, Kind.CONSULTATION, Cue.WHAT_TO_DO)
    if question >= max(complaint, _CONVINCING) and question >= request * 0.9:
        return Kind.QUESTION, _why(signs, Kind.QUESTION)
    if request > complaint and request >= _CONVINCING * 0.5:
        return Kind.CONSULTATION, _why(signs, Kind.CONSULTATION)
    if complaint > 0 or not (question or request):
        words = "; ".join(signs.reading.words(h.first, h.last).lower() for h in failures[:2])
        return Kind.COMPLAINT, Match("jenis.pengaduan", signs.words("jenis.pengaduan") or words)
    if question >= request:
        return Kind.QUESTION, _why(signs, Kind.QUESTION)
    return Kind.CONSULTATION, _why(signs, Kind.CONSULTATION)


def _supposed(hit: Hit, signs: Signs) -> bool:
    """Whether a case is only thought of: "kalau direktur berganti, apa syaratnya?"."""
    reading = signs.reading
    before = zip(reading.bases[: hit.first], reading.sentences, strict=False)
    here = reading.sentences[hit.first]
    return signs.is_aside(hit) or any(s == here and base in _IF for base, s in before)


def _why(signs: Signs, kind: Kind, cue: Cue = Cue.ADVICE) -> Match:
    words = signs.words(f"jenis.{kind}") or signs.words(f"isyarat.{cue}")
    return Match(f"jenis.{kind}", words or ("kalimat tanya" if kind is Kind.QUESTION else ""))


def _question_marks(signs: Signs) -> float:
    reading = signs.reading
    ends = dict(zip(reading.sentences, reading.bases, strict=True))
    tags = sum(ends.get(sentence) in _TAGS for sentence in reading.asked)
    return min(len(reading.asked), 2) * 0.7 + _CONVINCING * min(tags, 1)

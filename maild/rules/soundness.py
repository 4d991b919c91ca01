"""Whether a SOP can run: checked at load, before a ticket depends on it.

Arrows lead to rows; each row is reached and can end; each wait has a limit and an exit; no
circle goes round without somebody being waited for; letters, questions and parties exist.
All complaints at once, in Indonesian, by file and row (design, section 4).
"""

from collections.abc import Iterator

from maild.model.people import HELPDESK, MAILD
from maild.rules.procedure import Procedure, Row


def faults(
    procedure: Procedure,
    file: str,
    letters: frozenset[str],
    questions: frozenset[str],
    parties: frozenset[str],
) -> list[str]:
    """All complaints about the procedure as a whole; the sets name what exists in the office."""
    found: list[str] = []
    rows = procedure.rows
    for key, no in (("mulai", procedure.start), ("buka_kembali", procedure.reopen)):
        if no not in rows:
            found.append(f"{file}: [sop] {key} menunjuk langkah '{no}' yang tidak ada")
    for row in rows.values():
        texts = [
            *_arrow_faults(row, procedure),
            *_wait_faults(row, procedure),
            *_name_faults(row, letters, questions, parties),
        ]
        found += (f"{file}: langkah {row.no}: {text}" for text in texts)
    reached = _reachable(procedure)
    lost = [no for no in rows if no not in reached]
    endless = sorted(reached - _can_end(procedure))
    found += (f"{file}: langkah {n} tidak pernah dicapai; beri panah ke sana" for n in lost)
    found += (f"{file}: langkah {n} tidak pernah selesai; beri arah keluar" for n in endless)
    found += (
        f"{file}: langkah {n} berputar tanpa menunggu; sisipkan langkah yang pelaksananya orang"
        for n in _restless(procedure)
    )
    return found


def _name_faults(
    row: Row, letters: frozenset[str], questions: frozenset[str], parties: frozenset[str]
) -> Iterator[str]:
    for name in sorted({*row.letters.values(), *row.reminders.values()} - letters):
        yield f"surat '{name}' tidak ada di templates/; buat berkas {name}.txt"
    if row.question and row.question not in questions:
        yield f"tanya '{row.question}' tidak ada; pilih: {', '.join(sorted(questions))}"
    for party in sorted({row.actor, *row.letters, *row.reminders} - parties - {MAILD}):
        yield f"pihak '{party}' tidak ada dalam config.toml; tambahkan [[people]] untuknya"


def _arrow_faults(row: Row, procedure: Procedure) -> Iterator[str]:
    for key, no in row.arrows():
        if no not in procedure.rows:
            yield f"{key} menunjuk langkah '{no}' yang tidak ada; perbaiki nomornya"
    if row.ends and any(row.arrows()):
        yield "langkah 'selesai' tidak boleh punya arah lain; hapus salah satunya"
    if row.question and not (row.yes and row.no_):
        yield "'tanya' memerlukan 'ya' dan 'tidak'"
    if row.question and row.actor != MAILD:
        yield "'tanya' hanya untuk pelaksana maild; untuk orang pakailah 'pilihan'"
    if not row.ends and row.actor == MAILD and not (row.next or row.question):
        yield "maild tidak tahu harus ke mana; isi 'lanjut' atau 'tanya'"


def _wait_faults(row: Row, procedure: Procedure) -> Iterator[str]:
    if row.no == procedure.start and not row.next:
        yield "surel pertama tidak tahu harus ke mana; isi 'lanjut'"
    if row.waits and (row.no != procedure.start or _is_entered(row.no, procedure)):
        if not (row.allowance or row.by_priority) or not row.late:
            yield f"menunggu {row.actor} tanpa batas; isi 'waktu' dan 'lewat'"
        # Only the office's own officers speak in command words.
        if not row.next and (row.actor != HELPDESK or not row.choices):
            way = "'lanjut' atau 'pilihan'" if row.actor == HELPDESK else "'lanjut'"
            yield f"{row.actor} tidak dapat keluar dari langkah ini; isi {way}"
    if row.reminders and not (row.remind_every or row.remind_by_priority or row.remind_at_half):
        yield "'pengingat' tanpa 'ingatkan'; isi selang waktunya"


def _is_entered(no: str, procedure: Procedure) -> bool:
    """Whether an arrow or a reopened ticket leads to the row (the first mail does not wait)."""
    arrows = (to for row in procedure.rows.values() for _, to in row.arrows())
    return no == procedure.reopen or no in arrows


def _reachable(procedure: Procedure) -> set[str]:
    seen: set[str] = set()
    todo = [procedure.start, procedure.reopen]
    while todo:
        row = procedure.rows.get(todo.pop())
        if row and row.no not in seen:
            seen.add(row.no)
            todo += [no for _, no in row.arrows()]
    return seen


def _can_end(procedure: Procedure) -> set[str]:
    ending = {r.no for r in procedure.rows.values() if r.ends}
    grown = True
    while grown:
        more = {
            r.no
            for r in procedure.rows.values()
            if r.no not in ending and any(no in ending for _, no in r.arrows())
        }
        ending |= more
        grown = bool(more)
    return ending


def _restless(procedure: Procedure) -> list[str]:
    """Rows of maild from which maild alone comes back to them."""
    circles = []
    for row in procedure.rows.values():
        seen: set[str] = set()
        todo = [row.no]
        while todo:
            current = procedure.rows.get(todo.pop())
            if current is None or current.waits or current.ends:
                continue
            targets = [no for _, no in current.arrows()]
            if row.no in targets:
                circles.append(row.no)
                break
            todo += [no for no in targets if no not in seen]
            seen.update(targets)
    return circles

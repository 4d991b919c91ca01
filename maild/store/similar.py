"""Solved tickets about the same: SQLite FTS5, PostgreSQL tsvector, behind one door.

A ticket is kept when it is answered: its category, subject, summary and answer. Looked for are
the telling words of a new ticket within its category, so that one search touches few rows. The
index is not part of the models: neither database can describe it in the other's words.
"""

import re
from typing import Final

from sqlalchemy import Connection, Integer, String, bindparam, select, text

from maild.model.ticket import State, Ticket
from maild.store.rows import storable, ticket_of
from maild.store.runner import Runner
from maild.store.tables import TICKET

TABLE: Final = "solved"
_MOST: Final = 3
_LONGEST_TEXT: Final = 4_000
_MOST_WORDS: Final = 12
_WORD = re.compile(r"[^\W\d_]{4,24}")
_EMPTY = frozenset(
    [
        "adalah",
        "agar",
        "akan",
        "anda",
        "apakah",
        "atau",
        "bagaimana",
        "bapak",
        "baru",
        "bisa",
        "boleh",
        "dalam",
        "dapat",
        "dari",
        "dengan",
        "halo",
        "hanya",
        "harus",
        "hormat",
        "ibu",
        "itu",
        "jadi",
        "jika",
        "juga",
        "kami",
        "karena",
        "kepada",
        "kita",
        "lalu",
        "lagi",
        "maka",
        "masih",
        "mohon",
        "oleh",
        "pada",
        "pagi",
        "perihal",
        "saat",
        "saja",
        "salam",
        "sampai",
        "saya",
        "sebagai",
        "sebelum",
        "secara",
        "sedang",
        "segera",
        "selamat",
        "semua",
        "seperti",
        "sesudah",
        "siang",
        "sore",
        "sudah",
        "supaya",
        "surel",
        "tadi",
        "telah",
        "tentang",
        "terima",
        "terkait",
        "tersebut",
        "tetapi",
        "tidak",
        "tolong",
        "untuk",
        "yang",
        "yth",
        "bantu",
        "bantuan",
        "bantuannya",
        "dibantu",
        "kasih",
    ]
)

_MAKE: Final = {
    "sqlite": (
        "CREATE VIRTUAL TABLE solved USING fts5(words, tokenize='unicode61 remove_diacritics 2')",
    ),
    "postgresql": (
        "CREATE TABLE solved (ticket BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
        "CREATE INDEX solved_words ON solved USING gin (words)",
    ),
}
_TEXT = bindparam("words", type_=String)
_ID = bindparam("ticket", type_=Integer)
_FORGET: Final = {
    "sqlite": text("DELETE FROM solved WHERE rowid = :ticket").bindparams(_ID),
    "postgresql": text("DELETE FROM solved WHERE ticket = :ticket").bindparams(_ID),
}
_KEEP: Final = {
    "sqlite": text("INSERT INTO solved (rowid, words) VALUES (:ticket, :words)").bindparams(
        _ID, _TEXT
    ),
    "postgresql": text(
        "INSERT INTO solved (ticket, words) VALUES (:ticket, to_tsvector('simple', :words))"
    ).bindparams(_ID, _TEXT),
}
# Compared are the newest of the category: what was solved long ago helps less. FTS5
# only matches here; its own ranking would count every word in all that was ever solved.
_CATEGORY = bindparam("category", type_=String)
_FIND: Final = {
    "sqlite": text(
        "SELECT rowid, words FROM solved WHERE solved MATCH :words ORDER BY rowid DESC LIMIT 100"
    ).bindparams(_TEXT),
    "postgresql": text(
        "SELECT ticket, '' FROM (SELECT ticket, words FROM solved"
        " WHERE words @@ to_tsquery('simple', :category) ORDER BY ticket DESC LIMIT 300) newest"
        " WHERE words @@ to_tsquery('simple', :words)"
        " ORDER BY ts_rank(words, to_tsquery('simple', :words)) DESC LIMIT 10"
    ).bindparams(_TEXT, _CATEGORY),
}
_TICKET = select(TICKET).where(TICKET.c.id == bindparam("id"))


def make(connection: Connection) -> None:
    """Makes the index, empty."""
    for statement in _MAKE[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def keep(run: Runner, ticket: Ticket) -> None:
    """Takes an answered ticket into the index, in place of what it was."""
    run.change(_FORGET[run.dialect], {"ticket": ticket.id})
    if ticket.solution:
        words = f"{_category(ticket)} {ticket.subject} {ticket.summary} {ticket.solution}"
        kept = storable(words[:_LONGEST_TEXT])
        run.change(_KEEP[run.dialect], {"ticket": ticket.id, "words": kept})


def find(run: Runner, ticket: Ticket) -> tuple[Ticket, ...]:
    """At most three answered tickets of the same category with the same words, best first."""
    found = _WORD.findall(f"{ticket.subject} {ticket.summary}".lower())
    telling = [word for word in dict.fromkeys(found) if word not in _EMPTY][:_MOST_WORDS]
    if not telling:
        return ()
    category = _category(ticket)
    either, both = (" OR ", " AND ") if run.dialect == "sqlite" else (" | ", " & ")
    asked = {"words": f"{category}{both}({either.join(telling)})", "category": category}
    found_in = run.all(_FIND[run.dialect], asked)
    if run.dialect == "sqlite":
        found_in.sort(key=lambda line: -sum(word in line[1].lower() for word in telling))
    solved = []
    for ticket_id, _ in found_in[:10]:
        line = run.first(_TICKET, {"id": ticket_id})
        other = ticket_of(line) if line else None
        if other and other.id != ticket.id and _is_solved(other):
            solved.append(other)
    return tuple(solved[:_MOST])


def _is_solved(ticket: Ticket) -> bool:
    ended = ticket.state in (State.ANSWERED, State.CLOSED)
    return ended and bool(ticket.solution) and not ticket.merged


def _category(ticket: Ticket) -> str:
    """The category as one word that no text contains by chance."""
    letters = re.sub(r"[^a-z0-9]", "", ticket.assessment.category.lower())
    return f"kategoritiket{letters}"

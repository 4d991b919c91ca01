"""Where the mails of the board stand, by folder and UID, and where they were put.

A mail has no name that survives a move on the server but its bytes: whoever appears in a column
is known by their digest. `handled` tells that its appearing there has been decided upon.
"""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.engine import make_url

from maild.model.board import Column
from maild.model.ticket import Direction, State
from maild.store.database import Database
from maild.store.errors import StoreError
from maild.store.tables import BOARD, MAIL, MESSAGE, PLACE, SETTING, TICKET


class Spot(NamedTuple):
    """A mail of a ticket in a folder of the board. `expected` is the column that its ticket was
    put into last ("" if none), `newest` the requester's newest mail."""

    folder: str
    uidvalidity: int
    uid: int
    mail: int
    handled: bool
    ticket: int
    version: int
    expected: str
    newest: int


class Astray(NamedTuple):
    """An open ticket's newest mail that has been filed and does not stand on the board."""

    ticket: int
    mail: int
    sha256: str
    size: int
    message_id: str | None


_NAME: Final = "papan "
_NEWEST = (
    select(func.max(MESSAGE.c.mail))
    .where(
        MESSAGE.c.ticket == TICKET.c.id,
        MESSAGE.c.direction == Direction.IN.value,
        MESSAGE.c.party == "pengguna",
    )
    .correlate(TICKET)
    .scalar_subquery()
)
_SPOTS = (
    select(
        *(PLACE.c.folder, PLACE.c.uidvalidity, PLACE.c.uid, PLACE.c.mail, PLACE.c.handled),
        *(TICKET.c.id, TICKET.c.version, func.coalesce(BOARD.c.column, ""), _NEWEST),
    )
    .select_from(PLACE)
    .join(MAIL, MAIL.c.id == PLACE.c.mail)
    .join(TICKET, TICKET.c.id == MAIL.c.ticket)
    .outerjoin(BOARD, BOARD.c.ticket == TICKET.c.id)
    .order_by(PLACE.c.folder, PLACE.c.uid)
)
_OPEN = [state.value for state in State if state.is_open]
_ASTRAY = (
    select(TICKET.c.id, MAIL.c.id, MAIL.c.sha256, MAIL.c.size, MAIL.c.message_id)
    .select_from(TICKET)
    .join(MAIL, MAIL.c.id == _NEWEST)
    .outerjoin(PLACE, PLACE.c.mail == MAIL.c.id)
    .where(
        TICKET.c.state.in_(_OPEN),
        TICKET.c.merged == 0,
        MAIL.c.ticket == TICKET.c.id,
        MAIL.c.filed_at.is_not(None),
        PLACE.c.mail.is_(None),
    )
    .order_by(TICKET.c.id)
)


def renamed_columns(url: str) -> dict[Column, str]:
    """What the columns' folders are called, for a look from outside: their own names where there
    is no database of this schema yet. None is made."""
    own = {column: column.value for column in Column}
    file = make_url(url).database if url.startswith("sqlite") else None
    if file is not None and not Path(file).is_file():
        return own
    try:
        with closing(Database(url)) as database:
            return _column_names(database)
    except StoreError:
        return own


def _column_names(database: Database) -> dict[Column, str]:
    with database.read() as connection:
        kept = connection.execute(select(SETTING).where(SETTING.c.key.startswith(_NAME)))
        renamed = {row.key.removeprefix(_NAME): row.value for row in kept}
    return {column: renamed.get(column.name, column.value) for column in Column}


class Board:
    """The board's part of the store."""

    _database: Database

    def spots(self) -> list[Spot]:
        """All mails of tickets on the board."""
        with self._database.read() as connection:
            return [Spot(*row[:8], row[8] or 0) for row in connection.execute(_SPOTS)]

    def places(self, folder: str) -> dict[tuple[int, int], int]:
        """The mails in a folder of the board, by UIDVALIDITY and UID."""
        with self._database.read() as connection:
            found = connection.execute(
                select(PLACE.c.uidvalidity, PLACE.c.uid, PLACE.c.mail).where(
                    PLACE.c.folder == folder
                )
            )
            return {(row.uidvalidity, row.uid): row.mail for row in found}

    def stands(self, folder: str, uidvalidity: int, uid: int, mail: int) -> None:
        """A mail has appeared in a folder of the board."""
        with self._database.write() as connection:
            connection.execute(
                PLACE.insert().values(
                    folder=folder, uidvalidity=uidvalidity, uid=uid, mail=mail, handled=False
                )
            )

    def left(self, folder: str, keys: Iterable[tuple[int, int]]) -> None:
        """Mails stand there no more."""
        rows = [{"v": v, "u": u} for v, u in keys]
        if rows:
            gone = PLACE.delete().where(
                PLACE.c.folder == folder,
                PLACE.c.uidvalidity == bindparam("v"),
                PLACE.c.uid == bindparam("u"),
            )
            with self._database.write() as connection:
                connection.execute(gone, rows)

    def astray(self) -> list[Astray]:
        """Open tickets that have no mail on the board: it was not kept when they came, or their
        mail was held back first."""
        with self._database.read() as connection:
            return [Astray(*row) for row in connection.execute(_ASTRAY)]

    def column_names(self) -> dict[Column, str]:
        """What each column's folder is called: its own name, or what it was renamed to."""
        return _column_names(self._database)

    def folder_renamed(self, column: Column, old: str, new: str) -> None:
        """A column's folder has another name now; its mails are the same."""
        with self._database.write() as connection:
            connection.execute(PLACE.update().where(PLACE.c.folder == old).values(folder=new))
            mine = SETTING.update().where(SETTING.c.key == _NAME + column.name).values(value=new)
            if connection.execute(mine).rowcount == 0:
                connection.execute(SETTING.insert().values(key=_NAME + column.name, value=new))

    def handled(self, spots: Iterable[Spot]) -> None:
        """These appearances need no decision any more."""
        with self._database.write() as connection:
            for spot in spots:
                connection.execute(
                    PLACE.update()
                    .where(
                        PLACE.c.folder == spot.folder,
                        PLACE.c.uidvalidity == spot.uidvalidity,
                        PLACE.c.uid == spot.uid,
                    )
                    .values(handled=True)
                )

    def expect(self, ticket: int, mail: int, column: Column) -> None:
        """The ticket's mail is to stand in this column."""
        values = {"mail": mail, "column": column.value}
        with self._database.write() as connection:
            mine = BOARD.update().where(BOARD.c.ticket == ticket).values(values)
            if connection.execute(mine).rowcount == 0:
                connection.execute(BOARD.insert().values(ticket=ticket, **values))

    def mail_with(self, sha256: str) -> int | None:
        """The ledger's mail with these bytes that came in; the one that made a ticket, if any."""
        with self._database.read() as connection:
            return connection.execute(
                select(MAIL.c.id)
                .where(MAIL.c.sha256 == sha256)
                .order_by(MAIL.c.ticket.is_(None), MAIL.c.id)
                .limit(1)
            ).scalar()

    def newest_of(self, mail: int) -> int | None:
        """The ticket of a mail, if the mail is its requester's newest."""
        newest = _NEWEST
        found = (
            select(TICKET.c.id)
            .join(MAIL, MAIL.c.ticket == TICKET.c.id)
            .where(MAIL.c.id == mail, newest == mail)
        )
        with self._database.read() as connection:
            return connection.execute(found).scalar()

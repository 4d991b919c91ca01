"""Where the mails of the board stand, by folder and UID, and where they were put.

A mail has no name that survives a move on the server but its bytes: whoever appears in a column
is known by their digest. `handled` tells that its appearing there has been decided upon.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from maild.model.board import Column
from maild.model.ticket import Direction, State
from maild.store.database import Database
from maild.store.tables import BOARD, MAIL, MESSAGE, PLACE, TICKET


class Spot(NamedTuple):
    """A mail of a ticket in a folder of the board. `expected` is the column that its ticket was
    put into last ("" if none), `newest` the requester's newest mail."""

    folder: str
    uidvalidity: int
    uid: int
    mail: int
    handled: bool
    ticket: int
    state: str
    expected: str
    newest: int

    @property
    def is_open(self) -> bool:
        """Whether its ticket is open."""
        return State(self.state).is_open


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
        *(TICKET.c.id, TICKET.c.state, func.coalesce(BOARD.c.column, ""), _NEWEST),
    )
    .select_from(PLACE)
    .join(MAIL, MAIL.c.id == PLACE.c.mail)
    .join(TICKET, TICKET.c.id == MAIL.c.ticket)
    .outerjoin(BOARD, BOARD.c.ticket == TICKET.c.id)
    .order_by(PLACE.c.folder, PLACE.c.uid)
)


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

    def folder_renamed(self, old: str, new: str) -> None:
        """A folder of the board has another name now; its mails are the same."""
        with self._database.write() as connection:
            connection.execute(PLACE.update().where(PLACE.c.folder == old).values(folder=new))

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

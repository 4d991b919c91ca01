"""The board: folders of the mailbox in which each ticket's newest mail stands (design, 5)."""

from enum import StrEnum


class Column(StrEnum):
    """A column; the value is its folder's name. A mail moved into one of them is an order."""

    NEW = "Baru"
    URGENT = "Prioritas 1"
    WORKING = "Diproses"
    WAITING = "Menunggu Data"
    OUTSIDE = "Eskalasi LKPP"
    DONE = "Selesai"
    NO_PROBLEM = "Bukan Permasalahan"

"""What may go wrong at this door. The text is for people and holds no mail text, no secret."""


class StoreError(Exception):
    """The database or the disk did not do what was asked; nothing of it has been kept."""


class StoreUnavailable(StoreError):  # noqa: N818
    """The database cannot be reached or stays locked; the same step may be tried again."""


class StoreBusy(StoreError):  # noqa: N818
    """Another maild works on this database (F012)."""


class SchemaTooNew(StoreError):  # noqa: N818
    """The database was written by a newer maild (F022)."""


class Conflict(StoreError):  # noqa: N818
    """Somebody else was quicker: read again, decide again."""

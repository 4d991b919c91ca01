"""Opens the office's store where config.toml says; the daemon and the command line alike."""

from maild.service.settings import Archive, Settings
from maild.store.store import Store


def open_store(settings: Settings | Archive) -> Store:
    """The store; its folder is made if need be. StoreError, with a plain remedy, or OSError."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Store.open(
        settings.database_url,
        settings.data_dir / "mail",
        prefix=settings.office.prefix,
        zone=settings.office.zone,
        copied=isinstance(settings, Settings) and bool(settings.mailbox.copies),
    )

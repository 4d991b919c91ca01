"""The store's tests run on SQLite here, and again on PostgreSQL in tests/servers."""

from pathlib import Path

import pytest
from store_kit import store

__all__ = ["store"]


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/data/maild.db"

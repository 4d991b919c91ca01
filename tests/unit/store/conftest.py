"""The store that its tests work on, on either database (kit.database)."""

from store_kit import store

__all__ = ["store"]

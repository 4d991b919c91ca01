"""Makes `kit` importable from every test, however pytest is called."""

"""The four loops: intake, desk, courier, clock. They meet only in the database (design, 1)."""

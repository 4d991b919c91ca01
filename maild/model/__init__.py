"""Values that every floor may speak of: frozen dataclasses and enums, standard library only."""

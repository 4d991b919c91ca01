"""maild: an e-mail helpdesk that runs a written procedure (SOP) by mail alone.

Five floors; a file imports only from floors below it, or from its own folder:
model (1), ingest rules replies recap store (2), desk (3), service (4), cli (5).
"""

__version__ = "0.1.0"

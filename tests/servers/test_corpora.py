"""Real mails of many mail systems: each has one end state, none raises, nothing is sent.

The corpora are not part of the project; the test is skipped where they do not lie beside it.
They hold real people's addresses, so sending is switched off.
"""

from pathlib import Path

import pytest

from maild.model.action import Outcome
from maild.service.opening import open_store
from office import maild, settings_of, write_office

pytestmark = [pytest.mark.servers, pytest.mark.database]
CORPORA = Path(__file__).parents[3] / "shared" / "corpora"


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora are not here")
def test_every_mail_of_the_corpora_has_one_end_state(tmp_path, dovecot, account):
    mails = [path.read_bytes() for path in sorted(CORPORA.rglob("*.eml"))]
    dovecot.put(account, *mails)
    config = write_office(tmp_path, dovecot, account, 9, deliver=False)
    done = maild(config, "run", "--once")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{len(mails)} new mails\n"
    assert "Traceback" not in done.stderr
    with open_store(settings_of(config)) as store:
        counts = store.counts()
    assert sum(counts.mails.values()) == len(mails)
    assert set(counts.mails) <= {outcome.value for outcome in Outcome}
    assert counts.mails.get("parked", 0) == 0
    assert set(counts.letters) <= {"ready"}
    audit = maild(config, "audit")
    assert audit.stdout == "0 differences\n"

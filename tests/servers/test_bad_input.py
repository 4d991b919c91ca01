"""Bad mail in a real mailbox: each gets its end state, and the next mail is handled."""

import base64

import pytest

from maild.service.opening import open_store
from maild.store.values import TicketFilter
from office import maild, settings_of, write_office
from test_kill import problem

pytestmark = [pytest.mark.servers, pytest.mark.database]

HEAD = b"To: helpdesk@lpse.test\r\n"
GOOD = problem(1)
BIG = base64.encodebytes(bytes(22_000_000)).replace(b"\n", b"\r\n")
BAD = {
    "empty": (b"\r\n\r\n", "inert"),
    "no From": (HEAD + b"Subject: x\r\n\r\ntolong\r\n", "quarantined"),
    "garbage charset": (
        HEAD + b"From: a@kantor.test\r\nSubject: gagal login\r\n"
        b"Content-Type: text/plain; charset=\xff\xfe-x-unknown\r\n\r\n"
        b"tidak bisa login \xff\xfe\r\n",
        "done",
    ),
    "file name that climbs": (
        HEAD + b"From: b@kantor.test\r\nSubject: gagal login\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n\r\ntidak bisa login\r\n'
        b"--x\r\n"
        b'Content-Type: image/png; name="../../../etc/x.png"\r\nContent-Disposition: attachment;'
        b' filename="../../../etc/x.png"\r\n\r\nabc\r\n--x--\r\n',
        "done",
    ),
    "line break hidden in the subject": (
        HEAD
        + b"From: c@kantor.test\r\nSubject: =?utf-8?q?gagal_login=0D=0ABcc:_d@kantor.test?=\r\n"
        b"\r\ntidak bisa login\r\n",
        "done",
    ),
    "forged agent": (
        HEAD + b"From: Sari <sari@maild.test>\r\nSubject: Re: [LPSE-2026-000001] x\r\n\r\n"
        b"#selesai\r\nsudah\r\n",
        "quarantined",
    ),
    "30 MB": (
        HEAD + b"From: e@kantor.test\r\nSubject: besar\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + BIG,
        "oversize",
    ),
    "the same mail twice": (GOOD, "inert"),
}


def test_each_bad_mail_has_its_end_state_and_the_next_one_is_handled(tmp_path, dovecot, account):
    mails = [GOOD, *(mail for mail, _ in BAD.values()), problem(2)]
    dovecot.put(account, *mails)
    config = write_office(tmp_path, dovecot, account, 9, deliver=False)
    done = maild(config, "run", "--once")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    with open_store(settings_of(config)) as store:
        states = [store.mail(number).state for number in range(1, len(mails) + 1)]
        tickets = store.tickets(TicketFilter())
        letters = store.letters()
        octets = [store.letter_octets(letter.name) for letter in letters]
    assert states == ["done", *(state for _, state in BAD.values()), "done"]
    assert {t.requester.address for t in tickets} == {
        *("pengguna1@kantor.test", "a@kantor.test", "b@kantor.test", "c@kantor.test"),
        "pengguna2@kantor.test",
    }
    # The real agent is asked whether the order is his own; until then nothing happens.
    asked = [x.recipient for x in letters if x.template == "konfirmasi_perintah"]
    assert asked == ["sari@maild.test"]
    assert not any(ticket.closed_at for ticket in tickets)
    assert not any(b"\r\nBcc:" in letter.partition(b"\r\n\r\n")[0] for letter in octets)
    assert maild(config, "audit").stdout == "0 differences\n"
    assert not list(tmp_path.parent.rglob("x.png"))


def test_a_config_with_a_wrong_key_names_file_key_and_remedy(tmp_path, dovecot, account):
    config = write_office(tmp_path, dovecot, account, 9)
    config.write_text(config.read_text().replace("poll_seconds", "poll_second"))
    done = maild(config, "check", "--offline")
    assert done.returncode == 1
    assert (
        'config.toml: mailbox.poll_second: kunci ini tidak dikenal. Mungkin maksudnya "poll_'
        in (done.stdout)
    )


def test_a_sop_row_that_leads_nowhere_and_a_letter_with_a_wrong_word_are_told_at_once(
    tmp_path, dovecot, account
):
    config = write_office(tmp_path, dovecot, account, 9)
    sop = tmp_path / "sop" / "penanganan-email.toml"
    sop.write_text(sop.read_text().replace('lanjut      = "8"', 'lanjut      = "88"', 1))
    letter = tmp_path / "templates" / "jawaban.txt"
    letter.write_text(letter.read_text() + "{{ bukan_kata }}\n")
    done = maild(config, "check", "--offline")
    assert done.returncode == 1
    assert "penanganan-email.toml: langkah 7: lanjut menunjuk langkah '88'" in done.stdout
    assert "jawaban.txt" in done.stdout
    assert "bukan_kata" in done.stdout

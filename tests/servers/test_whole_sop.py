"""All ten rows of the e-mail SOP over real servers: Dovecot, Postfix, mailboxes of three sides."""

import csv
from datetime import UTC, datetime, timedelta

import pytest

from maild.recap.rows import COLUMNS
from office import Person, Running, maild, plain, until, write_office

pytestmark = [pytest.mark.servers, pytest.mark.database]
HELPDESK = "helpdesk@lpse.maild.test"


def test_all_ten_rows_are_walked_and_the_recap_has_its_eight_columns(tmp_path, dovecot, postfix):
    postfix.add(HELPDESK)
    siti = Person("Siti Aminah", "siti@majujaya.test", dovecot, postfix)
    rudi = Person("Rudi Hartono", "rudi@karya.test", dovecot, postfix)
    hendra = Person("Hendra Gunawan", "hendra@pokja.test", dovecot, postfix)
    sari = Person("Sari Wulandari", "sari@maild.test", dovecot, postfix)
    lkpp = Person("Helpdesk LKPP", "helpdesk@lkpp.test", dovecot, postfix)
    config = write_office(tmp_path, dovecot, HELPDESK, postfix.port, postfix=postfix)
    assert maild(config, "check").returncode == 0
    with Running(config) as service:
        # SOP 1, 2, 3, 7, 8, 9: a complete complaint, answered by a plain reply
        siti.writes(
            HELPDESK,
            "Kami CV Maju Jaya gagal unggah dokumen penawaran pada tender 12345678 tadi pukul "
            '08.30, muncul pesan "Error 500". NPWP 01.234.567.8-912.000.',
            subject="Gagal unggah dokumen penawaran",
            file=b"\x89PNG",
        )
        receipt = siti.gets("Tanda terima")
        assert receipt["Auto-Submitted"] == "auto-replied"
        assert "Maju Jaya" not in plain(receipt)
        task = sari.gets("Gagal unggah")
        assert "12345678" in plain(task)
        sari.writes("", "Mohon memperkecil berkas menjadi di bawah 2 MB.", answering=task)
        answer = siti.gets("Jawaban")
        assert "di bawah 2 MB" in plain(answer)
        assert "sari@" not in answer.as_string()
        assert "Pada Senin" not in plain(answer)
        assert answer["Auto-Submitted"] is None

        # SOP 4, 5, 6, 3, 7, 8, 9: data are missing, asked for, and come
        rudi.writes(HELPDESK, "min sy lupa password lpse, tlg dibantu", subject="lupa password")
        request = rudi.gets("Permintaan data")
        sari.gets("telepon")
        rudi.writes(
            "",
            "Kami penyedia CV Karya Mandiri, User ID KARYA01, NPWP 02.345.678.9-021.000, e-mail "
            "terdaftar rudi@karya.test. Surat permohonan dan KTP terlampir.",
            answering=request,
            file=b"\x89PNG",
        )
        sari.writes(
            "", "#selesai\nKata sandi baru telah dikirim.", answering=sari.gets("Data tam")
        )
        assert "Kata sandi baru" in plain(rudi.gets("selesai"))

        # SOP 10: escalated, answered by LKPP, released by the agent
        hendra.writes(
            HELPDESK,
            "Kami Pokja Pemilihan, dokumen penawaran peserta PT Sinar Abadi pada tender 87654321 "
            'tidak bisa didekripsi, muncul pesan "file corrupt" pukul 08.40.',
            subject="Penawaran tidak dapat dibuka",
            file=b"\x89PNG",
        )
        sari.writes("", "#eskalasi\nSudah dicoba.", answering=sari.gets("Penawaran tidak dapat"))
        hendra.gets("LKPP")
        escalation = lkpp.gets("[Eskalasi]")
        assert "87654321" in plain(escalation)
        assert any(p.get_content_type() == "message/rfc822" for p in escalation.walk())
        lkpp.writes("", "Kunci sudah kami perbaiki, nomor tiket: INC-2045.", answering=escalation)
        released = sari.gets("Jawaban Helpdesk LKPP")
        assert not any("Kunci sudah" in plain(m) for m in hendra.letters())
        sari.writes("", "#kirim", answering=released)
        assert "Kunci sudah kami perbaiki" in plain(hendra.gets("Jawaban"))

        until(lambda: not service.store.counts().oldest_undecided_at, "all decided")
        # SOP 7 and 8 were passed by the agent's word, row by row
        now = datetime.now(UTC)
        passed = service.store.passages(now - timedelta(days=1), now + timedelta(days=1))
        rows = {passage.row for _, passage in passed}
    assert {str(no) for no in range(1, 11)} <= rows

    assert maild(config, "audit").returncode == 0
    target = tmp_path / "rekap.csv"
    today = datetime.now().astimezone().date()
    done = maild(
        config,
        "recap",
        "--from",
        str(today - timedelta(days=1)),
        "--to",
        str(today + timedelta(days=1)),
        "--output",
        str(target),
    )
    assert done.returncode == 0, done.stderr
    with target.open(encoding="utf-8-sig", newline="") as file:
        head, *lines = list(csv.reader(file, delimiter=";"))
    assert head == list(COLUMNS)
    assert head == [
        "No",
        "Nama",
        "E-mail",
        "Permasalahan",
        "Solusi",
        "Tgl diterima",
        "Tgl Selesai",
        "Keterangan",
    ]
    assert [line[1] for line in lines] == ["Siti Aminah", "Rudi Hartono", "Hendra Gunawan"]
    assert [line[0] for line in lines] == ["1", "2", "3"]
    assert lines[0][3].startswith("Pengaduan: ")
    assert "di bawah 2 MB" in lines[0][4]
    assert "INC-2045" in lines[2][7]
    assert all(line[6] for line in lines)

"""The words beside which a time is a cut-off, those that only seem so, and those that tell which.

Owns the words alone; `deadline.py` decides.
"""

import re

CUE = re.compile(
    r"\bbatas(?!an)(?:nya)?(?!\s+(?:ukuran|maks\w*|minim\w*|jumlah|karakter|atas|bawah|kewajaran))"
    r"|\b(?:(?:di|ke)?tutup|p[ea]nutup)(?:an(?:nya)?|ny[ae]|e|ne)?\b(?!\s+(?:sendiri|otomatis|"
    r"tiket|browser|aplikasi|paket\b|dulu|semua|tab\b|jendela|laptop|mulut|mata|telinga))|\bmenutup\b(?!\s+sendiri)"
    r"|\bclos(?:ing|ed|es|e)\b|\bdead\s?line|\bdate\s?line|\bdedlen|\bdedline|"
    r"\bcut\s?-?off\b|\bjatuh tempo|\bdue\b"
    r"|\b(?:peng|ka)habisan(?:ny[ae])?\b|\b(?:di)?gembok\b|\bpanungtungan\b|\bditutuik\b|\bpungkasan(?:e|nipun)\b"
    r"|\bmaks(?:imal|imum)?\.?\s+(?:jam|pukul|pkl|besok|hari ini|tgl|tanggal)"
    r"|\b(?:lewat|setelah|sesudah|habis|lepas)\s+(?:dari\s+)?(?:jam|pukul|pkl|itu)\b[^.\n]{0,40}"
    r"\b(?:tidak|tdk|tak|ga|gak|nggak|ndak|hangus|gugur|dikunci|terkunci|(?:di|ter)?tutup|lewat|pupus)\b"
    r"|\b(?:tidak|tdk|tak|ga|gak|ndak)\s+boleh\s+(?:masuk|kirim|unggah|naik)\b"
    r"|\b(?:kesempatan|peluang)\s+terakhir|\bby (?=\d|tomorrow|today|tonight|noon)"
    r"|\bhari terakhir|(?<!percobaan )(?<!coba )\bterakhir(?:nya|e)?\b(?!\s+(?:kali|login|saya|"
    r"kami|dibuka|bisa|diubah|update|di-?update))"
    r"|\b(?:ber|di)akhir(?:nya|i)?\b|\bpungkasan\b|\bpamungkas\b"
    r"|\b(?:waktu|masa|jadwal|tahap\w*|sesi|session)\b[^.\n]{0,40}\b(?:habis|abis|"
    r"selesai|usai|berakhir|expired|entek|seep)\b|\bhabis (?:waktu|masa|jadwal)\b|"
    r"\bh?abis\b(?!\s+(?:antar|jemput|mandi|kerja|sholat|salat|bangun|sekolah|as?har|d?zuhur|lohor|magh?rib|isya|subuh|jumatan|makan|rapat|itu|dari|"
    r"lebaran|libur|panen|pulang|dipakai|kuota|pulsa|baterai))"
    r"|\b(?:paling|plg) (?:lambat|lmbt|telat|akhir)\b|\bselambat-?(?:lambat)?nya|\bselambatnya"
    r"|\b(?:cuma|cm|hanya|hny|mung|ngan|masih)\s+(?:sampai|sampe|smp|sampek|nepi|nganti|ngantos)|"
    r"\b(?:sampai|sampe|smp|hingga|until|till?)\s+(?:dengan\s+)?(?:jam|pukul|pkl|besok|"
    r"bsk|lusa|hari ini|nanti|siang|sore|malam|tengah|as?har|d?zuhur|lohor|magh?rib|isya|"
    r"tgl|tanggal|\d)"
    r"|\bsisa (?:waktu|\d)|\b(?:tinggal|tersisa)\s+(?:waktu\s+)?(?:\d|setengah|beberapa|"
    r"se|satu|dua|hitungan)|\bwaktu(?:nya)? (?:tinggal|tersisa|mepet)"
    r"|\b(?:harus|wajib|kudu|mesti|hrs)\s+(?:sudah\s+|sdh\s+|udah\s+|segera\s+|bisa\s+)"
    r"?(?:selesai|masuk|ada|sampai|di\s(?:meja|tangan|kantor)|di\w+|ter\w+|aktif|kirim|upload|submit|rampung|beres|melakukan|"
    r"mem\w+|men\w+|me[lry]\w+|buka|ikut|hadir|lapor|setor|kumpul)"
    r"|\b(?:mau|akan|hendak|bakal)\s+(?:di(?:serah|kumpul|lapor|buka|tutup|kirim|mulai|"
    r"periksa|audit|bayar|cair|tayang|ttd|tanda)\w*)"
    r"|\b(?:sebelum|sblm|menjelang)\s+(?:jam|pukul|pkl|besok|bsk|hari ini|siang|sore|malam|tgl|"
    r"tanggal|tengah|as?har|d?zuhur|lohor|magh?rib|isya|jumatan|\d)"
    r"|\b(?:keburu|kburu|ndak sempat|tidak sempat|ga sempat|gak sempat)\b|\bdeadline|"
    r"\b(?:last|final) day\b|\bends?\b|\bselesai\s+(?:jam|pukul|pkl|nanti|\d{1,2}[.:]\d\d)"
    r"|\b(?:jam|pukul|pkl)\s\S{1,5}\s(?:ini\s)?(?:sudah|sdh|udah)\s(?:selesai|habis|bubar)\b"
)
STAGE_NEXT = re.compile(
    r"\b(?:aanwi\w+|anwij\w*|penjelasan|pembukaan|dibuka penawaran\w*|pembuktian|"
    r"klarifikasi|negosiasi|nego|auction"
    r"|pemasukan|memasukkan|masukkan|masukin|evaluasi|penetapan|pengumuman|sanggah\w*|"
    r"penandatanganan|ttd kontrak|presentasi|mini ?kompetisi"
    r"|dimulai|mulai|jadwal(?:nya)?|sesi|pencairan|pemeriksaan|audit|di(?:minta|serahkan|"
    r"kumpulkan|butuhkan|perlukan|laporkan|audit|periksa|pakai|tunggu))(?:nya)?\b"
    # Who comes for it is waited for.
    r"|\b(?:jaksa|kejaksaan|penyidik|polisi|polres|bpk|bpkp|inspektorat|auditor|pemeriksa|irban|"
    r"tim (?:audit|pemeriksa|bpk|inspektorat)|dewan|komisi)(?:nya)?\b[^.\n]{0,30}"
    r"\b(?:datang|tiba|hadir|ke sini|kemari|minta|meminta|menagih|turun|menunggu|berkunjung)\b"
)
NOT_A_DEADLINE = re.compile(
    r"\b(?:login|akses|masuk|update) terakhir(?! (?:penawaran|dokumen|berkas))|"
    r"\b(?:jam|waktu|hari)\s+(?:layanan|pelayanan|kerja|operasional|istirahat|buka)\b|"
    r"(?<!sebelum )\b(?:kantor|loket|helpdesk)\b[^.\n]{0,40}\b(?:buka|tutup|istirahat|melayani)"
    r"|\bpromo\b|\bpelayanan\b[^.\n]{0,40}\b(?:buka|libur|tutup)|\bbuka (?:jam|hari|sampai)|"
    r"\bjam berapa|\bsampai kapan|\bkapan\b|\bakhir[- "
    r"]akhir\b|\bakhir pekan|\b(?:bulan|tahun|minggu|kali|versi|\d+\s+hari|"
    r"beberapa\s+hari)\s+terakhir\b(?!\s+(?:upload|unggah|pema|sanggah|kirim|penyampaian|"
    r"input))"
    r"|(?<!ruang )\brapat\b|\btiket\b[^.\n]{0,20}\bditutup|\bcuti\b|\bpelaporan gangguan\b|"
    r"\b(?:se)?harusnya\b(?!\s+(?:\w+\s+)?(?:besok|bsk|nanti|hari ini|lusa))|"
    r"\bterakhir (?:kali|login|bisa)|"
    r"\b(?:di|me)?(?:mundur|undur|geser|maju|ubah|rubah|ganti)"
    r"(?:kan)?\b[^.\n]{0,40}\bdari\b[^\n]{0,40}\b(?:menjadi|jadi|ke)\b"
)
OVER = re.compile(
    r"\b(?:sudah|sdh|udah|udh|telah|keburu|kburu|terlanjur|tlanjur|wis|tos|terlewat|"
    r"kelewat|terlambat|telat|lewat)\s+(?:di)?(?:tutup|berakhir|habis|lewat|closed|"
    r"terlewat|ditutup)"
    r"|\b(?:terlewat|kelewat|kelewatan|terlanjur tutup)\b|\bgagal ikut\b"
)
STAGE_WORDS = re.compile(
    r"\b(?:penawaran\w*|tender|lelang|seleksi|upload|unggah\w*|mengunggah|kualifikasi|"
    r"sanggah\w*|sangahan|pembukaan|evaluasi|penjelasan|aanwi\w+|anwij\w*"
    r"|auction|pembuktian|penetapan|pemasukan|panawaran|tahap\w*|pendaftaran|peserta|"
    r"paket|pl|sesi|bidding|bid|kirim dok\w*|dekripsi|negosiasi|klarifikasi|aanwizing|"
    r"mini ?kompetisi)\b"
)
ADMIN_WORDS = re.compile(
    r"\b(?:kontrak|sppbj|spk|rup|sirup|spm|sp2d|spj|lpj|laporan|pelaporan|bpk|"
    r"inspektorat|audit\w*|pemeriksa\w*|pencatatan|realisasi|itkp|monev|dak|dau|anggaran|"
    r"apbd\w*|pencairan|pembayaran|termin"
    r"|bpkad|bkad|keuangan|dipa|dpa|revisi|arsip|skp|surat edaran|sekda|input data|"
    r"jaksa(?:nya)?|kejaksaan|penyidik|polisi|irban|dewan|sipd|"
    r"rekon\w*|e-?purchasing|katalog|tagihan|kppn|triwulan|uang muka|bast|rapat|"
    r"ekspos\w*)\b"
)
# A day that is told of stays the day of what is told next: "Selasa kemarin kami mengirim. Pukul
# 14.58 muncul pesan dan pukul 15.00 ditutup."
TOLD = re.compile(
    r"\b(?:sudah (?:pukul|jam)|tertutup|hendak|muncul|keluar tulisan|tertulis|berhasil|akhirnya|"
    r"lalu|kemudian|ternyata|sempat|waktu itu)\b"
)
TO_COME = re.compile(
    r"\b(?:nanti|ntar|besok|bsk|akan|mau|masih|sekarang|hari ini|tinggal|sisa|keburu|sesuk|lusa)\b"
)

"""How people tell what is to be changed into what, and why they ask for it."""

from maild.rules.pattern import Pattern

CHANGE = Pattern(
    r"(?i)\b(?:dari|semula|dulu(?:nya)?|sebelumnya|lama)\b[^\n]{2,90}\b(?:men)?jadi\b[^\n.]{2,60}"
    r"|\bdari\b\s[^\n]{3,60}\b(?:ke|kepada)\b\s(?:[Jj]l\.\s?)?[^\n.]{3,60}"
    r"|\b(?:berubah|berganti|diubah|diganti|pindah)\b[^\n.]{0,40}\b(?:men)?jadi\b[^\n.]{2,60}"
    r"|\b(?:lama|semula)\s*[:=][^\n]{3,80}\n?[^\n]{0,40}\b(?:baru|menjadi|sekarang|kini)\s*[:=][^\n]{3,80}"
    r"|\b(?:alamat|direktur|nama|npwp|akta|kbli)\s+(?:yang\s+)?baru(?:nya)?\s*(?:[:=]|"
    r"adalah|yaitu|menjadi)\s*[^\n.]{4,80}"
    r"|\bdari\s*[:=][^\n]{3,80}\n\s*(?:ke|menjadi|jadi)\s*[:=][^\n]{3,80}"
    r"|\b(?:tertulis|tercatat|tertera)\b[^\n]{2,60}\b(?:betul|benar|seharusnya|harusnya)\b[^\n]{3,60}"
    r"|\b(?:npwp|alamat|nama|direktur|akta)\b[^\n]{0,60}\b(?:sekarang|skrg|skrang|ayeuna|saiki)\s"
    r"(?:men)?jadi\b[^\n]{3,60}"
    r"|\b(?:ke-?\s?ketik|tulis|ditulis|ketik|tercantum|tertulis|terisi|keisi)\b[^\n]{2,80}"
    r"\b(?:se)?(?:harusnya|mestinya)\b[^\n]{2,60}"
    r"|\bmasih\s[^\n]{4,80}\b(?:mau|minta|mohon|tolong|agar|supaya)\s(?:\w+\s)?(?:di)?(?:ganti|"
    r"ubah|rubah|sesuaikan|jadikan)\b[^\n]{4,60}"
    r"|\b(?:yg|yang)\s+dulu\b[^\n]{3,60}\bsekarang\b[^\n]{3,60}"
    r"|\bdulu(?:nya)?\s+(?:di|bernama|atas\snama)\b[^\n]{3,80}\b(?:sekarang|kini)\s+(?:di|bernama|atas\snama)\b[^\n]{3,60}"
    r"|\btatuli[hs]\b[^\n]{2,60}\bbatua\b[^\n]{2,60}"
    r"|\b(?:alamat|direktur|nama|npwp|akta|kbli)\slama\b[^\n]{3,80}\bbaru\b[^\n.]{3,80}"
)

REASON = Pattern(
    r"(?i)\b(?:karena|krn|karna|alasan(?:nya)?|sehubungan|dikarenakan|disebabkan|"
    r"berhubung|akibat(?:nya)?|lantaran|sebab(?:nya)?|mergo|mergi|sehingga|dalam rangka|"
    r"dgn alasan|soal(?:nya|e)|sabab|amarga|gara-gara|gegara|makanya|mangkanya)\b[^\n.]{4,120}"
    r"|\b(?:salah|keliru|t(?:er|el)lanjur)\s(?:me|di|ter|input|isi|ketik|tulis|klik|pencet|pilih|"
    r"tekan)\w*[^\n.]{0,120}|\bter(?:tekan|klik|pencet|pilih)\b[^\n.]{4,120}|\bke(?:klik|pencet|tekan|ketik)\b[^\n.]{4,120}"
    r"|(?:[.!]\s+|\n)(?-i:Jadi|Maka|Karena itu|Oleh karena itu)\s[^\n.]{4,120}"
    r"|\b(?:semua|seluruh)\s(?:\w+\s)?(?:peserta|penawar(?:an)?|penyedia)\s(?:\([^)\n]{1,30}\)\s)?(?:\w+\s){0,2}(?:gugur|"
    r"di atas|melebihi|tidak (?:memenuhi|lulus))\b[^\n.]{0,80}"
    r"|\bternyata\s[^\n.]{8,120}"
    r"|\b(?:tidak|tak|tdk|belum|ga|gak|nggak)\s(?:ada|se?satu ?pun|seorang pun|satu pun)\s"
    r"(?:\w+\s){0,4}(?:memenuhi|lulus|menawar|mendaftar|masuk|berminat|memasukkan|menaruh|mengirim|mengunggah|menyampaikan)\b[^\n.]{0,80}"
    r"|\b(?:dana|anggaran|pagu)(?:nya)?\s(?:\w+\s){0,4}(?:dicoret|digeser|dialihkan|dipotong|ditarik|"
    r"hilang|tidak (?:ada|cukup))\b[^\n.]{0,80}"
    r"|\b(?:dasar|pertimbangan|penyebab)(?:nya)?\s*[:=][^\n]{4,120}"
    r"|[^\n.]{12,120}[,;]\s(?:jadi|maka|makanya|oleh karena itu|karena itu)\b[^\n.]{4,80}"
)

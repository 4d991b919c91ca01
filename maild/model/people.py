"""Who takes part: the parties of a SOP and the people who stand for them."""

from dataclasses import dataclass
from typing import Final

USER: Final = "pengguna"
HELPDESK: Final = "helpdesk"
MAILD: Final = "maild"
UNCLEAR: Final = "pengirim tidak jelas"  # From names nobody for sure (B047)
LKPP: Final = "lkpp"


@dataclass(frozen=True, slots=True)
class Person:
    """An agent, or an office such as LKPP, as config.toml lists it.

    `number` (1 to 65535) is what a token carries and must never be given to somebody else.
    `domains` are those from which an outside office may answer; empty means its address's own.
    `categories` of the priority table are what an agent is assigned; empty means everything.
    """

    id: str
    number: int
    name: str
    address: str
    party: str
    active: bool = True
    telephone: str = ""
    domains: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Directory:
    """Everyone in config.toml, and the addresses that are the helpdesk's own."""

    people: tuple[Person, ...]
    own_addresses: frozenset[str]

    def by_address(self, address: str) -> Person | None:
        """The person with exactly this address (any case), active or not."""
        wanted = address.lower()
        return next((p for p in self.people if p.address.lower() == wanted), None)

    def by_number(self, number: int) -> Person | None:
        """The person with this directory number."""
        return next((p for p in self.people if p.number == number), None)

    def of_party(self, party: str) -> tuple[Person, ...]:
        """The active people who stand for a party."""
        return tuple(p for p in self.people if p.party == party and p.active)

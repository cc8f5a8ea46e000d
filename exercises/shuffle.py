"""An order of things that looks like chance and is the same on every machine and every day."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256


def shuffled(texts: Sequence[str], seed: str) -> list[int]:
    """The places of the texts in another order: that of their hashes with the seed."""

    def hashed(place: int) -> bytes:
        return sha256(f"{seed}\n{texts[place]}".encode()).digest()

    return sorted(range(len(texts)), key=hashed)


def shuffled_away(texts: Sequence[str], seed: str) -> list[int]:
    """The same, but never the order in which the texts are given. Needs two texts or more."""
    order = shuffled(texts, seed)
    return order if order != sorted(order) else [*order[1:], order[0]]

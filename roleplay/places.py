"""Where a profile's server stands, as far as that decides who is to blame when it is silent."""

from dataclasses import dataclass
from typing import Literal

Zone = Literal["machine", "lan", "internet"]
"""machine: the one we run on, which no network can part from us. lan: a network of one's own."""


@dataclass(frozen=True, slots=True)
class Place:
    """`host` names what fails as one: a machine, or one port of our own; "" where unknown."""

    host: str = ""
    zone: Zone = "machine"


NOWHERE = Place()

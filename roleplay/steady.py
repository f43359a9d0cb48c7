"""Where a history that does not fit begins, so that it begins there again next time.

A server keeps what it has read of a prompt as long as the prompt begins the same way. A history
that loses its oldest message on every turn never does; one that begins at a landmark does for
several turns.
"""

from collections.abc import Sequence

SCATTER = 2654435761
"""Knuth's multiplicative hash: neighbouring ids get values far apart."""


def landmark(ids: Sequence[int]) -> int:
    """The place of the message to begin with, among those that may be given up for it.

    Of neighbours always the same one stands out, until it is not among them any more.
    """
    return max(range(len(ids)), key=lambda place: (ids[place] * SCATTER) % 2**32)

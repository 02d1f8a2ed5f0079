"""Names looked for in texts, all at once and however many they are. No database."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: A text is checked for its runs of so many characters; shorter names are looked for one by one.
_GRAM = 4
_SLOTS = 1 << 18
_FACTORS = (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F)


class NameIndex:
    """Which of some names occur in a text, as they are written.

    A text's runs of four characters are marked in a table, and only names whose first four are marked are looked for,
    so that a text takes as long with a hundred thousand names as with a hundred.
    """

    def __init__(self, names: Iterable[str]) -> None:
        ordered = sorted(names)
        self._short = [name for name in ordered if len(name) < _GRAM]
        self._long = [name for name in ordered if len(name) >= _GRAM]
        self._first = _grams("".join(name[:_GRAM] for name in self._long))[::_GRAM]

    def found_in(self, text: str) -> list[str]:
        # Imported where it is used: what serves the site looks for no names in texts.
        import numpy as np

        found = [name for name in self._short if name in text]
        if self._long and len(text) >= _GRAM:
            marked = np.zeros(_SLOTS, np.bool_)
            marked[_grams(text)] = True
            found += [name for at in np.flatnonzero(marked[self._first]) if (name := self._long[at]) in text]
        return found


def _grams(text: str) -> "NDArray[np.uint32]":
    """Return the slot of each run of four characters of a text."""
    import numpy as np

    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    if len(codes) < _GRAM:
        return np.empty(0, np.uint32)
    # Sums and products are meant to wrap around at 32 bits.
    mixed = np.zeros(len(codes) - _GRAM + 1, np.uint32)
    for offset, factor in enumerate(_FACTORS):
        mixed += codes[offset : offset + len(mixed)] * np.uint32(factor)
    return mixed >> np.uint32(32 - _SLOTS.bit_length() + 1)

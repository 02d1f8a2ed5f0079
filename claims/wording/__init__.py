"""How two reports of one claim differ, word by word. Pure: text in, differences out."""

# The numbers come first: the scorer, whose terms the comparison uses, reads them from here.
from claims.wording.amounts import numbers
from claims.wording.comparing import (
    SAME_PROPOSITION,
    Alarm,
    Alignment,
    Difference,
    Piece,
    Wording,
    compare,
    fullest,
    turned_round,
)
from claims.wording.units import Text

__all__ = [
    "SAME_PROPOSITION",
    "Alarm",
    "Alignment",
    "Difference",
    "Piece",
    "Text",
    "Wording",
    "compare",
    "fullest",
    "numbers",
    "turned_round",
]

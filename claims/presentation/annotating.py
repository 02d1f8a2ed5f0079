"""What an editor is shown of a suggested claim: what its score was made of, in words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claims.services.suggesting import Suggestion

#: The sub-scores that say something to people, by the scorer's name, those that weigh most first.
_SHARES: dict[str, Promise] = {
    "overlap": _("words that both have"),
    "containment": _("of the shorter one’s words in the other"),
    "phrase_overlap": _("pairs of words that both have"),
    "longest_run": _("longest run of words in common"),
    "speaker": _("same speaker"),
}
_FAULTS: dict[str, Promise] = {
    "numbers_differ": _("other numbers"),
    "dates_differ": _("other dates"),
    "negation_differs": _("one of them negated"),
}


@dataclass(frozen=True)
class ShownSuggestion:
    """A claim that words may carry; shares: (name, 0 to 1); faults: what differs, in words."""

    claim: Claim
    score: float
    shares: list[tuple[Promise, float]]
    faults: list[Promise]

    @classmethod
    def of(cls, suggestion: Suggestion) -> "ShownSuggestion":
        parts = suggestion.parts
        return cls(
            suggestion.claim,
            suggestion.score,
            [(words, parts[name]) for name, words in _SHARES.items() if name in parts],
            [words for name, words in _FAULTS.items() if parts.get(name)],
        )

"""Two wordings side by side: what both have, what only one has, and what of that is a difference of substance."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product
from typing import Literal

from django.utils.translation import gettext as _
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from claims.wording import senses
from claims.wording.amounts import Amount
from claims.wording.dates import DateTold
from claims.wording.senses import Turn
from claims.wording.tokens import words
from claims.wording.units import Text

WordingKind = Literal["verbatim", "near-verbatim", "truncated", "paraphrase"]
Change = Literal["same", "variant", "added", "missing"]
Place = Literal["start", "inside", "end"]
DifferenceKind = Literal["numbers", "dates", "names", "negation", "modality", "content"]
AlarmKind = Literal["negation", "condition", "modality", "attribution"]

#: Share of words in common from which two wordings are near-verbatim.
NEAR_VERBATIM = 0.75
#: A truncated wording keeps at least this many words, all in order.
TRUNCATED_MIN_WORDS = 3
#: Words that replace each other are a change of content from this weight on, on either side.
CONTENT_WEIGHT = 5.0
#: Words as alike as this in letters are one word in two spellings; 0 to 100.
ALIKE = 80
#: Names stand in place of each other in so short a run.
MOST_REPLACED = 10
#: Content that is so many times as long as the other stands not in its place but beside it.
MUCH_LONGER = 4
#: So many words that tell something, in a row, tie what stands beside them to the same place; or a likeness like this.
ANCHOR_WORDS, ANCHOR_SIMILARITY = 2, 0.5
#: How many units after a negation or a modal word may lie what it governs.
REACH = 6
#: Share of what the shorter wording tells that both must have in common for one to deny the other.
SAME_PROPOSITION = 0.6
#: Share of what either tells, between the first and the last common word, from which negations are compared.
MUCH_IN_STRETCH = 0.4


@dataclass(frozen=True)
class Piece:
    """A run of words that both wordings have, or only one of them.

    text: as the wording has it; what is missing, as the reference has it. instead_of: for a variant, what the reference
    has in its place.
    """

    change: Change
    text: str
    instead_of: str = ""


@dataclass(frozen=True)
class Difference:
    """What differs beyond words: `missing` is in the reference alone, `added` in the wording alone."""

    kind: DifferenceKind
    missing: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True)
class Alarm:
    """The wording leaves out words whose lack changes what it says; `reason` is a sentence."""

    kind: AlarmKind
    missing: str
    reason: str


@dataclass(frozen=True)
class Wording:
    """One wording compared with a reference.

    kind: "truncated" lacks words of the reference at an end or inside, and is near-verbatim otherwise.
    truncated: where; empty unless `kind` is "truncated".
    similarity: 0.0 to 1.0, words in common and in order, variants included (normalised insertion–deletion distance).
    pieces: the wording with what it adds to and lacks of the reference, in reading order.
    """

    kind: WordingKind
    truncated: tuple[Place, ...]
    similarity: float
    pieces: tuple[Piece, ...]
    differences: tuple[Difference, ...]
    alarms: tuple[Alarm, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Units that two texts have in common, or that one has in place of the other's; half-open."""

    same: bool
    old_start: int
    old_end: int
    new_start: int
    new_end: int


def compare(reference: str, wording: str, *, on: date | None = None, reference_on: date | None = None) -> Wording:
    """Return how `wording` differs from `reference`; case and punctuation do not count as differences.

    on, reference_on: when each was published, which "tomorrow" is counted from.
    """
    pair = Alignment(Text(reference), Text(wording), old_on=reference_on, new_on=on)
    kind = pair.kind
    return Wording(
        kind=kind,
        truncated=tuple(pair.truncated()) if kind == "truncated" else (),
        similarity=pair.similarity,
        pieces=tuple(pair.pieces()),
        differences=tuple(pair.differences),
        alarms=tuple(pair.alarms()),
    )


def turned_round(a: str, b: str) -> bool:
    """Return whether one wording negates what the other says.

    Both must tell much the same otherwise: a further clause that is negated in itself ("…, and no faults were found")
    turns nothing round, nor does it to deny that one ever said so.
    """
    pair = Alignment(Text(a), Text(b))
    return pair.turned_round()


def fullest(wordings: Sequence[str]) -> int:
    """Return the index of the wording with the most words; the first of equals."""
    return max(range(len(wordings)), key=lambda i: (len(words(wordings[i])), -i))


class Alignment:
    """Two texts aligned word by word (longest common subsequence), variants counting as the same."""

    def __init__(self, old: Text, new: Text, *, old_on: date | None = None, new_on: date | None = None) -> None:
        self.old, self.new = old, new
        self._on = (old_on, new_on)
        # Aligned in one order, whichever comes first, so that the way back finds the same differences.
        if (len(old.keys), old.keys) <= (len(new.keys), new.keys):
            self._old_match = dict(_pairs(old, new))
        else:
            self._old_match = {here: there for there, here in _pairs(new, old)}
        self._new_match = {there: here for here, there in self._old_match.items()}
        self._old_negations, self._new_negations = senses.negations(old), senses.negations(new)
        self.runs = list(_runs(self._old_match, len(old.units), len(new.units)))

    @cached_property
    def similarity(self) -> float:
        old, new = self.old.keys, self.new.keys
        return Indel.normalized_similarity(old, new) if old or new else 1.0

    @property
    def kind(self) -> WordingKind:
        old, new = self.old.keys, self.new.keys
        if [word.key for word in self.old.words] == [word.key for word in self.new.words]:
            return "verbatim"
        if old == new:
            return "near-verbatim"
        if TRUNCATED_MIN_WORDS <= len(new) < len(old) and _is_subsequence(new, old):
            return "truncated"
        if self.similarity >= NEAR_VERBATIM:
            return "near-verbatim"
        if TRUNCATED_MIN_WORDS <= len(new) < len(old):
            common = [run for run in self.runs if run.same]
            inner = old[common[0].old_start : common[-1].old_end] if common else []
            if Indel.normalized_similarity(inner, new) >= NEAR_VERBATIM:
                return "truncated"
        return "paraphrase"

    def truncated(self) -> Iterator[Place]:
        """Yield where words of the old text are missing, in reading order."""
        lacking = [
            number
            for number, run in enumerate(self.runs)
            if not run.same and run.old_end - run.old_start > run.new_end - run.new_start
        ]
        last = len(self.runs) - 1
        if 0 in lacking:
            yield "start"
        if any(0 < number < last for number in lacking):
            yield "inside"
        if last in lacking and last:
            yield "end"

    def pieces(self) -> Iterator[Piece]:
        for run in self.runs:
            if run.same:
                yield from self._same(run)
                continue
            if missing := self.old.cut(run.old_start, run.old_end):
                yield Piece("missing", missing)
            if added := self.new.cut(run.new_start, run.new_end):
                yield Piece("added", added)

    def _same(self, run: Run) -> Iterator[Piece]:
        """Yield a run that both have, parted into what is the same to the letter and what is a variant."""
        begun, exact = 0, True
        length = run.old_end - run.old_start
        for i in range(length + 1):
            now = i < length and self._exact(run.old_start + i, run.new_start + i)
            if i and (i == length or now != exact):
                new = self.new.cut(run.new_start + begun, run.new_start + i)
                old = "" if exact else self.old.cut(run.old_start + begun, run.old_start + i)
                yield Piece("same" if exact else "variant", new, old)
                begun = i
            exact = now

    def _exact(self, old: int, new: int) -> bool:
        return self.old.printed(old) == self.new.printed(new)

    # Differences

    @cached_property
    def differences(self) -> list[Difference]:
        """Return each difference once, those of one kind in reading order."""
        found = (
            *self._told("numbers", Amount),
            *self._told("dates", DateTold),
            *self._names(),
            *self._turns("negation", self._old_negations, self._new_negations),
            *self._opposites(),
            *self._turns("modality", senses.modals(self.old), senses.modals(self.new)),
            *self._content(),
        )
        return list(dict.fromkeys(found))

    def _told(self, kind: Literal["numbers", "dates"], of: type) -> Iterator[Difference]:
        """Yield numbers or dates that replace each other; one that a wording leaves out makes it shorter."""
        old_keys, new_keys = set(self.old.keys), set(self.new.keys)
        old_lone = self._lone(self.old, self._old_match, new_keys, of)
        new_lone = self._lone(self.new, self._new_match, old_keys, of)
        for run in self.runs:
            if run.same:
                continue
            missing = [i for i in range(run.old_start, run.old_end) if i in old_lone]
            added = [j for j in range(run.new_start, run.new_end) if j in new_lone]
            agreeing = [(i, j) for i in missing for j in added if self._agree(i, j)]
            missing = [i for i in missing if i not in {i for i, _ in agreeing}]
            added = [j for j in added if j not in {j for _, j in agreeing}]
            if missing and added:
                yield self._difference(kind, missing, added)
            if added or agreeing:
                old_lone -= set(range(run.old_start, run.old_end))
            if missing or agreeing:
                new_lone -= set(range(run.new_start, run.new_end))
        # "12 people were killed on the road" and "on the road 14 people were killed": told of the same.
        counted = {self._counts(self.new, j): j for j in sorted(new_lone, reverse=True)}
        for i in sorted(old_lone):
            what = self._counts(self.old, i)
            if what and (j := counted.pop(what, None)) is not None and not self._agree(i, j):
                yield self._difference(kind, [i], [j])

    @staticmethod
    def _lone(text: Text, match: Mapping[int, int], elsewhere: set[str], of: type) -> set[int]:
        """Return the numbers or dates of a text that the other does not tell alike."""
        return {
            i
            for i, unit in enumerate(text.units)
            if isinstance(unit.told, of) and i not in match and unit.key not in elsewhere
        }

    def _agree(self, i: int, j: int) -> bool:
        old, new = self.old.units[i].told, self.new.units[j].told
        if isinstance(old, Amount) and isinstance(new, Amount):
            return old.agrees(new)
        if isinstance(old, DateTold) and isinstance(new, DateTold):
            return old.agrees(new, on=self._on[0], other_on=self._on[1])
        return False

    @staticmethod
    def _counts(text: Text, at: int) -> str:
        """Return what a number counts: the word that tells something right after it."""
        following = text.units[at + 1] if at + 1 < len(text.units) else None
        return following.key if following is not None and following.weight and following.told is None else ""

    def _difference(self, kind: DifferenceKind, missing: Sequence[int], added: Sequence[int]) -> Difference:
        return Difference(
            kind,
            tuple(self.old.phrase(self.old.units[i]) for i in missing),
            tuple(self.new.phrase(self.new.units[i]) for i in added),
        )

    def _names(self) -> Iterator[Difference]:
        old_keys, new_keys = set(self.old.keys), set(self.new.keys)
        for run in self.runs:
            if run.same or max(run.old_end - run.old_start, run.new_end - run.new_start) > MOST_REPLACED:
                continue
            missing = self._names_in(self.old, run.old_start, run.old_end, new_keys)
            added = self._names_in(self.new, run.new_start, run.new_end, old_keys)
            for places in (True, False):
                old = [i for i in missing if self.old.units[i].is_place == places]
                new = [i for i in added if self.new.units[i].is_place == places]
                if old and new and not self._one_name(old, new):
                    yield self._difference("names", old, new)

    @staticmethod
    def _names_in(text: Text, start: int, end: int, elsewhere: set[str]) -> list[int]:
        return [
            i
            for i in range(start, end)
            if text.units[i].name
            and text.units[i].key not in elsewhere
            and text.said(i).removesuffix("'s") not in senses.titles()
        ]

    def _one_name(self, old: Sequence[int], new: Sequence[int]) -> bool:
        """Whether one side abbreviates the other to its initials, or spells it almost alike."""
        old_name = " ".join(self.old.phrase(self.old.units[i]) for i in old)
        new_name = " ".join(self.new.phrase(self.new.units[i]) for i in new)
        if _abbreviates(old_name, self.new) or _abbreviates(new_name, self.old):
            return True
        old_parts, new_parts = _parts(old_name), _parts(new_name)
        pairs = [sorted(pair, key=len) for pair in product(old_parts, new_parts)]
        # "Chris", "Christopher J"
        if any(len(short) > 2 and long.startswith(short) for short, long in pairs):
            return True
        return fuzz.ratio(" ".join(old_parts), " ".join(new_parts)) >= ALIKE

    def _turns(self, kind: Literal["negation", "modality"], old: list[Turn], new: list[Turn]) -> Iterator[Difference]:
        """Yield negations or modal words that govern words of both texts, and have no like on the other side."""
        if self._in_stretch < MUCH_IN_STRETCH:
            return  # other words throughout: what each negates is its own
        yielded: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
        for turn, governed in self._governed(self.old, self._old_match, old):
            rivals = _before(self.new, new, governed[1])
            if _differs(kind, turn, rivals):
                yielded.add(((turn.at,), tuple(rival.at for rival in rivals)))
        for turn, governed in self._governed(self.new, self._new_match, new):
            rivals = _before(self.old, old, governed[1])
            if _differs(kind, turn, rivals):
                yielded.add((tuple(rival.at for rival in rivals), (turn.at,)))
        for missing, added in sorted(yielded):
            # The side that has none is told by the other way round already.
            if (missing and added) or not any(
                set(missing) < set(m) or set(added) < set(a) for m, a in yielded if m and a
            ):
                yield self._difference(kind, missing, added)

    def _opposites(self) -> Iterator[Difference]:
        """Yield words that one side turns round by a prefix: "legal", "illegal"."""
        for run in self.runs:
            if pair := self._opposite(run):
                yield self._difference("negation", pair[:1], pair[1:])

    @cached_property
    def _negated(self) -> tuple[set[int], set[int]]:
        return {turn.at for turn in self._old_negations}, {turn.at for turn in self._new_negations}

    def _opposite(self, run: Run) -> tuple[int, int] | None:
        if run.same:
            return None
        negated_old, negated_new = self._negated
        if not negated_old.isdisjoint(range(run.old_start, run.old_end)):
            return None
        if not negated_new.isdisjoint(range(run.new_start, run.new_end)):
            return None
        news = {self.new.said(j): j for j in range(run.new_start, run.new_end)}
        for i in range(run.old_start, run.old_end):
            for word in senses.opposites(self.old.said(i)):
                if word in news:
                    return i, news[word]
        return None

    @staticmethod
    def _governed(text: Text, match: dict[int, int], turns: list[Turn]) -> Iterator[tuple[Turn, tuple[int, int]]]:
        """Yield each word of `turns` with what it governs, where both texts have that: a unit after it in its clause.

        Only the first unit that tells something counts: "not right about the dam" says nothing about the dam. Verbs of
        saying and thinking are passed over: "I do not think that it is safe".
        """
        for turn in turns:
            clause = text.units[turn.at].clause
            last = min(turn.at + 1 + REACH, len(text.units))
            after = [i for i in range(turn.at + 1, last) if text.units[i].clause == clause]
            telling = [i for i in after if _tells(text, i)][:1] or after
            for i in [i for i in telling if i in match][:1]:
                yield turn, (i, match[i])

    def _content(self) -> Iterator[Difference]:
        """Yield words that tell something else in place of others, beside words that both have."""
        old_keys, new_keys = set(self.old.keys), set(self.new.keys)
        for number, run in enumerate(self.runs):
            if run.same or not self._anchored(number):
                continue
            missing = _telling(self.old, run.old_start, run.old_end, new_keys)
            added = _telling(self.new, run.new_start, run.new_end, old_keys)
            if not missing or not added:
                continue
            if any(self.old.units[i].name for i in missing) and any(self.new.units[i].name for i in added):
                missing = [i for i in missing if not self.old.units[i].name]
                added = [i for i in added if not self.new.units[i].name]
            weights = [sum(t.units[i].weight for i in r) for t, r in ((self.old, missing), (self.new, added))]
            if min(weights) < CONTENT_WEIGHT or max(weights) > MUCH_LONGER * min(weights):
                continue
            printed = self.old.within(missing[0], missing[-1] + 1), self.new.within(added[0], added[-1] + 1)
            if fuzz.ratio(printed[0].casefold(), printed[1].casefold()) < ALIKE:
                yield Difference("content", (printed[0],), (printed[1],))

    def _anchored(self, number: int) -> bool:
        """Whether words that tell something, and that both texts have, stand next to a run."""
        beside = [self.runs[i] for i in (number - 1, number + 1) if 0 <= i < len(self.runs) and self.runs[i].same]
        telling = [sum(_tells(self.old, i) for i in range(run.old_start, run.old_end)) for run in beside]
        return max(telling, default=0) >= (1 if self.similarity >= ANCHOR_SIMILARITY else ANCHOR_WORDS)

    # Alarms

    def alarms(self) -> list[Alarm]:
        """Return what the new text leaves out of the old one though it changes the sense; none of a paraphrase.

        Where the words are others, none is left out.
        """
        if self.kind not in ("truncated", "near-verbatim"):
            return []
        return [*self._lost_turns(), *self._lost_conditions(), *self._lost_sources()]

    def _lost_turns(self) -> Iterator[Alarm]:
        for difference in self.differences:
            if difference.added:
                continue
            words = ", ".join(difference.missing)
            if difference.kind == "negation":
                reason = _("Without “%(words)s” it says the opposite of the fullest wording.")
                yield Alarm("negation", words, reason % {"words": words})
            elif difference.kind == "modality":
                reason = _("Without “%(words)s” it says as a fact what the fullest wording does not.")
                yield Alarm("modality", words, reason % {"words": words})

    def _lost_conditions(self) -> Iterator[Alarm]:
        # "unless it is wet" may stand for "if it is dry".
        if any(i not in self._new_match and senses.condition(self.new, i) for i in range(len(self.new.units))):
            return
        for run in self.runs:
            if not run.same and (at := self._lost_condition(run)) is not None:
                words = self.old.within(at, self._clause_end(at, run.old_end))
                reason = _("The fullest wording says it under a condition or limit: “%(words)s”.")
                yield Alarm("condition", words, reason % {"words": words})

    def _lost_sources(self) -> Iterator[Alarm]:
        for run in self.runs:
            if run.same or run.old_end == run.old_start or run.new_end > run.new_start or not self._leads(run):
                continue
            words = self.old.within(run.old_start, run.old_end)
            whose = senses.whose_word(words)
            if whose == "others":
                reason = _("The speaker gives it as others’ word, not their own: “%(words)s”.")
                yield Alarm("attribution", words, reason % {"words": words})
            elif whose == "speaker":
                reason = _("The speaker gives it as a belief, hope or doubt: “%(words)s”.")
                yield Alarm("attribution", words, reason % {"words": words})

    def _lost_condition(self, run: Run) -> int | None:
        """Return where in a run a condition begins that the rest of its sentence, which is kept, depended on."""
        for i in range(run.old_start, run.old_end):
            opens = senses.condition(self.old, i) or senses.condition_phrase(self.old, i, run.old_end)
            if opens and self.old.units[i].sentence in self._kept_sentences:
                return i
        return None

    @cached_property
    def _kept_sentences(self) -> set[int]:
        """Return the sentences of the old text of which words that tell something are kept."""
        units = self.old.units
        return {units[i].sentence for i in self._old_match if units[i].weight}

    def _clause_end(self, start: int, end: int) -> int:
        """Return where the clause of a unit ends, `end` at most."""
        clause = self.old.units[start].clause
        return next((i for i in range(start, end) if self.old.units[i].clause != clause), end)

    def _leads(self, run: Run) -> bool:
        """Whether kept words of the same sentence follow, or go before, a run that is left out."""
        units = self.old.units
        before = run.old_start - 1
        return (run.old_end < len(units) and units[run.old_end].sentence == units[run.old_end - 1].sentence) or (
            before >= 0 and units[before].sentence == units[run.old_start].sentence
        )

    # Denials

    @cached_property
    def _common(self) -> list[float]:
        """How much the words tell that both have, or turn round."""
        pairs = [*self._old_match.items(), *filter(None, map(self._opposite, self.runs))]
        weights = (min(self.old.units[i].weight, self.new.units[j].weight) for i, j in pairs)
        return [weight for weight in weights if weight]

    @property
    def common_weight(self) -> float:
        return sum(self._common)

    @property
    def common_words(self) -> int:
        """How many words that tell something both have."""
        return len(self._common)

    @property
    def in_common(self) -> float:
        """How much of what the shorter text tells both have, or turn round, 0.0 to 1.0."""
        least = min(self.old.content_weight, self.new.content_weight)
        if least:
            return self.common_weight / least
        shortest = min(len(self.old.units), len(self.new.units))
        return len(self._old_match) / shortest if shortest else 0.0

    def turned_round(self) -> bool:
        """Whether one text negates what the other says."""
        if self.in_common < SAME_PROPOSITION or self._in_stretch < SAME_PROPOSITION:
            return False
        if any(self._opposites()):
            return True
        old, new = self._old_negations, self._new_negations
        for text, match, turns, other, others in (
            (self.old, self._old_match, old, self.new, new),
            (self.new, self._new_match, new, self.old, old),
        ):
            for turn, (at, there) in self._governed(text, match, turns):
                if not _before(other, others, there) and not senses.said(text, turn.at, at):
                    return True
        return False

    @property
    def _in_stretch(self) -> float:
        """How much of what either text tells between the first and the last common word both have, 0.0 to 1.0."""
        if not self._old_match:
            return 0.0
        (first, there), (last, until) = next(iter(self._old_match.items())), list(self._old_match.items())[-1]
        most = max(_weight(self.old, first, last + 1), _weight(self.new, there, until + 1))
        return min(1.0, self.common_weight / most) if most else 1.0


def _pairs(old: Text, new: Text) -> list[tuple[int, int]]:
    """Return the units that two texts have in common, in order.

    Left apart are halves of contractions whose other half is not common, and "of" and its like between words that
    replace each other: they align nothing.
    """
    found = [
        (op.src_start + i, op.dest_start + i)
        for op in Indel.opcodes(old.keys, new.keys)
        if op.tag == "equal"
        for i in range(op.src_end - op.src_start)
    ]
    while len(whole := _whole(found, old, new)) < len(found):
        found = whole
    return _tidied(found, old, new)


def _whole(pairs: list[tuple[int, int]], old: Text, new: Text) -> list[tuple[int, int]]:
    """Return pairs without those of contractions whose halves are not paired with two units in a row."""
    paired = set(pairs)

    def is_whole(i: int, j: int) -> bool:
        steps = {step for text, at in ((old, i), (new, j)) if (step := text.other_half(at))}
        return all((i + step, j + step) in paired for step in steps)

    return [pair for pair in pairs if is_whole(*pair)]


def _runs(match: Mapping[int, int], old_length: int, new_length: int) -> Iterator[Run]:
    """Return the stretches of pairs that follow on each other, and what lies between them."""
    old_at = new_at = 0
    pairs = [*match.items(), (old_length, new_length)]
    number = 0
    while number < len(pairs):
        i, j = pairs[number]
        if i > old_at or j > new_at:
            yield Run(False, old_at, i, new_at, j)
        end = number
        while end < len(match) and pairs[end] == (i + end - number, j + end - number):
            end += 1
        if end == number:
            return
        old_at, new_at = i + end - number, j + end - number
        yield Run(True, i, old_at, j, new_at)
        number = end


def _tidied(pairs: list[tuple[int, int]], old: Text, new: Text) -> list[tuple[int, int]]:
    runs = list(_runs(dict(pairs), len(old.units), len(new.units)))
    dropped: set[int] = set()
    for before, run, after in zip(runs, runs[1:], runs[2:], strict=False):
        if not run.same or not _is_grammar(old, run.old_start, run.old_end) or not (_both(before) or _both(after)):
            continue
        tell_old = _weight(old, before.old_start, before.old_end) + _weight(old, after.old_start, after.old_end)
        tell_new = _weight(new, before.new_start, before.new_end) + _weight(new, after.new_start, after.new_end)
        if tell_old and tell_new:
            dropped.update(range(run.old_start, run.old_end))
    return [(i, j) for i, j in pairs if i not in dropped]


def _weight(text: Text, start: int, end: int) -> float:
    return sum(unit.weight for unit in text.units[start:end])


def _both(run: Run) -> bool:
    return run.old_end > run.old_start and run.new_end > run.new_start


def _is_grammar(text: Text, start: int, end: int) -> bool:
    return end - start <= 2 and all(
        unit.weight == 0 and unit.told is None and unit.key != "not" for unit in text.units[start:end]
    )


def _is_subsequence(short: Sequence[str], long: Sequence[str]) -> bool:
    remaining = iter(long)
    return all(word in remaining for word in short)


def _abbreviates(name: str, text: Text) -> bool:
    """Whether a name is made of the initials of words that follow on each other in a text."""
    letters = name.replace(".", "")
    initials = "".join(word.text[0] if word.is_capital else " " for word in text.words)
    return len(letters) > 1 and letters.isupper() and letters in initials


def _parts(name: str) -> list[str]:
    """Return the words of a name without case, accents and points; initials are left out."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return [part for part in plain.casefold().replace(".", "").split() if len(part) > 1] or [name]


def _tells(text: Text, at: int) -> bool:
    """Whether a unit tells something itself, as verbs of saying and thinking do not."""
    unit = text.units[at]
    return (unit.weight > 0 or unit.told is not None) and not senses.says_or_thinks(unit)


def _telling(text: Text, start: int, end: int, elsewhere: set[str]) -> list[int]:
    """Return the units that tell something and that the other text has nowhere."""
    return [
        i
        for i in range(start, end)
        if text.units[i].weight and text.units[i].told is None and text.units[i].key not in elsewhere
    ]


def _before(text: Text, turns: Sequence[Turn], at: int) -> list[Turn]:
    """Return those of `turns`, which are in order, that may govern a unit: before it, within reach, in its clause."""
    clause = text.units[at].clause
    first = bisect_left(turns, at - REACH - 2, key=lambda turn: turn.at)
    last = bisect_left(turns, at, key=lambda turn: turn.at)
    return [turn for turn in turns[first:last] if text.units[turn.at].clause == clause]


def _differs(kind: str, turn: Turn, rivals: Sequence[Turn]) -> bool:
    if kind == "negation":
        return not rivals
    if any(turn.classes & rival.classes for rival in rivals):
        return False
    return bool(rivals) or senses.tells(turn)

"""What an editor fills in about a statement."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.annotations import QUOTE_MAX_CHARACTERS, Quoted
from claims.extraction import Relay, Span
from claims.forms import Named, Switch
from claims.models import Attribution, Claim, Speaker, Statement, StatementRelay
from claims.services.annotating import Link, Words, WordsNotFound, find_words, nearest

#: What the form says for a claim that is to be made, and for none.
NEW, NONE = "new", "none"
#: Between hops of a relay, the article's own outlet first; and between outlets of one hop.
_HOP, _OR = "←", ","


class StatementForm(forms.Form):
    """A statement as an editor tells it: its words, how and by whom they are told, and the claim that they carry.

    The words are given by their place and as the browser read them; the server compares both with the text.
    """

    start = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    exact = forms.CharField(strip=False, max_length=2 * QUOTE_MAX_CHARACTERS, widget=forms.HiddenInput)
    before = forms.CharField(required=False, strip=False, max_length=300, widget=forms.HiddenInput)
    after = forms.CharField(required=False, strip=False, max_length=300, widget=forms.HiddenInput)
    # Other words, typed where no script tells which are selected.
    quote = forms.CharField(required=False, max_length=QUOTE_MAX_CHARACTERS, widget=forms.Textarea)
    number = forms.IntegerField(required=False, min_value=1, max_value=10_000)
    token = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        choices=Statement.Kind.choices,
        error_messages={"invalid_choice": _("Words are direct, mixed or indirect, not “%(value)s”.")},
    )
    speaker = Named(Speaker.objects.all(), what="speaker", to_field_name="uid")
    speaker_name = forms.CharField(required=False, max_length=300)
    cue = forms.CharField(required=False, max_length=300)
    cue_at = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    source = forms.CharField(required=False, max_length=500)
    source_at = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    relays = forms.CharField(required=False, max_length=1000)
    denies = Switch()
    claim = forms.CharField(required=False, max_length=36)
    sentence = forms.CharField(required=False, max_length=2000)
    stance = forms.ChoiceField(choices=Attribution.Stance.choices, required=False)

    def __init__(self, *args: Any, text: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._text = text

    def clean_speaker_name(self) -> str:
        return " ".join(self.cleaned_data["speaker_name"].split())

    def clean_claim(self) -> Claim | str:
        chosen = self.cleaned_data["claim"] or NONE
        if chosen in (NEW, NONE):
            return chosen
        claim: Claim | None = Named(Claim.objects.all(), what="claim", to_field_name="uid").clean(chosen)
        return claim if claim is not None else NONE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if cleaned["quote"].strip():
            self._choose(cleaned)
        if cleaned["speaker"] is not None and not _is_called(cleaned["speaker"], cleaned["speaker_name"]):
            # Another name was typed after this one was chosen.
            cleaned["speaker"] = None
        content = [Span(cleaned["start"], max(cleaned["end"], cleaned["start"] + 1))]
        for name in ("cue", "source"):
            cleaned[name] = self._words(name, cleaned[name], cleaned[f"{name}_at"], content)
        cleaned["relays"] = self._relays(cleaned["relays"], content)
        return cleaned

    def _choose(self, cleaned: dict[str, Any]) -> None:
        """Let the words that were typed be the statement's."""
        try:
            span = find_words(self._text, cleaned["quote"], number=cleaned["number"] or 1)
        except WordsNotFound as error:
            self.add_error("quote", str(error))
            return
        chosen = Quoted.of(self._text, span.start, span.end)
        cleaned |= {"start": span.start, "end": span.end, "exact": chosen.exact}
        cleaned |= {"before": chosen.prefix, "after": chosen.suffix}

    def _words(self, name: str, words: str, at: int | None, content: Sequence[Span]) -> Words:
        """Return words with their place: where they were selected, if they stand there, else nearest to the content."""
        plain = " ".join(words.split())
        if at is not None and plain and " ".join(self._text[at : at + len(words)].split()) == plain:
            return Quoted.of(self._text, at, at + len(words))
        try:
            span = nearest(self._text, plain, content) if plain else None
        except WordsNotFound as error:
            self.add_error(name, str(error))
            return ""
        return Quoted.of(self._text, span.start, span.end) if span is not None else ""

    def _relays(self, told: str, content: Sequence[Span]) -> list[Relay]:
        """Return the outlets of “TASS, Xinhua ← Interfax”: whom the article has it from, then whom they do."""
        found = []
        for hop, names in enumerate(told.replace("<-", _HOP).split(_HOP), start=1):
            for name in names.replace("、", _OR).split(_OR):
                if plain := " ".join(name.split()):
                    try:
                        found.append(Relay(plain, nearest(self._text, plain, content), hop))
                    except WordsNotFound as error:
                        self.add_error("relays", str(error))
        return found

    @property
    def what(self) -> dict[str, Any]:
        """What `annotate` and `edit_statement` take; needs a valid form."""
        names = ("start", "end", "exact", "kind", "speaker", "speaker_name", "cue", "source", "relays", "denies")
        told = {name: self.cleaned_data[name] for name in names}
        return told | {"prefix": self.cleaned_data["before"], "suffix": self.cleaned_data["after"]}

    @property
    def link(self) -> Link | None:
        """What the statement is to be linked to; needs a valid form."""
        claim = self.cleaned_data["claim"]
        if claim == NONE:
            return None
        if claim == NEW:
            return Link(None, self.cleaned_data["sentence"])
        return Link(claim, stance=self.cleaned_data["stance"] or Attribution.Stance.AFFIRMS.value)


def _is_called(speaker: Speaker, name: str) -> bool:
    called = {speaker.name.casefold(), *(each.casefold() for each in speaker.aliases.values_list("name", flat=True))}
    return name.casefold() in called


class WithdrawForm(forms.Form):
    """Why a statement is withdrawn, and which version of it was seen."""

    reason = forms.CharField(max_length=300, error_messages={"required": _("Say why it is withdrawn.")})
    seen = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)


class QuotationForm(forms.Form):
    """Words to look for in a text, where no script tells which were selected."""

    quote = forms.CharField(max_length=QUOTE_MAX_CHARACTERS)
    number = forms.IntegerField(required=False, min_value=1, max_value=10_000)


def relays_in_words(relays: Iterable[StatementRelay], text: str) -> str:
    """Return relays as the form takes them, by the names that the text gives the outlets."""
    hops: dict[int, list[str]] = {}
    for relay in sorted(relays, key=lambda each: (each.hop, each.start)):
        hops.setdefault(relay.hop, []).append(text[relay.start : relay.end])
    return f" {_HOP} ".join(f"{_OR} ".join(names) for _, names in sorted(hops.items()))

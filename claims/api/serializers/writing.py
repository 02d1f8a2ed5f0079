"""Shapes of what is sent to be stored: statements, attributions, decisions, claims, links, flags, feeds, articles."""

from typing import Any

from rest_framework import serializers

from claims.annotations import QUOTE_MAX_CHARACTERS
from claims.api.bodies import NumberField, SaidOnField, SwitchField, TextField, UidField, UidsField
from claims.api.serializers.imports import ImportRunSerializer
from claims.api.serializers.links import LinkField
from claims.api.serializers.mentions import ClaimMentionSerializer
from claims.api.serializers.questions import RowProblemSerializer
from claims.models import Attribution, Claim, ClaimLink, Flag, Speaker, Statement, Topic
from claims.services.editing import MOST_CHARACTERS_OF_CLAIM
from sources.models import Article, Outlet, Revision

#: Of what stands around words.
AROUND_MAX = 1000
#: Of one claim.
TOPICS_MAX = 50
#: Of one split.
REPORTS_MAX = 1000
FLAG_TEXT_MIN, FLAG_TEXT_MAX = 10, 2000
INTERVAL_MIN_S, INTERVAL_MAX_S = 60, 604_800
LANGUAGE_TAG = r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$"


def _offset(help_text: str) -> NumberField:
    return NumberField(required=False, min_value=0, max_value=2_147_483_647, help_text=help_text)


def _words(help_text: str, **options: Any) -> TextField:
    # Blanks at an end are a part of the words: offsets count them.
    return TextField(trim_whitespace=False, help_text=help_text, **options)


# Articles


class ArticleRequestSerializer(serializers.Serializer):
    """A document, as it stands in JSON Lines files too; `claims.api.views.articles` reads it."""

    id = serializers.CharField(required=False, help_text="Under which it is known where it comes from.")
    url = serializers.URLField(required=False, help_text="As the outlet published it.")
    outlet = serializers.CharField(help_text="Name, alias or domain.")
    title = serializers.CharField()
    byline = serializers.CharField(required=False)
    published_at = serializers.CharField(required=False, help_text="As in 2020-01-31 or 2020-01-31T12:00Z.")
    language = serializers.CharField(required=False, help_text="Tag, such as “en”.")
    text = serializers.CharField(required=False, help_text="Plain text; either this or `html`.")
    html = serializers.CharField(required=False, help_text="A page.")


class ArticleOutcomeSerializer(serializers.Serializer):
    index = serializers.IntegerField(help_text="Place of the article in the request, from 0.")
    status = serializers.IntegerField(help_text="202: it waits for import.")
    position = serializers.IntegerField(allow_null=True, help_text="Its place among the documents of the import.")
    problem = RowProblemSerializer(allow_null=True, help_text="Why it was refused; null where it was not.")


class ArticlesAcceptedSerializer(serializers.Serializer):
    results = ArticleOutcomeSerializer(many=True)

    def get_fields(self) -> dict[str, Any]:
        # Python keeps the name for itself.
        return {"import": ImportRunSerializer(), **super().get_fields()}


# Claims


class ClaimRequestSerializer(serializers.Serializer):
    """A claim that no statement carries yet."""

    text = TextField(max_length=MOST_CHARACTERS_OF_CLAIM, help_text="Its sentence.")
    speaker = UidField(
        Speaker.objects.standing(), kind="speaker", required=False, allow_null=True, help_text="Uid of who says it."
    )
    language = serializers.RegexField(LANGUAGE_TAG, max_length=12, default="en", help_text="Of the sentence.")
    said_on = SaidOnField(required=False, allow_null=True, help_text="The day on which it was said.")
    topics = UidsField(
        Topic.objects.all(),
        kind="topic",
        required=False,
        max_length=TOPICS_MAX,
        help_text="Uids of what it is about; more may follow from its reports.",
    )


class ClaimChangeSerializer(serializers.Serializer):
    """What is to change of a claim; what is left out stays."""

    text = TextField(
        required=False, max_length=MOST_CHARACTERS_OF_CLAIM, help_text="Its sentence; no machine changes it after that."
    )
    said_on = SaidOnField(required=False, allow_null=True, help_text="The day on which it was said, or null.")
    topics = UidsField(
        Topic.objects.all(),
        kind="topic",
        required=False,
        max_length=TOPICS_MAX,
        help_text="Uids of all topics that it is to have.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return _not_empty(attrs)


class MergeRequestSerializer(serializers.Serializer):
    into = UidField(Claim.objects.all(), kind="claim", help_text="Uid of the claim that it becomes part of.")
    overrule = SwitchField(
        default=False, help_text="true: also where an editor said that they are not the same, or decided differently."
    )


class SplitRequestSerializer(serializers.Serializer):
    attributions = UidsField(
        Attribution.objects.all(),
        kind="attribution",
        allow_empty=False,
        max_length=REPORTS_MAX,
        help_text="Uids of the reports that get a claim of their own.",
    )


# Statements


class _WordsSerializer(serializers.Serializer):
    """What is told of words that an article reports somebody to have said."""

    start = _offset("Where the words begin in the text, in code points.")
    end = _offset("Where they end; not part of them.")
    exact = _words("The words, as they stand there.", required=False, max_length=QUOTE_MAX_CHARACTERS)
    prefix = _words("What stands before them.", required=False, max_length=AROUND_MAX)
    suffix = _words("What stands after them.", required=False, max_length=AROUND_MAX)
    kind = serializers.ChoiceField(
        choices=Statement.Kind.choices, required=False, help_text="How they are quoted; guessed where it is not given."
    )
    speaker = UidField(
        Speaker.objects.standing(), kind="speaker", required=False, allow_null=True, help_text="Uid of who says it."
    )
    speaker_name = TextField(
        required=False, allow_blank=True, max_length=300, help_text="Instead: a name; one that is new makes a speaker."
    )
    cue = _words("The word that tells of it, such as “said”.", required=False, allow_blank=True, max_length=500)
    source = _words(  # type: ignore[assignment]
        "Who it is attributed to, as printed.", required=False, allow_blank=True, max_length=500
    )
    relays = serializers.ListField(
        child=TextField(max_length=200),
        required=False,
        max_length=10,
        help_text="Names of the outlets that it came through, as the text has them.",
    )
    denies = SwitchField(required=False, help_text="The cue denies the words, as in “rejected”.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("start" in attrs) != ("end" in attrs) or attrs.get("start", 0) >= attrs.get("end", 1):
            raise serializers.ValidationError({"start": "Give a start and an end that comes after it."})
        if attrs.get("speaker") is not None and attrs.get("speaker_name"):
            raise serializers.ValidationError({"speaker_name": "Give either a speaker or a name."})
        return attrs


class StatementRequestSerializer(_WordsSerializer):
    """Words of an article’s present text: by `exact` alone where they stand there once, else with their place."""

    article = UidField(Article.objects.all(), kind="article", required=False, help_text="Uid; its present text counts.")
    revision = UidField(
        Revision.objects.select_related("article"),
        kind="revision",
        required=False,
        help_text="Instead: uid of the text in which the offsets count; it must be the present one.",
    )
    exact = _words("The words, as they stand there.", max_length=QUOTE_MAX_CHARACTERS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("article" in attrs) == ("revision" in attrs):
            raise serializers.ValidationError("Give either article or revision.")
        return super().validate(attrs)


class StatementChangeSerializer(_WordsSerializer):
    """What is to change of a statement; what is left out stays. Other words need start, end and exact."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        place = attrs.keys() & {"start", "end", "exact", "prefix", "suffix"}
        if place and not place >= {"start", "end", "exact"}:
            raise serializers.ValidationError({"exact": "Give start, end and exact together."})
        return _not_empty(super().validate(attrs))


class WithdrawalQuestionSerializer(serializers.Serializer):
    reason = TextField(max_length=300, help_text="Why; readers who followed a link to the statement are told.")


# Attributions


class AttributionRequestSerializer(serializers.Serializer):
    """A statement that carries a claim, or denies it."""

    statement = UidField(Statement.objects.all(), kind="statement", help_text="Uid.")
    claim = UidField(Claim.objects.all(), kind="claim", help_text="Uid.")
    stance = serializers.ChoiceField(choices=Attribution.Stance.choices, default=Attribution.Stance.AFFIRMS)


class AttributionChangeSerializer(serializers.Serializer):
    """What is to change of an attribution, which confirms it; what is left out stays."""

    stance = serializers.ChoiceField(choices=Attribution.Stance.choices, required=False)
    claim = UidField(
        Claim.objects.all(), kind="claim", required=False, help_text="Uid of the claim it carries instead."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return _not_empty(attrs)


VERDICTS = ["confirm", "reject", "unsure", "affirms", "denies", "move", "undo"]
LINK_OPINIONS = ["confirm", "reject", "unsure"]
LINK_VERDICTS = [*LINK_OPINIONS, "undo"]


class DecisionRequestSerializer(serializers.Serializer):
    decision = serializers.ChoiceField(
        choices=VERDICTS,
        help_text=(
            "confirm: the statement carries the claim. reject: it does not. unsure: it cannot be told. affirms, "
            "denies: confirmed, with this stance. move: it carries another claim. undo: the last one is taken back."
        ),
    )
    to = UidField(
        Claim.objects.all(),
        kind="claim",
        required=False,
        allow_null=True,
        help_text="With move: uid of the other claim; null or left out, the statement founds one of its own.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "to" in attrs and attrs["decision"] != "move":
            raise serializers.ValidationError({"to": "Only a report that is moved goes to another claim."})
        return attrs


class RowDecisionRequestSerializer(DecisionRequestSerializer):
    attribution = UidField(
        Attribution.objects.select_related("claim", "statement"), kind="attribution", help_text="Uid."
    )
    version = TextField(max_length=200, help_text="Of the attribution, as you saw it: its ETag.")


# Links between claims


class ClaimLinkLinksSerializer(serializers.Serializer):
    self = LinkField("link-detail")


class ClaimLinkSerializer(serializers.ModelSerializer):
    claim = ClaimMentionSerializer()
    other = ClaimMentionSerializer()
    links = ClaimLinkLinksSerializer(source="*")

    class Meta:
        model = ClaimLink
        fields = [
            "uid",
            "kind",
            "claim",
            "other",
            "status",
            "reason",
            "score",
            "method",
            "decided_at",
            "created_at",
            "links",
        ]
        extra_kwargs = {
            "kind": {"help_text": "same: they say the same; contradicts: they cannot both hold."},
            "status": {"help_text": "proposed by a machine, or what an editor said of it."},
        }


class LinkRequestSerializer(serializers.Serializer):
    claim = UidField(Claim.objects.all(), kind="claim", help_text="Uid.")
    other = UidField(Claim.objects.all(), kind="claim", help_text="Uid.")
    kind = serializers.ChoiceField(choices=ClaimLink.Kind.choices)
    decision = serializers.ChoiceField(
        choices=LINK_OPINIONS,
        help_text="Whether they are that. Claims that are the same are merged instead of confirmed.",
    )


class LinkDecisionRequestSerializer(serializers.Serializer):
    decision = serializers.ChoiceField(choices=LINK_VERDICTS, help_text="undo: the last decision is taken back.")


# Flags


class FlagLinksSerializer(serializers.Serializer):
    self = LinkField("flag-detail")


class FlagSerializer(serializers.ModelSerializer):
    """An error that a reader points out, and the answer."""

    about = serializers.ChoiceField(source="about_kind", choices=["claim", "statement", "attribution"])
    subject = serializers.UUIDField(source="about_uid", help_text="Uid of what it is about.")
    links = FlagLinksSerializer(source="*")

    class Meta:
        model = Flag
        fields = ["uid", "about", "subject", "text", "raised_at", "outcome", "answer", "settled_at", "links"]
        extra_kwargs = {"outcome": {"help_text": "Empty until an editor answers."}}


class FlagRequestSerializer(serializers.Serializer):
    """What is wrong, in a reader's words, about one claim, statement or attribution."""

    claim = UidField(Claim.objects.all(), kind="claim", required=False, help_text="Uid.")
    statement = UidField(Statement.objects.all(), kind="statement", required=False, help_text="Uid.")
    attribution = UidField(Attribution.objects.all(), kind="attribution", required=False, help_text="Uid.")
    text = TextField(
        min_length=FLAG_TEXT_MIN, max_length=FLAG_TEXT_MAX, help_text="What is wrong; what the article has instead."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs.keys() & {"claim", "statement", "attribution"}) != 1:
            raise serializers.ValidationError("Give one of claim, statement and attribution.")
        return attrs


class SettlementSerializer(serializers.Serializer):
    outcome = serializers.ChoiceField(choices=Flag.Outcome.choices)
    answer = TextField(max_length=FLAG_TEXT_MAX, help_text="To whoever pointed it out.")


# Feeds


class FeedRequestSerializer(serializers.Serializer):
    url = TextField(max_length=2000, help_text="Of an RSS, Atom or JSON feed, or a news sitemap.")
    title = TextField(required=False, allow_blank=True, max_length=300, default="")
    outlet = UidField(
        Outlet.objects.all(),
        kind="outlet",
        required=False,
        allow_null=True,
        help_text="Uid of the outlet whose articles these are, where all are one outlet’s.",
    )
    interval_s = NumberField(
        default=3600, min_value=INTERVAL_MIN_S, max_value=INTERVAL_MAX_S, help_text="Seconds between two polls."
    )


def _not_empty(attrs: dict[str, Any]) -> dict[str, Any]:
    if not attrs:
        raise serializers.ValidationError("Give at least one field to change.")
    return attrs

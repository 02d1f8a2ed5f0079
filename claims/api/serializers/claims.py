"""Shapes of claims and of what corroborates them."""

from rest_framework import serializers

from claims.api.serializers.links import ClaimLinksSerializer
from claims.api.serializers.mentions import (
    ArticleMentionSerializer,
    ArticleOfOutletSerializer,
    ClaimMentionSerializer,
    OutletMentionSerializer,
    SpeakerMentionSerializer,
    TopicMentionSerializer,
)
from claims.api.serializers.statements import RelaySerializer, StatementMentionSerializer
from claims.corroboration.moments import Clock
from claims.models import (
    Attribution,
    ClaimConflict,
    ClaimLink,
    Corroboration,
    Statement,
)
from claims.wording import Wording

WORDING_KINDS = ["verbatim", "near-verbatim", "truncated", "paraphrase"]
EVIDENCE_KINDS = ["publisher", "relay", "speaker relay", "credit", "copy", "citation", "upstream"]
CHANGES = ["same", "variant", "added", "missing"]
DIFFERENCES = ["numbers", "dates", "names", "negation", "modality", "content"]
ALARMS = ["negation", "condition", "modality", "attribution"]
PLACES = ["start", "inside", "end"]


class HighlightSerializer(serializers.Serializer):
    """Where a word that was searched for stands in the claim's text, in code points."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()


class ClaimSerializer(serializers.Serializer):
    """A claim with its stored corroboration; the figures follow `confirmed`. `claims.api.rows` reads it."""

    uid = serializers.UUIDField()
    text = serializers.CharField()
    speaker = SpeakerMentionSerializer(allow_null=True)
    topics = TopicMentionSerializer(many=True)
    language = serializers.CharField()
    said_on = serializers.DateField(allow_null=True)
    level = serializers.ChoiceField(choices=Corroboration.Level.choices)
    disputed = serializers.BooleanField(help_text="An outlet's report denies it.")
    report_count = serializers.IntegerField()
    outlet_count = serializers.IntegerField()
    origin_count = serializers.IntegerField(
        help_text="Independent origins: the fewest outlets that could explain every report."
    )
    origin_lower_bound = serializers.IntegerField(help_text="Below `origin_count` only where `exact` is false.")
    exact = serializers.BooleanField(help_text="False: `origin_count` is an upper bound.")
    outlets = OutletMentionSerializer(many=True, help_text="Who report it.")
    origins = OutletMentionSerializer(many=True, help_text="Such a fewest set.")
    first_published_at = serializers.DateTimeField(allow_null=True)
    last_published_at = serializers.DateTimeField(allow_null=True)
    computed_at = serializers.DateTimeField(allow_null=True, help_text="When these figures were worked out.")
    url = serializers.URLField(help_text="Its page on this site.")
    links = ClaimLinksSerializer()
    relevance = serializers.FloatField(required=False, help_text="With `q`: how well it matches; the best first.")
    highlights = HighlightSerializer(many=True, required=False, help_text="With `q`: where its words match.")


class ConflictSerializer(serializers.ModelSerializer):
    """Two reports of one claim that cannot be one."""

    statements = StatementMentionSerializer(many=True)
    detail = serializers.CharField(help_text="What differs.")

    class Meta:
        model = ClaimConflict
        fields = ["uid", "reason", "detail", "statements", "found_at"]


class ChainSerializer(serializers.Serializer):
    """A claim that is proposed as the same as two that are not."""

    middle = ClaimMentionSerializer()
    ends = ClaimMentionSerializer(many=True)
    apart = serializers.ChoiceField(
        source="apart.kind",
        choices=ClaimLink.Kind.choices,
        help_text="same: an editor said that the two ends are not; contradicts: they contradict each other.",
    )
    reason = serializers.CharField(source="apart.reason")


class ClaimConflictsSerializer(serializers.Serializer):
    """What an editor has still to settle about a claim."""

    claim = ClaimMentionSerializer()
    reports = ConflictSerializer(many=True)
    chains = ChainSerializer(many=True)


class EvidenceSerializer(serializers.Serializer):
    """An outlet that a report's content may have come from, and the words in the article that say so."""

    outlet = OutletMentionSerializer()
    kind = serializers.ChoiceField(
        choices=EVIDENCE_KINDS,
        help_text=(
            "publisher: it prints the report; relay: named with this statement; speaker relay: named with another "
            "statement of the speaker in the article; credit, copy, citation: of the article; upstream: of an article "
            "further up."
        ),
    )
    start = serializers.IntegerField(allow_null=True)
    end = serializers.IntegerField(allow_null=True)


class PieceSerializer(serializers.Serializer):
    change = serializers.ChoiceField(choices=CHANGES)
    text = serializers.CharField(help_text="As this report has it; what is missing, as the fullest one has it.")
    instead_of = serializers.CharField(help_text="For a variant: the fullest report’s words for the same, else empty.")


class DifferenceSerializer(serializers.Serializer):
    """What differs beyond words."""

    kind = serializers.ChoiceField(choices=DIFFERENCES, help_text="content: other words that are worth a look.")
    missing = serializers.ListField(child=serializers.CharField(), help_text="Words of the fullest report alone.")
    added = serializers.ListField(child=serializers.CharField(), help_text="Words of this report alone.")


class AlarmSerializer(serializers.Serializer):
    """Words that the report leaves out, whose lack changes what it says."""

    kind = serializers.ChoiceField(choices=ALARMS)
    missing = serializers.CharField()
    reason = serializers.CharField(help_text="A sentence.")


class WordingSerializer(serializers.Serializer[Wording]):
    """How a report's words differ from the fullest report's."""

    kind = serializers.ChoiceField(choices=WORDING_KINDS)
    truncated = serializers.ListField(
        child=serializers.ChoiceField(choices=PLACES), help_text="Where words are missing; empty for the other kinds."
    )
    similarity = serializers.FloatField(help_text="0 to 1: words in common and in order, variants included.")
    differences = DifferenceSerializer(many=True)
    alarms = AlarmSerializer(many=True)
    pieces = PieceSerializer(many=True)


class ReportSerializer(serializers.Serializer):
    attribution = serializers.UUIDField(source="report.attribution.uid")
    article = ArticleMentionSerializer(source="report.article")
    outlet = OutletMentionSerializer(source="report.outlet")
    statement = serializers.UUIDField(source="report.statement.uid")
    revision = serializers.UUIDField(source="report.statement.revision.uid")
    start = serializers.IntegerField(source="report.statement.start")
    end = serializers.IntegerField(source="report.statement.end")
    exact = serializers.CharField(help_text="The revision's text from `start` to `end`.")
    quote = serializers.CharField(
        source="report.statement.quote", help_text="The content alone, its pieces joined by “ … ”."
    )
    kind = serializers.ChoiceField(source="report.statement.kind", choices=Statement.Kind.choices)
    stance = serializers.ChoiceField(source="report.attribution.stance", choices=Attribution.Stance.choices)
    status = serializers.ChoiceField(source="report.attribution.status", choices=Attribution.Status.choices)
    score = serializers.FloatField(source="report.attribution.score")
    relays = RelaySerializer(source="report.statement.relays", many=True)
    origins = EvidenceSerializer(
        source="report.evidence", many=True, help_text="Every outlet that the content may have come from."
    )
    fullest = serializers.BooleanField(help_text="The others are compared with this report.")
    wording = WordingSerializer(allow_null=True)


class GapSerializer(serializers.Serializer):
    """An outlet with articles on the story that do not have the claim."""

    outlet = OutletMentionSerializer()
    count = serializers.IntegerField(source="article_count")
    reports_elsewhere = serializers.BooleanField(
        help_text="Another of its articles has the claim; with by=owner, one of an outlet of the same owner."
    )


class NotFoundInSerializer(serializers.Serializer):
    """Articles on the same story (they share another claim with a report's article) without this claim."""

    count = serializers.IntegerField()
    of = serializers.IntegerField(help_text="All articles on the story.")
    complete = serializers.BooleanField(
        help_text="False: the story has more articles than are looked at; both figures are the least."
    )
    unconfirmed = serializers.IntegerField(
        help_text="With `confirmed`: articles proposed to have it, which count as neither found nor not found."
    )
    outlets = GapSerializer(many=True, help_text="Whose articles these are, outlets that have it nowhere first.")
    articles = ArticleOfOutletSerializer(many=True, help_text="The first 200 of them.")


class ContradictionSerializer(serializers.Serializer):
    """A claim of the same speaker that cannot hold beside this one; the link is there at both claims."""

    uid = serializers.UUIDField(source="link.uid")
    claim = ClaimMentionSerializer(source="other", help_text="The other claim.")
    reason = serializers.CharField(source="link.reason", help_text="A sentence.")
    score = serializers.FloatField(source="link.score")
    sub_scores = serializers.DictField(
        source="link.sub_scores", child=serializers.FloatField(), help_text="What the score was made of."
    )
    status = serializers.ChoiceField(source="link.status", choices=Attribution.Status.choices)
    method = serializers.CharField(source="link.method")
    decided_at = serializers.DateTimeField(source="link.decided_at", allow_null=True)


class CorroborationSerializer(serializers.Serializer):
    claim = ClaimMentionSerializer()
    basis = serializers.ChoiceField(choices=Corroboration.Basis.choices, help_text="Which reports count.")
    by = serializers.ChoiceField(choices=["outlet", "owner"], help_text="What counts as one.")
    as_of = serializers.DateTimeField(help_text="The moment that was asked for, else now.")
    clock = serializers.ChoiceField(
        choices=[str(clock) for clock in Clock],
        allow_null=True,
        help_text="By what that moment is meant; null where the answer is as of now.",
    )
    level = serializers.ChoiceField(choices=Corroboration.Level.choices)
    disputed = serializers.BooleanField()
    explanation = serializers.CharField(help_text="Why it has this level, in a sentence.")
    outlets = OutletMentionSerializer(many=True)
    origins = OutletMentionSerializer(many=True)
    origin_count = serializers.IntegerField()
    exact = serializers.BooleanField(help_text="False: `origin_count` is an upper bound.")
    origin_lower_bound = serializers.IntegerField()
    reports = ReportSerializer(many=True, help_text="Who report it, as they were published.")
    denials = ReportSerializer(many=True, help_text="Reports that deny it.")
    contradictions = ContradictionSerializer(
        many=True, help_text="Claims of the same speaker that cannot hold beside it; none for a past moment."
    )
    not_found_in = NotFoundInSerializer()


class ClaimReportsSerializer(serializers.Serializer):
    claim = ClaimMentionSerializer()
    as_of = serializers.DateTimeField(help_text="The moment that was asked for, else now.")
    reports = ReportSerializer(many=True, help_text="Who report it, as they were published.")
    denials = ReportSerializer(many=True, help_text="Reports that deny it.")


class TimelineEntrySerializer(serializers.Serializer):
    """Something that happened to a claim, by one of three clocks."""

    at = serializers.DateTimeField(allow_null=True, help_text="Null where only `on` is known, or nothing.")
    on = serializers.DateField(allow_null=True, help_text="The day.")
    clock = serializers.ChoiceField(
        choices=["said", "published", "captured"], help_text="What happened then, by the report."
    )
    attribution = serializers.UUIDField(source="report.attribution.uid")
    stance = serializers.ChoiceField(source="report.attribution.stance", choices=Attribution.Stance.choices)
    statement = serializers.UUIDField(source="report.statement.uid")
    article = ArticleMentionSerializer(source="report.article")
    outlet = OutletMentionSerializer(source="report.outlet")


class ClaimTimelineSerializer(serializers.Serializer):
    claim = ClaimMentionSerializer()
    as_of = serializers.DateTimeField(help_text="The moment that was asked for, else now.")
    entries = TimelineEntrySerializer(many=True, help_text="In the order in which it happened; without a day last.")


class HistoryEventSerializer(serializers.Serializer):
    """One change of a report, as it stood after it."""

    at = serializers.DateTimeField(source="pgh_created_at")
    change = serializers.ChoiceField(
        source="pgh_label", choices=["insert", "update", "delete"], help_text="What became of the report's row."
    )
    decision = serializers.CharField(
        source="pgh_context.metadata.decision",
        default="",
        help_text="Part of which decision on several reports, such as “merge” or “split”; else empty.",
    )
    attribution = serializers.UUIDField(source="uid")
    statement = serializers.UUIDField(source="statement.uid")
    stance = serializers.ChoiceField(choices=Attribution.Stance.choices)
    status = serializers.ChoiceField(choices=Attribution.Status.choices)
    score = serializers.FloatField()
    method = serializers.CharField(help_text="Matcher version, or “editor”.")
    decided_at = serializers.DateTimeField(allow_null=True)


class ClaimHistorySerializer(serializers.Serializer):
    claim = ClaimMentionSerializer()
    events = HistoryEventSerializer(many=True)


class ClaimContradictionsSerializer(serializers.Serializer):
    claim = ClaimMentionSerializer()
    contradictions = ContradictionSerializer(many=True)

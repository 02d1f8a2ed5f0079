"""Speakers, statements and claims in the admin: topics are forms; all else is read, or decided by the services."""

from collections.abc import Callable, Sequence
from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from claims.models import (
    Annotation,
    Attribution,
    Claim,
    ClaimConflict,
    ClaimLink,
    ClaimMerge,
    ClaimTopic,
    ComparisonDue,
    Corroboration,
    CorroborationDue,
    Coverage,
    Decision,
    DeskAction,
    Extraction,
    ExtractorVersion,
    FacetChange,
    FacetCount,
    Flag,
    IdempotentAnswer,
    ListedWord,
    Listing,
    Note,
    OutletPair,
    OutletTally,
    ReadingDue,
    ReviewItem,
    ReviewPass,
    SampledItem,
    Sentence,
    Speaker,
    SpeakerAlias,
    SpeakerMerge,
    Statement,
    StatementChange,
    StatementRelay,
    StatementSpan,
    Topic,
    Wording,
)
from claims.services.decisions import (
    DecisionConflict,
    DecisionRefused,
    confirm_attribution,
    leave_unsure,
    reject_attribution,
)
from claims.services.locks import hold_matching
from claims.services.speakers import MergeRefused, merge_speakers, possible_duplicates, unmerge_speakers
from sources.admin import EditedElsewhereAdmin, FrozenAdmin, KeptAdmin, LargeTableAdmin, PartInline, ReadOnlyInline
from sources.identity import uid_for


class SpeakerAliasInline(PartInline):
    model = SpeakerAlias


@admin.register(Speaker)
class SpeakerAdmin(EditedElsewhereAdmin, KeptAdmin):
    edit_page = ("speaker_edit", "uid")
    list_display = ["name", "kind", "represents", "wikidata_id", "merged_into"]
    list_filter = ["kind", ("merged_into", admin.EmptyFieldListFilter)]
    list_select_related = ["represents", "merged_into"]
    search_fields = ["name", "aliases__name", "=wikidata_id"]
    autocomplete_fields = ["represents"]
    readonly_fields = ["possible_duplicates"]
    inlines = [SpeakerAliasInline]
    actions = ["merge", "unmerge"]
    ordering = ["name"]

    @admin.display(description="May be the same as")
    def possible_duplicates(self, speaker: Speaker) -> SafeString:
        links = (
            (reverse("admin:claims_speaker_change", args=[other.pk]), other.name)
            for other in possible_duplicates(speaker)
        )
        return format_html_join(", ", '<a href="{}">{}</a>', links) or SafeString("–")

    @admin.action(permissions=["change"], description="Merge selected speakers into the most quoted of them")
    def merge(self, request: HttpRequest, queryset: QuerySet[Speaker]) -> None:
        """Merge all or none; the direction matters little, since the name can be corrected and the merge undone."""
        editor = cast(User, request.user)
        kept, *others = queryset.annotate(quoted=Count("statements")).order_by("-quoted", "pk")
        if not others:
            self.message_user(request, "Select the two or more speakers that are one.", messages.ERROR)
            return
        try:
            with transaction.atomic():
                for other in others:
                    merge_speakers(other, into=kept, by=editor)
        except MergeRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
        else:
            names = ", ".join(f"“{other}”" for other in others)
            self.message_user(request, f"{names} merged into “{kept}”.", messages.SUCCESS)

    @admin.action(permissions=["change"], description="Undo the merge of selected speakers")
    def unmerge(self, request: HttpRequest, queryset: QuerySet[Speaker]) -> None:
        """Undo each by itself: one that is refused is named and stops none of the others."""
        editor = cast(User, request.user)
        for speaker in queryset:
            try:
                merge = unmerge_speakers(speaker, by=editor)
            except MergeRefused as refused:
                self.message_user(request, str(refused), messages.ERROR)
            else:
                self.message_user(request, f"“{speaker}” is apart from “{merge.into}” again.", messages.SUCCESS)


@admin.register(SpeakerMerge)
class SpeakerMergeAdmin(FrozenAdmin):
    list_display = ["speaker", "into", "merged_by", "merged_at", "undone_by", "undone_at"]
    list_filter = ["merged_at", ("undone_at", admin.EmptyFieldListFilter)]
    list_select_related = ["speaker", "into", "merged_by", "undone_by"]
    search_fields = ["speaker__name", "into__name"]
    ordering = ["-pk"]


@admin.register(SpeakerAlias)
class SpeakerAliasAdmin(FrozenAdmin):
    list_display = ["name", "speaker"]
    list_select_related = ["speaker"]
    search_fields = ["name", "speaker__name"]
    ordering = ["name"]


@admin.register(Extraction)
class ExtractionAdmin(FrozenAdmin):
    list_display = ["article", "version", "state", "attempts", "reason", "updated_at"]
    list_filter = ["state", "version"]
    list_select_related = ["revision__article"]
    search_fields = ["revision__article__title", "reason"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("revision__article").defer("revision__text")

    @admin.display(ordering="revision__article__title")
    def article(self, extraction: Extraction) -> str:
        return str(extraction.revision.article)


class StatementSpanInline(ReadOnlyInline):
    model = StatementSpan
    ordering = ["start"]


class StatementRelayInline(ReadOnlyInline):
    model = StatementRelay
    ordering = ["hop", "start"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("outlet")


class AttributionInline(ReadOnlyInline):
    model = Attribution
    fields = ["claim", "stance", "status", "score", "method", "decided_by", "decided_at"]
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("claim", "decided_by")


@admin.register(Statement)
class StatementAdmin(FrozenAdmin):
    list_display = ["__str__", "speaker", "kind", "act", "confidence", "withdrawn_at"]
    list_filter = ["kind", "act", ("withdrawn_at", admin.EmptyFieldListFilter), "method"]
    list_select_related = ["speaker"]
    search_fields = ["quote", "speaker__name", "=uid"]
    inlines = [StatementSpanInline, StatementRelayInline, AttributionInline]
    ordering = ["-pk"]


@admin.register(StatementSpan)
class StatementSpanAdmin(FrozenAdmin):
    list_display = ["statement", "role", "start", "end"]
    list_filter = ["role"]
    list_select_related = ["statement"]
    search_fields = ["=statement__uid"]
    ordering = ["-pk"]


@admin.register(StatementRelay)
class StatementRelayAdmin(FrozenAdmin):
    list_display = ["statement", "hop", "outlet", "start", "end"]
    list_filter = ["hop"]
    list_select_related = ["statement", "outlet"]
    search_fields = ["outlet__name", "=statement__uid"]
    ordering = ["-pk"]


@admin.register(Wording)
class WordingAdmin(FrozenAdmin):
    list_display = ["statement", "code"]
    list_select_related = ["statement"]
    search_fields = ["=statement__uid"]
    ordering = ["-pk"]


@admin.register(Sentence)
class SentenceAdmin(FrozenAdmin):
    list_display = ["statement", "model"]
    list_filter = ["model"]
    list_select_related = ["statement"]
    search_fields = ["=statement__uid"]
    exclude = ["vector"]
    ordering = ["-pk"]


@admin.register(ReadingDue)
class ReadingDueAdmin(FrozenAdmin):
    list_display = ["article", "again", "begun", "marked_at"]
    search_fields = ["revision__article__title"]
    ordering = ["again", "begun", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("revision__article").defer("revision__text")

    @admin.display
    def article(self, due: ReadingDue) -> str:
        return str(due.revision.article)


@admin.register(ExtractorVersion)
class ExtractorVersionAdmin(FrozenAdmin):
    list_display = ["version", "registered_at", "all_marked"]
    ordering = ["-pk"]


@admin.register(ComparisonDue)
class ComparisonDueAdmin(FrozenAdmin):
    list_display = ["article", "attempts"]
    search_fields = ["revision__article__title"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("revision__article").defer("revision__text")

    @admin.display
    def article(self, due: ComparisonDue) -> str:
        return str(due.revision.article)


@admin.register(Topic)
class TopicAdmin(LargeTableAdmin):
    list_display = ["name", "slug", "keywords"]
    search_fields = ["name", "slug"]

    def get_readonly_fields(self, request: HttpRequest, obj: Topic | None = None) -> list[str]:
        # The uid follows from the slug.
        return ["uid", "slug"] if obj else ["uid"]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Topic | None = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: Topic, form: ModelForm, change: bool) -> None:
        if not change:
            obj.uid = uid_for("topic", obj.slug)
        super().save_model(request, obj, form, change)


class ClaimTopicInline(ReadOnlyInline):
    model = ClaimTopic

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("topic")


class CorroborationInline(ReadOnlyInline):
    model = Corroboration
    fields = [
        "basis",
        "level",
        "disputed",
        "report_count",
        "outlet_count",
        "origin_count",
        "exact",
        "computed_at",
    ]


class ClaimAttributionInline(AttributionInline):
    fields = ["statement", "stance", "status", "score", "method", "decided_by", "decided_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("statement", "decided_by")


@admin.register(Claim)
class ClaimAdmin(FrozenAdmin):
    list_display = ["__str__", "speaker", "language", "said_on", "merged_into", "created_at"]
    list_filter = ["language", "topics", ("merged_into", admin.EmptyFieldListFilter), "method"]
    list_select_related = ["speaker", "merged_into"]
    search_fields = ["text", "speaker__name", "=uid"]
    inlines = [ClaimTopicInline, CorroborationInline, ClaimAttributionInline]
    ordering = ["-pk"]


@admin.register(ClaimTopic)
class ClaimTopicAdmin(FrozenAdmin):
    list_display = ["claim", "topic", "method"]
    list_filter = ["topic"]
    list_select_related = ["claim", "topic"]
    search_fields = ["claim__text", "method"]
    ordering = ["-pk"]


@admin.register(Attribution)
class AttributionAdmin(FrozenAdmin):
    list_display = ["statement", "claim", "stance", "status", "score", "method", "decided_by", "decided_at"]
    list_filter = ["status", "stance", "method", "decided_at"]
    list_select_related = ["statement", "claim", "decided_by"]
    search_fields = ["statement__quote", "claim__text", "=uid"]
    actions = ["confirm", "reject", "leave_unsure"]
    ordering = ["-pk"]

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("claims.change_attribution")

    @admin.action(permissions=["decide"], description="Confirm selected attributions")
    def confirm(self, request: HttpRequest, queryset: QuerySet[Attribution]) -> None:
        self._decide(request, queryset, confirm_attribution, "confirmed")

    @admin.action(permissions=["decide"], description="Reject selected attributions")
    def reject(self, request: HttpRequest, queryset: QuerySet[Attribution]) -> None:
        self._decide(request, queryset, reject_attribution, "rejected")

    @admin.action(permissions=["decide"], description="Leave selected attributions unsure")
    def leave_unsure(self, request: HttpRequest, queryset: QuerySet[Attribution]) -> None:
        self._decide(request, queryset, leave_unsure, "left unsure")

    def _decide(
        self,
        request: HttpRequest,
        attributions: QuerySet[Attribution],
        decide: Callable[..., object],
        done: str,
    ) -> None:
        """Decide each by itself: one that is refused is named and stops none of the others.

        What an editor decided on is left: this page does not know whether that was seen.
        """
        # Only a signed-in user has the permission that the action asks for.
        editor = cast(User, request.user)
        decided = 0
        for attribution in attributions:
            try:
                with transaction.atomic():
                    hold_matching()
                    taken = Attribution.objects.filter(pk=attribution.pk).exclude(decided_at=None).first()
                    if taken is not None:
                        raise DecisionConflict(
                            f"{taken.decided_by} decided on this already; decide anew on its claim’s page."
                        )
                    decide(attribution, by=editor)
            except DecisionRefused as refused:
                self.message_user(request, f"{attribution.statement}: {refused}", messages.ERROR)
            else:
                decided += 1
        if decided:
            self.message_user(request, f"{decided} {done}.", messages.SUCCESS)


@admin.register(Decision)
class DecisionAdmin(FrozenAdmin):
    list_display = ["claim", "kind", "decided_by", "decided_at", "undone_by", "undone_at"]
    list_filter = ["kind", "decided_at", ("undone_at", admin.EmptyFieldListFilter)]
    list_select_related = ["claim", "decided_by", "undone_by"]
    search_fields = ["claim__text", "=uid"]
    ordering = ["-pk"]


@admin.register(StatementChange)
class StatementChangeAdmin(FrozenAdmin):
    list_display = ["statement", "made_by", "made_at", "undone_by", "undone_at"]
    list_filter = ["made_at", ("undone_at", admin.EmptyFieldListFilter)]
    list_select_related = ["statement", "made_by", "undone_by"]
    search_fields = ["=statement__uid"]
    ordering = ["-pk"]


@admin.register(ClaimMerge)
class ClaimMergeAdmin(FrozenAdmin):
    list_display = ["claim", "into", "merged_by", "merged_at", "undone_by", "undone_at"]
    list_filter = ["merged_at", ("undone_at", admin.EmptyFieldListFilter)]
    list_select_related = ["claim", "into", "merged_by", "undone_by"]
    search_fields = ["claim__text", "into__text"]
    ordering = ["-pk"]


@admin.register(ClaimLink)
class ClaimLinkAdmin(FrozenAdmin):
    list_display = ["claim", "kind", "other", "status", "score", "method", "decided_by", "decided_at"]
    list_filter = ["kind", "status", "method"]
    list_select_related = ["claim", "other", "decided_by"]
    search_fields = ["claim__text", "other__text", "=uid"]
    ordering = ["-pk"]


@admin.register(ClaimConflict)
class ClaimConflictAdmin(FrozenAdmin):
    list_display = ["claim", "reason", "detail", "found_at", "settled_by", "settled_at"]
    list_filter = ["reason", ("settled_at", admin.EmptyFieldListFilter)]
    list_select_related = ["claim", "settled_by"]
    search_fields = ["claim__text", "=uid"]
    ordering = ["-pk"]


@admin.register(ReviewItem)
class ReviewItemAdmin(FrozenAdmin):
    list_display = ["kind", "row_id", "claim", "priority", "leased_by", "leased_until"]
    list_filter = ["kind"]
    list_select_related = ["claim", "leased_by"]
    search_fields = ["claim__text", "=row_id"]
    ordering = ["-priority", "pk"]


@admin.register(ReviewPass)
class ReviewPassAdmin(FrozenAdmin):
    list_display = ["item", "editor", "passed_at"]
    list_select_related = ["item", "editor"]
    search_fields = ["editor__username"]
    ordering = ["-pk"]


@admin.register(DeskAction)
class DeskActionAdmin(FrozenAdmin):
    list_display = ["kind", "editor", "count", "done_at", "undone_at"]
    list_filter = ["kind", "done_at"]
    list_select_related = ["editor"]
    search_fields = ["editor__username", "=token"]
    ordering = ["-pk"]


@admin.register(Note)
class NoteAdmin(FrozenAdmin):
    list_display = ["__str__", "written_by", "written_at", "withdrawn_at"]
    list_select_related = ["written_by"]
    search_fields = ["text", "=uid"]
    ordering = ["-pk"]


@admin.register(Flag)
class FlagAdmin(FrozenAdmin):
    list_display = ["__str__", "raised_at", "outcome", "settled_by", "settled_at"]
    list_filter = ["outcome", ("settled_at", admin.EmptyFieldListFilter)]
    list_select_related = ["settled_by"]
    search_fields = ["text", "answer", "=uid"]
    ordering = ["-pk"]


@admin.register(SampledItem)
class SampledItemAdmin(FrozenAdmin):
    list_display = ["kind", "row_id", "claim", "verdict", "adjudicated_by", "adjudicated_at"]
    list_filter = ["kind"]
    list_select_related = ["claim", "adjudicated_by"]
    search_fields = ["claim__text", "=row_id"]
    ordering = ["-pk"]


@admin.register(Annotation)
class AnnotationAdmin(FrozenAdmin):
    list_display = ["item", "editor", "verdict", "annotated_at"]
    list_filter = ["verdict"]
    list_select_related = ["item", "editor"]
    search_fields = ["editor__username"]
    ordering = ["-pk"]


@admin.register(Listing)
class ListingAdmin(FrozenAdmin):
    list_display = ["claim", "basis", "origin_count", "outlet_count", "published_at"]
    list_filter = ["basis"]
    search_fields = ["claim__text"]
    list_select_related = ["claim"]
    ordering = ["-pk"]


@admin.register(FacetCount)
class FacetCountAdmin(FrozenAdmin):
    list_display = ["facet", "basis", "claims"]
    list_filter = ["basis"]
    search_fields = ["facet"]
    ordering = ["-pk"]


@admin.register(FacetChange)
class FacetChangeAdmin(FrozenAdmin):
    list_display = ["facet", "basis", "change"]
    list_filter = ["basis"]
    search_fields = ["facet"]
    ordering = ["-pk"]


@admin.register(IdempotentAnswer)
class IdempotentAnswerAdmin(FrozenAdmin):
    list_display = ["owner", "key", "status", "stored_at"]
    list_filter = ["status"]
    search_fields = ["key"]
    ordering = ["-pk"]


@admin.register(ListedWord)
class ListedWordAdmin(FrozenAdmin):
    list_display = ["word", "stem"]
    search_fields = ["word"]
    ordering = ["-pk"]


@admin.register(CorroborationDue)
class CorroborationDueAdmin(FrozenAdmin):
    list_display = ["kind", "row_id", "marked_at", "settles_after"]
    list_filter = ["kind"]
    search_fields = ["kind", "=row_id"]
    ordering = ["pk"]


@admin.register(Coverage)
class CoverageAdmin(FrozenAdmin):
    list_display = ["claim", "outlet", "affirming", "denying", "published_at", "is_first", "explains", "worded"]
    list_filter = ["worded", "is_first", "explains"]
    list_select_related = ["claim", "outlet"]
    search_fields = ["claim__text", "outlet__name"]
    ordering = ["-pk"]


@admin.register(OutletTally)
class OutletTallyAdmin(FrozenAdmin):
    list_display = ["outlet", "articles", "claims", "alone", "earliest", "explained", "folded"]
    list_filter = ["folded"]
    list_select_related = ["outlet"]
    search_fields = ["outlet__name"]
    ordering = ["-pk"]


@admin.register(OutletPair)
class OutletPairAdmin(FrozenAdmin):
    list_display = ["outlet", "other", "shared", "independent", "folded"]
    list_filter = ["folded"]
    list_select_related = ["outlet", "other"]
    search_fields = ["outlet__name", "other__name"]
    ordering = ["-pk"]


@admin.register(Corroboration)
class CorroborationAdmin(FrozenAdmin):
    list_display = [
        "claim",
        "basis",
        "level",
        "disputed",
        "report_count",
        "outlet_count",
        "origin_count",
        "exact",
        "computed_at",
    ]
    list_filter = ["basis", "level", "disputed", "exact"]
    list_select_related = ["claim"]
    search_fields = ["claim__text"]
    readonly_fields = ["outlets", "origins"]
    ordering = ["-pk"]

"""Outlets, articles and imports in the admin: what a person may set is a form, the rest is read-only.

What has a page for editors is edited there, and only read here. No form here writes over what changed since it was
opened.
"""

from typing import Any
from uuid import uuid4

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sources.identity import uid_for
from sources.models import (
    Article,
    Derivation,
    DerivationSpan,
    Feed,
    Fingerprint,
    Host,
    ImportItem,
    ImportRun,
    Outlet,
    OutletAlias,
    OutletDomain,
    OutletMerge,
    Revision,
    Snapshot,
)


class SeenForm(ModelForm):
    """A form of a row that refuses, and names, each field that somebody changed since the form was opened.

    What was seen comes back with the form, field by field. Its row is to be locked, and as it is now.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            for field in self.fields.values():
                field.show_hidden_initial = True

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in self.fields if self.instance.pk is not None else ():
            if self._changed_meanwhile(name):
                self.add_error(name, self._conflict(name))
        return cleaned

    def _changed_meanwhile(self, name: str) -> bool:
        """Whether a field is not as it was seen, nor already as it is wanted."""
        field = self.fields[name]
        now = self.get_initial_for_field(field, name)
        seen = field.hidden_widget().value_from_datadict(self.data, self.files, self.add_initial_prefix(name))
        wanted = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        return field.has_changed(now, seen) and field.has_changed(now, wanted)

    def _conflict(self, name: str) -> ValidationError:
        now = self.fields[name].prepare_value(self.get_initial_for_field(self.fields[name], name))
        return ValidationError(
            "Somebody changed this meanwhile, to “%(value)s”. Nothing was written; open the page again.",
            code="changed",
            params={"value": "" if now is None else now},
        )


class LargeTableAdmin(admin.ModelAdmin):
    """Lists of tables that grow with every import: no count of all rows, and a bounded page."""

    form = SeenForm
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 200

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return a row; where a form of it was sent, locked and as it is now."""
        row = super().get_object(request, object_id, from_field)
        if row is not None and request.method == "POST":
            row.refresh_from_db(from_queryset=self.model._base_manager.select_for_update(of=("self",)))
        return row


class EditedElsewhereAdmin(LargeTableAdmin):
    """Rows that have a page of their own for editors, `edit_page`, by the column that its address names.

    There nobody writes over what another changed; here they are read, and may be added.
    """

    edit_page: tuple[str, str]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        shown = [*super().get_readonly_fields(request, obj)]
        return [*shown, "edited_at"] if obj is not None else shown

    @admin.display(description="To change it")
    def edited_at(self, row: Any) -> SafeString:
        page, column = self.edit_page
        return format_html('<a href="{}">{}</a>', reverse(page, args=[getattr(row, column)]), "Open its form")


class KeptAdmin(LargeTableAdmin):
    """Rows that imports make and that are never deleted by hand; `editable` fields may be corrected."""

    editable: tuple[str, ...] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        shown = [*super().get_readonly_fields(request, obj)]
        shown += [
            field.name
            for field in self.model._meta.fields
            if not field.primary_key and field.name not in self.editable and field.name not in shown
        ]
        return [name for name in shown if name not in (self.exclude or ())]


class FrozenAdmin(KeptAdmin):
    """Rows that nobody changes here."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PartInline(admin.TabularInline):
    """Names that are given with a new row; later they are edited with it, on its own page."""

    extra = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_delete_permission(request)


class OutletAliasInline(PartInline):
    model = OutletAlias


class OutletDomainInline(PartInline):
    model = OutletDomain


@admin.register(Outlet)
class OutletAdmin(EditedElsewhereAdmin):
    edit_page = ("outlet_edit", "slug")
    list_display = ["name", "kind", "owner", "owner_name", "reviewed", "created_at"]
    list_filter = ["reviewed", "kind"]
    list_select_related = ["owner"]
    search_fields = ["name", "aliases__name", "domains__domain"]
    autocomplete_fields = ["owner"]
    readonly_fields = ["uid", "created_at"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [OutletAliasInline, OutletDomainInline]
    ordering = ["name"]

    def save_model(self, request: HttpRequest, obj: Outlet, form: ModelForm, change: bool) -> None:
        if not change:
            obj.uid = uid_for("outlet", obj.name.casefold())
            # An outlet that was renamed keeps the uid of its first name.
            if Outlet.objects.filter(uid=obj.uid).exists():
                obj.uid = uuid4()
        super().save_model(request, obj, form, change)


@admin.register(OutletAlias)
class OutletAliasAdmin(FrozenAdmin):
    list_display = ["name", "outlet"]
    list_select_related = ["outlet"]
    search_fields = ["name", "outlet__name"]
    ordering = ["name"]


@admin.register(OutletDomain)
class OutletDomainAdmin(FrozenAdmin):
    list_display = ["domain", "outlet"]
    list_select_related = ["outlet"]
    search_fields = ["domain", "outlet__name"]
    ordering = ["domain"]


@admin.register(OutletMerge)
class OutletMergeAdmin(FrozenAdmin):
    list_display = ["outlet", "into", "merged_by", "merged_at", "undone_by", "undone_at"]
    list_filter = ["merged_at", ("undone_at", admin.EmptyFieldListFilter)]
    list_select_related = ["outlet", "into", "merged_by", "undone_by"]
    search_fields = ["outlet__name", "into__name"]
    ordering = ["-pk"]


class DerivationInline(ReadOnlyInline):
    model = Derivation
    fk_name = "article"
    fields = ["kind", "upstream_outlet", "upstream_article", "partial", "start", "end", "score", "method", "status"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("upstream_outlet", "upstream_article")


@admin.register(Article)
class ArticleAdmin(KeptAdmin):
    editable = ("title", "byline", "language")
    list_display = ["title", "outlet", "published_at", "language", "imported_as"]
    list_filter = ["language", "published_at"]
    list_select_related = ["outlet"]
    search_fields = ["title", "url", "external_id", "outlet__name"]
    date_hierarchy = "published_at"
    inlines = [DerivationInline]
    ordering = ["-published_at", "-pk"]


@admin.register(Snapshot)
class SnapshotAdmin(FrozenAdmin):
    list_display = ["sha256", "article", "media_type", "captured_at"]
    list_filter = ["media_type", "captured_at"]
    list_select_related = ["article"]
    search_fields = ["=sha256", "article__title"]
    # The bytes may be many megabytes; the site has a page to download them.
    exclude = ["body"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("body")


@admin.register(Revision)
class RevisionAdmin(FrozenAdmin):
    list_display = ["article", "number", "length", "method", "created_at"]
    list_filter = ["method", "created_at"]
    list_select_related = ["article"]
    search_fields = ["=sha256", "article__title"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("text")


@admin.register(Derivation)
class DerivationAdmin(FrozenAdmin):
    list_display = ["article", "kind", "upstream_outlet", "partial", "score", "status", "method"]
    list_filter = ["kind", "status", "partial"]
    list_select_related = ["article", "upstream_outlet"]
    search_fields = ["article__title", "upstream_outlet__name"]
    ordering = ["-pk"]


@admin.register(DerivationSpan)
class DerivationSpanAdmin(FrozenAdmin):
    list_display = ["derivation", "start", "end", "upstream_revision", "words"]
    list_select_related = ["derivation", "upstream_revision__article"]
    search_fields = ["derivation__article__title", "upstream_revision__article__title"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("upstream_revision__text")


@admin.register(Fingerprint)
class FingerprintAdmin(FrozenAdmin):
    list_display = ["article", "method"]
    list_filter = ["method"]
    list_select_related = ["article"]
    search_fields = ["article__title"]
    # Thousands of numbers that say nothing to a reader.
    exclude = ["hashes", "positions", "quoted"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("article").defer("hashes", "positions", "quoted")


@admin.register(Host)
class HostAdmin(KeptAdmin):
    editable = ("min_interval_s",)
    list_display = ["name", "next_allowed_at", "crawl_delay_s", "min_interval_s", "failures", "backoff_until"]
    list_filter = [("backoff_until", admin.EmptyFieldListFilter)]
    search_fields = ["name"]
    ordering = ["name"]


@admin.register(Feed)
class FeedAdmin(LargeTableAdmin):
    list_display = ["__str__", "outlet", "active", "interval_s", "last_polled_at", "next_poll_at", "failing_since"]
    list_filter = ["active", ("failing_since", admin.EmptyFieldListFilter)]
    list_select_related = ["outlet"]
    search_fields = ["title", "url", "outlet__name"]
    autocomplete_fields = ["outlet"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    readonly_fields = ["uid", "etag", "last_modified", "last_polled_at", "failures", "failing_since", "last_error"]
    ordering = ["url"]


@admin.register(ImportRun)
class ImportRunAdmin(FrozenAdmin):
    list_display = ["label", "feed", "requested_by", "priority", "created_at", "read_at", "cancelled_at"]
    list_filter = [
        "created_at",
        ("read_at", admin.EmptyFieldListFilter),
        ("reading_error", admin.EmptyFieldListFilter),
        "priority",
    ]
    list_select_related = ["feed", "requested_by"]
    search_fields = ["label", "feed__url"]
    ordering = ["-pk"]


@admin.register(ImportItem)
class ImportItemAdmin(FrozenAdmin):
    list_display = ["label", "run", "state", "needs_look", "reason", "attempts", "not_before", "finished_at"]
    list_filter = ["state", "needs_look", "created_at"]
    list_select_related = ["run"]
    search_fields = ["label", "url", "reason", "run__label"]
    exclude = ["payload"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("payload")

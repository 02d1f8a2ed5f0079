"""Forms that edit a row: what changed meanwhile is shown field by field, and nothing is written over."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from claims.forms import EditForm
from claims.services.decisions import DecisionConflict, DecisionRefused
from claims.versions import VersionConflict


def answer_edit(
    request: HttpRequest, row: models.Model, shape: type[EditForm], *, save: Callable[..., Any], page: str, **shown: Any
) -> HttpResponse:
    """Show the form of a row, save what is sent, and show what was saved; where the row changed, both editions.

    save: an `edit_…` service. page: the template, which is handed `shown` too. Raises DecisionConflict where the row is
    none to edit any more.
    """
    conflict: VersionConflict | None = None
    form = shape.of(row)
    if request.method == "POST":
        form = shape.chosen(request.POST, row)
        if form.is_valid():
            try:
                saved = save(
                    row,
                    **form.wanted,
                    version=form.cleaned_data["version"],
                    reason=form.cleaned_data["reason"],
                    by=cast(User, request.user),
                )
            except VersionConflict as found:
                conflict = found
            except DecisionConflict:
                raise
            except DecisionRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Saved. It stands in the history."))
                return redirect(saved)
    fields = [(field, field.name in form.fields) for field in conflict.fields] if conflict is not None else []
    return render(
        request,
        page,
        {"row": row, "form": form, "conflict": conflict, "conflict_fields": fields, "here": request.path, **shown},
        status=409 if conflict is not None else 400 if form.errors else 200,
    )

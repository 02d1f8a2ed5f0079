"""Forms of an answer: what `Accept` or `format` may ask for. A stream or document is made by the view, not here."""

from collections.abc import Iterable
from typing import Any

import orjson
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer

PARAMETER = "format"


class JsonRenderer(JSONRenderer):
    """JSON as the framework writes it, in a fraction of its time; with `indent`, which people ask for, by itself."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None or self.get_indent(accepted_media_type or "", renderer_context or {}) is not None:
            written: bytes = super().render(data, accepted_media_type, renderer_context)
            return written
        return orjson.dumps(data, default=_as_framework, option=_OPTIONS)


_as_framework = JSONRenderer.encoder_class().default
# Moments are written as the framework has them, with Z.
_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME


class MadeByView(BaseRenderer):
    """A form that a view writes itself: it names the media type, and renders what is text already."""

    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return data if isinstance(data, bytes) else str(data).encode()


class CsvRenderer(MadeByView):
    media_type = "text/csv"
    format = "csv"


class JsonLinesRenderer(MadeByView):
    media_type = "application/jsonl"
    format = "jsonl"


class NdjsonRenderer(JsonLinesRenderer):
    """JSON Lines under the name that some clients know it by."""

    media_type = "application/x-ndjson"
    format = "ndjson"


class AtomRenderer(MadeByView):
    media_type = "application/atom+xml"
    format = "atom"


class LinkedDataRenderer(JsonRenderer):
    media_type = "application/ld+json"
    format = "jsonld"


class AnnotationRenderer(JsonRenderer):
    """The Web Annotation Protocol asks for this profile."""

    media_type = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    format = "jsonld"


STREAMED: tuple[type[BaseRenderer], ...] = (CsvRenderer, JsonLinesRenderer, NdjsonRenderer)


class Negotiation(DefaultContentNegotiation):
    """Chooses by `format`, which wins, else by `Accept`; an unknown format is refused with those that there are."""

    def select_renderer(
        self, request: Any, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        chosen: tuple[BaseRenderer, str]
        if name := request.query_params.get(PARAMETER):
            for renderer in renderers:
                if renderer.format == name:
                    return renderer, renderer.media_type
            known = ", ".join(str(renderer.format) for renderer in renderers)
            raise ValidationError({PARAMETER: [f"“{name}” is not one of: {known}."]})
        chosen = super().select_renderer(request, renderers, format_suffix)
        return chosen

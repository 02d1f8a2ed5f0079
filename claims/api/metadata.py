"""What OPTIONS is answered: the methods that an address knows, and where all of it is described."""

from typing import Any

from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request
from rest_framework.reverse import reverse


class Methods(BaseMetadata):
    """Says which methods there are, as `Allow` does; what may be asked and sent stands in the description."""

    def determine_metadata(self, request: Request, view: Any) -> dict[str, Any]:
        return {
            "methods": view.allowed_methods,
            "schema": reverse("api:schema", request=request),
            "docs": reverse("api:docs", request=request),
        }

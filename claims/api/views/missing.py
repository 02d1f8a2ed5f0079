"""What is at none of the API's addresses."""

from typing import Any

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.urls import resolve
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

#: The name of its address, which every address has that no other view takes.
NOT_FOUND = "not_found"


@extend_schema(exclude=True)
class NotFoundView(APIView):
    """Answers as the API does where an address is none of its own; one that lacks its last slash is led to it."""

    # Whoever writes to no address at all is told that, not that they lack a token or the method.
    permission_classes = ()
    authentication_classes = ()

    def get(self, request: Request, path: str) -> Response | HttpResponse:
        if not path.endswith("/") and resolve(f"{request.path_info}/").url_name != NOT_FOUND:
            # A 308: unlike 301, it is followed with the same method and body.
            return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True), preserve_request=True)
        raise NotFound("There is nothing at this address; the documentation is at /api/v1/docs/.")

    post = put = patch = delete = get

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return self.get(request, **kwargs)

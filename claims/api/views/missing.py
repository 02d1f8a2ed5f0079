"""What is at none of the API's addresses."""

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


@extend_schema(exclude=True)
class NotFoundView(APIView):
    """Answers as the API does where an address is none of its own."""

    # Whoever writes to no address at all is told that, not that they lack a token or the method.
    permission_classes = ()
    authentication_classes = ()

    def get(self, request: Request, path: str) -> Response:
        raise NotFound("There is nothing at this address; the documentation is at /api/v1/docs/.")

    post = put = patch = delete = get

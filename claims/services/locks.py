"""The lock that all who bring reports to claims take turns by."""

from django.db import connection

#: One matcher at a time: two articles with the same new claim, matched at once, would found it twice.
MATCHING_LOCK = 0x5EC0_4D50


def hold_matching() -> None:
    """Wait until no machine matches and no editor decides, and let nobody until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MATCHING_LOCK])

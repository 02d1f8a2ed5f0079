"""Waiting for what is not of the test: the transactions of other tests, on the same server."""

import time

from django.db import connection

PATIENCE_S = 300


def until_others_have_ended():
    """Wait until each transaction that began before now has ended, in whichever database of the server.

    What is given out in the order of transactions waits for all of them, and tests side by side share a server.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        [(newest,)] = cursor.fetchall()
        deadline = time.monotonic() + PATIENCE_S
        while True:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            [(oldest,)] = cursor.fetchall()
            if oldest >= newest:
                return
            assert time.monotonic() < deadline, f"a transaction has not ended after {PATIENCE_S} s"
            time.sleep(0.05)

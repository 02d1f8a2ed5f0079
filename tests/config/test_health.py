from unittest import mock

import pytest
from django.db import OperationalError, connection

from config.health import healthz


@pytest.mark.django_db
def test_a_process_that_reaches_the_database_is_healthy(rf):
    assert healthz(rf.get("/healthz")).status_code == 200


def test_a_process_that_does_not_reach_the_database_is_not(rf):
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        assert healthz(rf.get("/healthz")).status_code == 503


def test_nothing_is_changed_by_asking_for_health(rf):
    assert healthz(rf.post("/healthz")).status_code == 405

"""Whatever is asked of the API, it answers as its description says: requests are made up from that."""

import re

import pytest

from accounts.scopes import Scope
from accounts.tokens import make_token
from tests.claims.generated import FEW_PHASES, ask, make_rows
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)

#: Change it to ask other things; a failure prints it with what was asked.
SEED = 20_200_101


@pytest.fixture(autouse=True)
def no_limits(settings):
    for kind in ("READS", "READS_KNOWN", "WRITES", "SEARCHES", "EXPORTS", "WRONG_TOKENS"):
        setattr(settings, f"RATE_{kind}", 10**9)


def statuses(caplog):
    return {int(status) for status in re.findall(r" status=(\d+) ", caplog.text)}


def test_every_answer_to_who_may_do_everything_is_as_described(live_server, caplog):
    token = make_rows()

    asked = ask(live_server.url, token, examples=4, seed=SEED, patience_s=600, phases=FEW_PHASES)

    print(asked.summary)
    assert asked.is_right, asked.told
    assert asked.cases > 250
    # Those that follow from what rows hold by then have tests of their own, in `test_api_conflicts`.
    assert statuses(caplog) >= {200, 201, 202, 400, 401, 404}, statuses(caplog)
    assert "path=/api/v1/events/" in caplog.text


def test_every_answer_to_who_may_only_read_is_as_described(live_server, caplog):
    make_rows()
    token = make_token(make_user("reader"), name="requests", scopes=[Scope.READ], days=1)[1]

    asked = ask(live_server.url, token, examples=1, seed=SEED, patience_s=600, phases=("fuzzing",))

    assert asked.is_right, asked.told
    assert 403 in statuses(caplog)


# What it found


@pytest.mark.parametrize(
    "moment", ["0310-03-06T00:34:50-19:06", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]
)
def test_moments_with_any_offset_are_understood(client, moment):
    answer = client.get("/api/v1/articles/", {"captured_before": moment})

    assert answer.status_code == 200
    assert answer.json()["results"] == []


def test_what_has_no_such_method_says_so_whatever_its_parameters_are(client):
    token = make_rows()

    for method, path in (("PUT", "claims/?atomic=1"), ("GET", "attributions/decisions/?atomic=1")):
        answer = client.generic(method, f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 405, answer.content

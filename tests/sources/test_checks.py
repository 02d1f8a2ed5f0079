"""What `manage.py check` says of the settings of fetching."""

import pytest

from sources import checks


def ids(found):
    return [message.id for message in found]


def test_the_defaults_are_well_formed():
    assert checks.check_private_hosts() == checks.check_fetch_limits() == checks.check_user_agent() == []


@pytest.mark.parametrize("entry", ["", "*.internal", "10.0.0.0/8", "http://news.internal", "a@b", "news.internal:web"])
def test_a_private_host_that_is_none_is_named(settings, entry):
    settings.FETCH_ALLOWED_PRIVATE_HOSTS = ["news.internal", entry, "[fd00::7]:8123"]
    [message] = checks.check_private_hosts()
    assert (message.id, bool(message.hint)) == ("sources.E001", True)
    assert "FETCH_ALLOWED_PRIVATE_HOSTS" in message.msg


@pytest.mark.parametrize("value", [0, -1, "30", None, float("nan"), True])
def test_a_limit_that_is_no_number_is_named(settings, value):
    settings.FETCH_DEADLINE_S = value
    [message] = checks.check_fetch_limits()
    assert message.id == "sources.E002"
    assert message.msg.startswith("FETCH_DEADLINE_S is ")


def test_limits_at_odds_with_each_other_are_named(settings):
    settings.FETCH_MAX_BYTES, settings.FETCH_MAX_UNPACKED_BYTES = 2, 1
    settings.FETCH_DEADLINE_S = settings.FETCH_LEASE_S = 30
    assert ids(checks.check_fetch_limits()) == ["sources.E003", "sources.E004"]


@pytest.mark.parametrize("agent", ["", "Zeitung/1 (ü)", "Bot\n", "1Bot"])
def test_a_user_agent_that_cannot_be_sent_is_named(settings, agent):
    settings.FETCH_USER_AGENT = agent
    assert ids(checks.check_user_agent()) == ["sources.E005"]


def test_without_a_contact_deployments_are_told(settings):
    settings.FETCH_CONTACT, settings.FETCH_USER_AGENT = "", "SecondSource/0.1"
    assert ids(checks.check_contact()) == ["sources.I001"]
    settings.FETCH_CONTACT = "mailto:desk@example.org"
    assert checks.check_contact() == []

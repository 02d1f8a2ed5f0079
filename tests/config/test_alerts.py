"""Alerts, and questions to Prometheus in the documentation, can be loaded; what to do at each alarm is told."""

import re

import promql_parser
import pytest
import yaml

from config import metrics, operations
from tests.config.running import REPOSITORY
from tests.config.test_metrics import figures

GUIDE = (REPOSITORY / "docs/operations.md").read_text(encoding="utf-8")
[GROUP] = yaml.safe_load((REPOSITORY / "config/alerts.rules.yml").read_text(encoding="utf-8"))["groups"]
RULES = {rule["alert"]: rule for rule in GROUP["rules"]}
#: Blocks of the guide that ask Prometheus, without what is said of them.
QUESTIONS = [
    " ".join(re.sub(r"#.*", "", line).strip() for line in question.splitlines())
    for block in re.findall(r"\n\n((?:    .*\n)+)", GUIDE)
    if re.search(r"(rate|quantile)\(", block)
    for question in re.split(r"\n(?=    \S)", block)
]


def anchors(text):
    """Return what GitHub calls the headings of a page in its addresses."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def parts_of(expression):
    """Return the names of figures and the pairs of label and value that an expression asks for."""
    names, labels = set(), set()

    def see(node):
        if isinstance(node, promql_parser.VectorSelector):
            names.add(node.name)
            labels.update(re.findall(r'(\w+)="([^"]*)"', str(node.matchers)))

    promql_parser.walk(promql_parser.parse(expression), see)
    return names, labels


@pytest.mark.parametrize("name", RULES)
def test_an_alert_can_be_loaded_and_leads_to_what_is_to_be_done(name):
    promql_parser.parse(RULES[name]["expr"])
    page, _, anchor = RULES[name]["annotations"]["runbook"].partition("#")

    assert page == "docs/operations.md"
    assert anchor == name.lower()
    assert anchor in anchors(GUIDE)


def test_what_is_no_expression_is_found():
    # A number has no labels to be matched by: Prometheus refuses the whole file for it.
    with pytest.raises(ValueError, match="vector matching"):
        promql_parser.parse("second_source_feeds > 0.2 * ignoring(state) sum(second_source_feeds)")


@pytest.mark.parametrize("name", operations.TROUBLES)
def test_what_the_page_shows_as_wrong_is_told_at_length(name):
    assert name.lower() in anchors(GUIDE)


def test_what_is_to_be_done_is_told_of_nothing_else():
    part = GUIDE.partition("\n## What to do at each alarm\n")[2]
    told = re.findall(r"^### (\w+)$", part, re.MULTILINE)

    assert set(told) == RULES.keys() | operations.TROUBLES.keys()
    assert len(told) == len(set(told))


@pytest.mark.django_db
def test_figures_of_alerts_and_of_the_guide_are_those_that_there_are():
    metrics.observe_request("claim_list", "GET", 200, 0.1)
    found = figures()
    names, labels = {name for name, *_ in found}, {label for _, *labels in found for label in labels}
    for expression in [*(rule["expr"] for rule in RULES.values()), *QUESTIONS]:
        asked, by = parts_of(expression)
        assert asked <= names | {"up"}, expression
        # The view and the table are examples.
        assert {pair for pair in by if pair[0] not in ("job", "table")} <= labels, expression
    assert len(QUESTIONS) >= 5
    # The table of the guide has all of them, and none that is not there.
    families = {re.sub(r"_(count|sum|bucket|created)$", "", name) for name in names}
    written = set(re.findall(r"`(second_source_\w+)", GUIDE))
    assert families <= written
    assert written <= families | names


def test_links_within_the_guide_lead_somewhere():
    assert set(re.findall(r"\]\(#([^)]+)\)", GUIDE)) <= anchors(GUIDE)

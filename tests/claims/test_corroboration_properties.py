"""Origins and hitting sets against definitions that anybody can check, on thousands of made-up cases."""

import itertools
import random
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from claims.corroboration.origins import Provenance, Report, Upstream, article_origins, find, minimum_hitting_set

NODES = range(6)
FAMILIES = st.lists(st.frozensets(st.integers(0, 8), min_size=1, max_size=4), min_size=0, max_size=9)


def smallest_by_trying_all(sets):
    members = sorted(set().union(*sets))
    for size in range(len(members) + 1):
        for chosen in itertools.combinations(members, size):
            if all(set(chosen) & s for s in sets):
                return size
    raise AssertionError("no hitting set")


@st.composite
def provenances(draw):
    """Return a graph of articles, with circles, edges to articles that are not known, and edges to mere outlets."""
    edge = st.builds(
        lambda up, partial: Upstream(f"outlet {up}" if up is not None else "wire", partial, article=up),
        st.one_of(st.none(), st.integers(0, 8)),
        st.booleans(),
    )
    return {node: Provenance(f"outlet {node}", tuple(draw(st.lists(edge, max_size=3)))) for node in NODES}


def known_ups(provenance, article):
    return {edge.article for edge in provenance[article].upstream if edge.article in provenance}


def reachable(provenance, article):
    found, size = known_ups(provenance, article), -1
    while len(found) != size:
        size = len(found)
        found |= {up for node in found for up in known_ups(provenance, node)}
    return found


def origins_by_definition(provenance, article):
    origins = set()
    for node in {article} | reachable(provenance, article):
        source = provenance[node]
        origins |= {edge.outlet for edge in source.upstream if edge.article not in provenance}
        replaced = any(not edge.partial for edge in source.upstream)
        if not replaced or node in reachable(provenance, node):
            origins.add(source.outlet)
    return origins


@settings(max_examples=500, deadline=None)
@given(provenances())
def test_origins_are_what_can_be_reached_upwards(provenance):
    found = article_origins(provenance)
    assert found == {node: origins_by_definition(provenance, node) for node in provenance}
    assert all(found.values())


@settings(max_examples=500, deadline=None)
@given(FAMILIES)
def test_a_hitting_set_is_as_small_as_trying_all_finds(sets):
    found = minimum_hitting_set(sets)
    assert all(found.members & s for s in sets)
    assert found.exact
    assert len(found.members) == smallest_by_trying_all(sets)


@settings(max_examples=200, deadline=None)
@given(FAMILIES, st.integers(0, 20))
def test_a_bound_holds_wherever_the_search_is_cut_short(sets, limit):
    found = minimum_hitting_set(sets, search_limit=limit)
    assert all(found.members & s for s in sets)
    assert found.lower_bound <= smallest_by_trying_all(sets) <= len(found.members)


@settings(max_examples=200, deadline=None)
@given(FAMILIES, st.randoms(use_true_random=False), st.frozensets(st.integers(0, 8)))
def test_the_same_set_is_named_in_whatever_order_reports_come(sets, chance, preferred):
    shuffled = sets * 2
    chance.shuffle(shuffled)
    assert minimum_hitting_set(shuffled, prefer=preferred) == minimum_hitting_set(sets, prefer=preferred)


@settings(max_examples=200, deadline=None)
@given(FAMILIES, st.integers(1, 4))
def test_counting_by_owner_never_finds_more_origins(sets, owners):
    assume(sets)
    reports = [Report(min(s), s) for s in sets]
    by_outlet = find(reports)
    by_owner = find(reports, group=lambda outlet: outlet % owners)
    assert len(by_owner.origins) <= len(by_outlet.origins)
    assert all(by_owner.origins & {outlet % owners for outlet in s} for s in sets)


@pytest.mark.parametrize(("count", "outlets"), [(40, 20), (50, 30), (80, 200)])
def test_dozens_of_sets_that_overlap_at_random_are_solved_exactly(count, outlets):
    draw = random.Random(count)
    assert minimum_hitting_set([draw.sample(range(outlets), 3) for _ in range(count)]).exact


def test_hundreds_of_sets_that_overlap_at_random_take_a_bounded_time_and_a_bound_is_stated():
    draw = random.Random(1)
    sets = [frozenset(draw.sample(range(60), 3)) for _ in range(200)]
    started = time.process_time()
    found = minimum_hitting_set(sets)
    # A hundred times what it takes; without the budget it takes minutes.
    assert time.process_time() - started < 2
    assert all(found.members & s for s in sets)
    assert 10 < found.lower_bound < len(found.members)


def test_a_chain_of_ten_thousand_copies_is_followed():
    chain = {n: Provenance(n, (Upstream(n - 1, article=n - 1),) if n else ()) for n in range(10_000)}
    assert article_origins(chain)[9_999] == {0}

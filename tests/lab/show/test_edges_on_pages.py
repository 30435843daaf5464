"""Edges: a page says at its top which best value lies there, and why one may."""

from dataclasses import replace

import pandas as pd
import pytest

from study.lab.data import mnist
from study.lab.declare.bounds import Bound
from study.lab.declare.definition import Claim
from study.lab.declare.measures import Column, ValidationError
from study.lab.declare.profiles import PROFILES
from study.lab.declare.simulation import Simulation
from study.lab.rules.verdicts import Lowers
from study.lab.show import tables
from study.lab.show.book import Book
from study.lab.show.page import render_page
from study.lab.train import plan

TOP = "A best value lies at the edge of its grid"
WHY = "nothing is left to drop"


@pytest.fixture
def tuned(page, declare):
    """Return a function to the page with arms at edges, and bounds."""

    def at(*edges, bounds=(), profile="standard"):
        definition = declare.experiment(
            model=lambda depth, start, rate: rate,
            data=mnist(train=1_000, validation=500),
            tune={"rate": (0.1, 0.3, 1.0)},
            bounds=bounds,
            figures=(),
            measures=(*page.definition.measures, ValidationError()),
        )
        table = page.table.assign(rate=0.3, validation_error=1.0)
        return replace(
            page,
            definition=definition,
            profile=PROFILES[profile],
            table=table,
            provenance={**page.provenance, "edges": [*edges]},
        )

    return at


def test_a_value_that_had_no_other_beside_it_is_a_dash(tuned):
    page = tuned()
    tried = [{**cell, "rate": 0.3} for cell in plan.cells(page.definition.vary)]
    tried.append({**tried[0], "rate": 0.1})
    made = [{"cell": each} for each in tried]
    grid = tables.cells(replace(page, provenance={"tried": made}))
    rates = [row[grid.headings.index("rate")] for row in grid.rows]
    assert rates == ["0.3"] + ["–"] * (len(tried) - 2)


def edge(depth, start="a|b"):
    return {"depth": depth, "start": start, "rate": 1.0}


def words(page):
    return {claim.id: verdict.word for claim, verdict in page.judged}


def text(page, ledger):
    return render_page(page, Book(ledger))["README.md"].decode()


BEFORE = {
    "t-01": "reproduced",
    "t-02": "reproduced",
    "t-03": "contradicted",
    "t-04": "cited",
}
AT_3 = Bound(tuned="rate", label=1.0, because=WHY, arm={"depth": 3})


def test_best_values_inside_of_their_grids_leave_all_words(tuned, ledger):
    assert words(tuned()) == BEFORE
    assert TOP not in text(tuned(), ledger)


def test_a_best_value_at_the_edge_leaves_the_claims_that_read_it_unresolved(
    tuned, ledger
):
    page = tuned(edge(1))
    open_ = dict.fromkeys(("t-02", "t-03"), "unresolved")
    assert words(page) == BEFORE | open_
    top, _, rest = text(page, ledger).partition("## Verdicts")
    assert TOP in top
    assert "depth=1, start=a\\|b, rate=1.0, read by t-02, t-03" in top
    assert rest.count("A wider grid would settle it") == 2


def test_a_best_value_at_the_edge_that_no_claim_reads_is_told_with_the_grid_alone(
    tuned, ledger
):
    page = tuned(edge(1, "big"))
    assert words(page) == BEFORE
    found = text(page, ledger)
    assert TOP not in found
    assert "| at the edge of the grid: `rate` | depth=1, start=big, rate=1.0." in found


def test_a_bound_keeps_the_words_and_the_page_prints_its_reason(tuned, ledger):
    page = tuned(edge(3), bounds=(AT_3,))
    assert words(tuned(edge(3))) != BEFORE
    assert words(page) == BEFORE
    found = text(page, ledger)
    assert TOP not in found
    assert "at the edge of the grid" not in found
    row = f"| at a bound: `rate` | depth=3, start=a\\|b, rate=1.0: {WHY} |"
    assert row in found


def test_a_bound_at_which_no_best_value_lies_is_not_told(tuned, ledger):
    page = tuned(edge(1), bounds=(AT_3,))
    assert words(page) == words(tuned(edge(1)))
    assert WHY not in text(page, ledger)


def test_other_margins_and_half_the_training_settle_it_no_sooner(tuned, ledger):
    found = text(tuned(edge(1)), ledger)
    section = found.partition("## Had it been decided otherwise")[2]
    rows = [x.split("|") for x in section.splitlines() if x.startswith("| t-03")]
    ((*_, decided, half, double, _, _),) = rows
    assert decided.strip() == "unresolved"
    assert half.strip() == double.strip() == "the same"


def test_a_draft_whose_grids_are_short_is_not_warned_of(tuned, ledger):
    assert TOP not in text(tuned(edge(1), profile="smoke"), ledger)


@pytest.mark.parametrize(
    ("edges", "word", "told"),
    [
        ([None, None, None], "reproduced", False),
        ([None, None, 0.3], "reproduced", False),
        ([None, 0.3, None], "unresolved", True),
    ],
    ids=["inside", "not read", "read"],
)
def test_a_simulation_tells_in_a_column_what_it_chose_at_an_edge(
    simulated, ledger, edges, word, told
):
    rule = Lowers(measure="seconds", arm={"size": 1}, than={"size": 2})
    table = pd.DataFrame(
        {
            "size": size,
            "replicate": replicate,
            "seconds": size + 0.01 * replicate,
            "edge": edges[size - 1],
        }
        for size in (1, 2, 3)
        for replicate in range(6)
    )
    definition = Simulation(
        title="Seconds",
        claims=(Claim("t-05", verdict=rule),),
        run=lambda: table,
        measures=(Column("seconds", "s"),),
    )
    page = replace(simulated, definition=definition, table=table)
    assert words(page) == {"t-05": word}
    line = "size=2, edge=0.3, read by t-05"
    assert (TOP in text(page, ledger), line in text(page, ledger)) == (told, told)

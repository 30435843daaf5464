"""Costs: an open or scaled word tells its command, device and hours, as they follow."""

import csv
import io
from dataclasses import replace

import keras
import pytest

from study.lab.data import mnist
from study.lab.declare.definition import Claim
from study.lab.declare.measures import TestError, ValidationError
from study.lab.declare.models import mlp
from study.lab.declare.profiles import PROFILES
from study.lab.declare.scale import Size
from study.lab.rules.verdicts import Control, Controlled, Each, Level, Lowers, Verdict
from study.lab.rules.words import Word
from study.lab.show.book import Book
from study.lab.show.costs import lasting, settling
from study.lab.show.index import render_index
from study.lab.show.page import render_page
from study.lab.show.why import why

DEEP, FLAT = ({"depth": each, "start": "a|b"} for each in (3, 1))
LOWER = Lowers(measure="test_error", arm=DEEP, than=FLAT)
LARGER = {"steps": 1_200, "replicates": 20}
OPEN = Verdict(word=Word.UNRESOLVED, rule=LOWER, seeds=60, replicates=10)
CONTRADICTED = Verdict(word=Word.CONTRADICTED, rule=LOWER)
REPRODUCED = Verdict(word=Word.REPRODUCED, rule=LOWER)
SCALED = Verdict(word=Word.REPRODUCED_SCALED, rule=LOWER, unscaled=Word.REPRODUCED)


def network(depth, start):
    """Build a network of 23 weights at depth 1, 35 at depth 2 and 47 at depth 3."""
    return mlp(4, (3,) * depth, 2)


def sgd(learning_rate=0.1):
    return keras.optimizers.SGD(learning_rate)


@pytest.fixture
def trained(page, declare):
    """Return a function to the page of 60 runs that took an hour on two cores.

    They are 10 of each of 6 cells, of 400 steps on all of 1,000 images: of weights
    times images times steps they have 2,100 times 400,000.
    """

    def made(record=None, **changes):
        more = {"model": network, "optimizer": sgd, "figures": (), "anchors": ()}
        definition = declare.experiment(**more | changes)
        cells = [
            {"depth": depth, "start": start}
            for depth in definition.vary["depth"]
            for start in definition.vary["start"]
        ]
        told = {
            "seconds": 7_200,
            "processor": "Some CPU",
            "cells": [{"cell": each} for each in cells],
        }
        provenance = {**page.provenance, **told, **(record or {})}
        return replace(page, definition=definition, provenance=provenance)

    return made


def claim(rule=LOWER, **settings):
    return Claim("t-02", verdict=rule, **settings)


def test_the_source_s_size_costs_by_weights_examples_and_runs(trained):
    # three times the steps and twice the seeds
    larger = trained(paper=LARGER).costs.larger
    assert larger.command == "make report NAME=depth PROFILE=paper"
    assert larger.device == "two cores of Some CPU"
    assert larger.hours == pytest.approx(6)
    assert larger.text == (
        "Larger runs, `make report NAME=depth PROFILE=paper`, take about 6 "
        "hours on two cores of Some CPU, estimated from this page's 60 runs."
    )


def test_other_networks_and_data_cost_by_their_weights_and_examples(trained):
    # the 23 + 35 + 47 weights at one start, not at two, on half of the images
    one = {"vary": {"depth": (1, 2, 3), "start": {"big": 1.0}}, "claims": ()}
    fewer = trained(paper=one | {"data": mnist(train=500)})
    assert fewer.costs.larger.hours == pytest.approx(1 / 4)
    flat = one | {"vary": {"depth": (1,), "start": {"big": 1.0}}}
    assert trained(paper=flat).costs.larger.hours == pytest.approx(23 / 210)


def test_tuning_is_counted_where_it_was_done_and_where_it_would_be(trained):
    # each of 6 cells at 2 rates on 2 seeds: 4 runs more for every 10
    tuned = {"learning_rate": (0.1, 0.2)}
    more = {
        "tune": tuned,
        "data": mnist(train=1_000, validation=100),
        "measures": (TestError(), ValidationError()),
        "claims": (),
    }
    page = trained(paper={"replicates": 20}, **more)
    cells = [each["cell"] for each in page.provenance["cells"]]
    tried = [each | {"learning_rate": x} for each in cells for x in (0.1, 0.2)]
    chosen = [{"cell": each | {"learning_rate": 0.1}} for each in cells]
    record = {"cells": chosen, "tried": [{"cell": each} for each in tried]}
    page = trained(record, paper={"replicates": 20}, **more)
    assert sum(count for _, count in page.costs.runs) == 60 + 24
    assert page.costs.larger.hours == pytest.approx(24 / 14)


def test_where_it_takes_longer_than_a_day_a_gpu_is_named(trained):
    assert "DEVICE=gpu" not in trained(paper={"steps": 9_600}).costs.larger.text
    assert (
        "With `DEVICE=gpu` a GPU" in trained(paper={"steps": 9_700}).costs.larger.text
    )


def test_seeds_cost_what_they_take_in_the_cells_that_are_undecided(trained):
    # 2,100 for the first seeds of all cells, and 60 times 47 + 23
    found = trained().costs.seeds(OPEN)
    assert found.hours == pytest.approx((2_100 + 60 * 70) / 2_100)
    assert found.text == (
        "With `extension=60` in its definition and fresh seeds `make report "
        "NAME=depth` takes about 3 hours on two cores of Some CPU, estimated from this "
        "page's 60 runs."
    )


def test_parts_that_are_decided_need_no_seeds(trained):
    decided = replace(
        REPRODUCED, rule=replace(LOWER, arm=FLAT, than=DEEP | {"depth": 2})
    )
    both = replace(OPEN, parts=(decided, OPEN))
    assert trained().costs.seeds(both) == trained().costs.seeds(OPEN)


def test_runs_of_several_machines_count_by_their_threads(trained):
    machines = [{"runs": 45, "threads": 1}, {"runs": 15, "threads": 5}]
    # two threads a run, in the mean
    assert trained({"machines": machines}).costs.hours == pytest.approx(2)


def test_on_a_gpu_hours_are_those_of_the_gpu(trained):
    gpu = {"device": "GPU, x86_64", "processor": "H200", "threads": 16}
    larger = trained(gpu, paper={"steps": 40_000}).costs.larger
    assert (larger.device, larger.hours) == ("H200", pytest.approx(200))
    assert "DEVICE=gpu" not in larger.text


def test_a_simulation_s_seeds_cost_as_much_each_as_those_it_had(simulated):
    record = simulated.provenance | {"seconds": 60, "processor": "Some CPU"}
    found = replace(simulated, provenance=record).costs.seeds(OPEN)
    assert found.text == (
        "With `replicates=60` in its definition and fresh seeds `make report "
        "NAME=sums` takes about 6 minutes on Some CPU, estimated from what this page "
        "took."
    )


@pytest.mark.parametrize(
    ("made", "verdict", "commands"),
    [
        ({}, REPRODUCED, []),
        ({"paper": LARGER}, REPRODUCED, []),
        ({}, SCALED, []),
        ({"paper": LARGER}, SCALED, [" PROFILE=paper"]),
        ({}, OPEN, [""]),
        ({"paper": LARGER}, OPEN, ["", " PROFILE=paper"]),
        ({"paper": LARGER}, replace(OPEN, seeds=None), [" PROFILE=paper"]),
        ({}, replace(OPEN, seeds=None), []),
        ({}, replace(OPEN, seeds=None, lacks="More."), [""]),
        ({"paper": LARGER}, replace(OPEN, seeds=None, lacks="M."), [" PROFILE=paper"]),
        (
            {"paper": LARGER},
            replace(OPEN, word=Word.UNRESOLVED_SCALED, unscaled=Word.UNRESOLVED),
            [" PROFILE=paper", ""],
        ),
    ],
    ids=[
        "sure",
        "sure, with a larger size",
        "scaled without a larger size",
        "scaled",
        "open",
        "open, with a larger size",
        "at its margin, with a larger size",
        "at its margin, which nothing settles",
        "a control that fails",
        "a control that fails, with a larger size",
        "open and scaled",
    ],
)
def test_an_open_or_scaled_word_names_what_would_settle_it(
    trained, made, verdict, commands
):
    found = settling(trained(**made).costs, claim(), verdict)
    expected = [f"make report NAME=depth{each}" for each in commands]
    assert [each.command for each in found] == expected


def test_a_claim_about_a_gpu_names_it(simulated):
    about = claim(source_size=Size(device="gpu"))
    (found,) = settling(simulated.costs, about, SCALED)
    assert found.command == "make report NAME=sums DEVICE=gpu"
    assert (found.device, found.hours) == ("GPU", None)
    assert 'with `Size(device="gpu")` in its definition' in found.text
    assert settling(simulated.costs, claim(source_size=Size(units=9)), SCALED) == []


def test_no_seeds_are_named_for_a_part_that_fails_at_a_smaller_size(trained):
    parts = (CONTRADICTED, OPEN)
    both = replace(
        OPEN, word=Word.UNRESOLVED_SCALED, unscaled=Word.UNRESOLVED, parts=parts
    )
    assert settling(trained().costs, claim(Each(LOWER, LOWER)), both) == []
    sure = Control("it learns", Level(measure="test_error", arm=DEEP, below=9), "more")
    controlled = claim(Controlled(Each(LOWER, LOWER), sure))
    both = replace(both, parts=(OPEN, *parts))
    assert settling(trained().costs, controlled, both) == []


def test_the_page_the_terminal_and_claims_csv_tell_it(trained, ledger):
    scaled = claim(replace(LOWER), source_size=Size(examples=60_000))
    page = trained(paper=LARGER, claims=(scaled,))
    book = Book(ledger, [page])
    (judged,) = book.claims(page)
    assert judged.word is Word.REPRODUCED_SCALED
    told = (
        "Larger runs, `make report NAME=depth PROFILE=paper`, take about 6 hours on two"
    )
    assert told in render_page(page, book)["README.md"].decode()
    assert told in " ".join(why(judged).split())
    lines = csv.DictReader(io.StringIO(render_index(book)["claims.csv"].decode()))
    (row,) = (each for each in lines if each["id"] == "t-02")
    assert row["command"] == "make report NAME=depth PROFILE=paper"
    assert (row["device"], row["hours"]) == ("two cores of Some CPU", "6")


def test_larger_runs_that_are_there_are_not_asked_for(trained):
    page = trained(paper=LARGER)
    there = replace(page, definition=page.definition.at("paper"))
    assert replace(there, profile=PROFILES["paper"]).costs.larger is None


def test_a_page_that_judges_nothing_says_first_what_its_source_takes(trained, ledger):
    page = trained(paper=LARGER, claims=())
    _, _, first, *_ = (
        part
        for part in render_page(page, Book(ledger))["README.md"].decode().split("\n\n")
    )
    assert "Smaller than its source.** Larger runs, `make report" in first


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (0.5 / 3_600, "about 0.5 seconds"),
        (1 / 3_600, "about 1 second"),
        (59 / 60, "about 59 minutes"),
        (59.8 / 60, "about 1 hour"),
        (1.24, "about 1.2 hours"),
        (1_020, "about 1,000 hours"),
    ],
)
def test_a_time_is_told_in_two_digits_and_a_fitting_unit(hours, told):
    assert lasting(hours) == told

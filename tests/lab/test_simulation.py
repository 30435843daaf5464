"""Simulations: their randomness is handed in, by the profile that they are run at."""

import pytest
import tiny_study

import study.lab
from study.lab import profiles, registry, simulation
from study.lab.data import generator
from study.lab.identity import simulated

FILE = '''"""A few numbers."""

import pandas as pd

from study.lab.experiment import Simulation
from study.lab.measures import Column


def run(draws, count):
    return pd.DataFrame({"gap": draws(3, "gaps").normal(size=count)})


EXPERIMENT = Simulation(
    title="Numbers",
    claims=(),
    run=run,
    settings={"count": 4},
    measures=(Column("gap"),),
)
'''


@pytest.fixture
def entry(tmp_path):
    return registry.load(tiny_study.write(tmp_path, "numbers", FILE))


@pytest.mark.parametrize(
    ("profile", "stage"),
    [("smoke", "draft"), ("standard", "judge"), ("paper", "judge")],
)
def test_a_profile_has_the_numbers_of_its_stage_on_a_page_and_in_a_notebook(
    entry, profile, stage
):
    _, table = simulation.read(simulation.run(entry, profiles.get(profile)))
    expected = generator(stage, 3, "gaps").normal(size=4).tolist()
    assert table["gap"].tolist() == expected
    assert study.lab.run(entry.definition, profile)["gap"].tolist() == expected


def test_a_draft_has_no_number_in_common_with_a_judged_run(entry):
    draft, judged = (
        {*study.lab.run(entry.definition, each)["gap"]}
        for each in ("smoke", "standard")
    )
    assert len(draft) == len(judged) == 4
    assert draft & judged == set()


def test_a_draft_never_stands_in_for_a_judged_run_of_the_same_settings(entry):
    draft, judged = (simulated(entry.definition, each) for each in ("draft", "judge"))
    assert draft.digest != judged.digest
    assert draft.parts == judged.parts


def test_new_seeds_make_a_simulation_stale(entry):
    assert {"SEED", "generator"} <= {*simulated(entry.definition, "judge").parts}

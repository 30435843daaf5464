"""Golden runs tell when results change, and so when the engine's number is raised."""

import json

import numpy as np
import pytest
from golden import FILE, KINDS, compiled, numbers
from sliced import arrays

from study.lab.declare.version import ENGINE_VERSION
from study.lab.train.loop import Engine

GOLDEN = json.loads(FILE.read_text())
# Float32 carries 6e-8, and 24 steps make 1e-5 of it on another processor; another draw,
# order, rate or mask shows at 1e-2.
TOLERANCE = 1e-4
USUAL = ("stacked",)


def test_the_numbers_are_those_of_this_engine():
    """Where they must change, raise ENGINE_VERSION and write them again."""
    assert GOLDEN["engine"] == ENGINE_VERSION
    assert {*GOLDEN["runs"]} == {*KINDS}


@pytest.mark.parametrize(
    "kind",
    [
        each if each in USUAL else pytest.param(each, marks=pytest.mark.slow)
        for each in KINDS
    ],
)
def test_a_run_of_each_kind_brings_the_numbers_that_it_brought(kind):
    expected = GOLDEN["runs"][kind]
    np.testing.assert_allclose(numbers(kind), expected, rtol=TOLERANCE)


@pytest.mark.slow
def test_an_engine_made_anew_brings_the_same_bits():
    engine, program = compiled("stacked")
    first, again = (
        arrays(each.run(program, lambda *_: None))
        for each in (engine, Engine(engine.experiment))
    )
    assert first == again

"""The table of twins: complete, about things that exist, and right on defaults."""

import importlib
import inspect
import operator
import pkgutil

import keras
import pytest

import study
from study.lab.declare.parity import ROWS
from study.optimizers import differing_defaults
from study.optimizers.defaults import TWINS

OURS = [row for row in ROWS if row.component]
# Functions that tell about components.
ABOUT = ("optimizers.differing_defaults", "optimizers.keras_defaults")
paired = pytest.mark.parametrize(
    ("row", "twin"),
    [
        pytest.param(row, twin, id=f"{row.component} {twin}")
        for row in OURS
        for twin in row.twins
    ],
)


def public():
    """List the paths, below study, of all that the modules offer."""
    for each in pkgutil.iter_modules(study.__path__):
        if each.name not in ("lab", "theory", "__main__"):
            module = importlib.import_module(f"study.{each.name}")
            yield from (f"{each.name}.{name}" for name in module.__all__)


def resolve(twin):
    return operator.attrgetter(twin)(keras)


def test_every_public_component_has_its_row_and_no_other_exists():
    told = [row.component for row in OURS]
    assert sorted(told) == sorted({*public()} - {*ABOUT}), (
        "see study/lab/declare/parity.py"
    )


def test_every_technique_has_one_row_and_someone_who_does_it():
    techniques = [row.technique for row in ROWS]
    assert len({*techniques}) == len(techniques)
    assert all(row.component or row.twins for row in ROWS)


@paired
def test_a_twin_stands_in_keras_and_is_of_the_same_kind(row, twin):
    theirs = resolve(twin)
    assert callable(theirs)
    if inspect.isclass(row.ours) and "schedules" not in row.component:
        base = next(
            each
            for each in (
                keras.layers.Layer,
                keras.optimizers.Optimizer,
                keras.initializers.Initializer,
                keras.regularizers.Regularizer,
                keras.constraints.Constraint,
                keras.losses.Loss,
                keras.callbacks.Callback,
                keras.utils.PyDataset,
            )
            if issubclass(row.ours, each)
        )
        assert issubclass(theirs, base)


@pytest.mark.parametrize("name", TWINS)
def test_an_optimizers_defaults_are_those_that_it_tells_itself(name):
    (row,) = (each for each in OURS if each.component == f"optimizers.{name}")
    assert resolve(row.twins[0]) is TWINS[name][0]
    told = [each[1:] for each in row.differing_defaults()]
    assert told == [each[1:] for each in differing_defaults([row.ours])]


def config(thing):
    """Return the configuration of an object made without arguments, if it can be."""
    try:
        return thing().get_config()
    except (TypeError, AttributeError):
        return None


def test_no_difference_of_the_configs_is_left_out():
    compared = 0
    for row in OURS:
        named = dict(row.named)
        told = {each[:2] for each in row.differing_defaults()}
        for twin in row.twins:
            ours, theirs = config(row.ours), config(resolve(twin))
            if ours is None or theirs is None:
                continue
            compared += 1
            for name in ours.keys() - {"name"}:
                other = theirs.get(named.get(name, name), ours[name])
                # An optimizer's rate comes back from single precision.
                if isinstance(other, float):
                    other = pytest.approx(other)
                assert ours[name] == other or (twin, name) in told
    assert compared > 15


def test_defaults_that_matter_are_listed_with_both_values():
    rows = {
        (row.component, twin, argument): values
        for row in ROWS
        for twin, argument, *values in row.differing_defaults()
    }
    slope = "activations.leaky_relu", "activations.leaky_relu", "negative_slope"
    assert rows[slope] == [0.01, 0.2]
    slope = "activations.leaky_relu", "layers.LeakyReLU", "negative_slope"
    assert rows[slope] == [0.01, 0.3]
    start = "optimizers.AdaGrad", "optimizers.Adagrad", "initial_accumulator_value"
    assert rows[start] == [0.0, 0.1]
    width = "initializers.Normal", "initializers.RandomNormal", "stddev"
    assert rows[width] == [0.01, 0.05]
    same = ("layers.BatchNormalization", "regularizers.L2", "constraints.MaxNorm")
    assert not [each for each in rows if each[0] in same]

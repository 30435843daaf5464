"""Keras's defaults: read from its signatures, and right."""

import keras
import pytest
from walks import OURS, assert_same_path, walk

from study.optimizers import (
    SGD,
    AdaDelta,
    AdaGrad,
    Adam,
    differing_defaults,
    keras_defaults,
)
from study.optimizers.defaults import TWINS

every = pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)


def test_every_optimizer_has_a_twin():
    assert set(TWINS) == {kind.__name__ for kind in OURS}


@every
@pytest.mark.slow
def test_set_like_keras_it_takes_the_steps_of_its_twin_as_keras_makes_it(kind):
    twin, _ = TWINS[kind.__name__]
    rate = {"learning_rate": 0.25}  # else Keras's small ones would hide the rest
    ours = kind(**keras_defaults(kind) | rate)
    # In float32, as Keras rounds it, 1 - 0.999 is known to 3e-5 of itself, and every
    # step to half as much: 1e-4 on a walk of 3 and back.
    assert_same_path(walk(ours), walk(twin(**rate)), tolerance=1e-4)
    assert kind(**keras_defaults(kind)).learning_rate == twin().learning_rate


@every
def test_set_like_keras_its_config_is_its_twins(kind):
    ours = kind(**keras_defaults(kind), name="same").get_config()
    theirs = TWINS[kind.__name__][0](name="same").get_config()
    shared = ours.keys() & theirs.keys()
    assert {name: ours[name] for name in shared} == {
        name: theirs[name] for name in shared
    }


@every
def test_every_difference_listed_is_one_and_no_other_exists(kind):
    rows = {argument: pair for _, argument, *pair in differing_defaults([kind])}
    ours = kind().get_config()
    twin, fixed = TWINS[kind.__name__]
    theirs = twin().get_config() | fixed
    for name in (ours.keys() & theirs.keys()) - {"name"}:
        if name in rows:
            expected = [pytest.approx(each[name]) for each in (ours, theirs)]
            assert rows.pop(name) == expected
        else:
            assert ours[name] == pytest.approx(theirs[name])
    assert not rows


def test_the_papers_values_stand_where_keras_has_others():
    rows = {row[:2]: row[2:] for row in differing_defaults(OURS)}
    assert rows["AdaGrad", "initial_accumulator_value"] == (0.0, 0.1)
    assert rows["AdaDelta", "learning_rate"] == (1.0, 0.001)
    assert rows["AdaDelta", "epsilon"] == (1e-6, 1e-7)
    assert rows["Adam", "epsilon"] == (1e-8, 1e-7)
    assert rows["Nadam", "momentum_decay"] == (0.004, 1.0)
    assert not differing_defaults([SGD])


def test_keras_values_are_read_and_not_remembered(monkeypatch):
    class Changed(keras.optimizers.Adadelta):
        def __init__(self, learning_rate=0.5, rho=0.95, epsilon=1e-6):
            super().__init__(learning_rate, rho, epsilon)

    monkeypatch.setitem(TWINS, "AdaDelta", (Changed, {}))
    assert keras_defaults(AdaDelta) == {"learning_rate": 0.5}


@pytest.mark.parametrize("wrong", [keras.optimizers.Ftrl, "adamax"])
def test_a_stranger_is_refused_with_the_names_of_ours(wrong):
    with pytest.raises(ValueError, match=r"SGD, Momentum, .*Received: optimizer=(F|a)"):
        keras_defaults(wrong)
    with pytest.raises(ValueError, match="one of the classes"):
        differing_defaults([AdaGrad, Adam, wrong])

"""A call that is right for the Keras twin means the same here, or is refused."""

import inspect

import keras
import pytest
from optimizers.walks import OURS

from study import schedules
from study.callbacks import EarlyStopping
from study.constraints import MaxNorm
from study.optimizers.defaults import TWINS
from study.optimizers.optimizer import Optimizer

PAIRS = [
    *((kind, TWINS[kind.__name__][0]) for kind in OURS),
    (MaxNorm, keras.constraints.MaxNorm),
    (EarlyStopping, keras.callbacks.EarlyStopping),
]
# Arguments of a twin that ours has not: another value than ours always has.
LACKING = {
    "SGD": {"momentum": 0.5, "nesterov": True},
    "Momentum": {"nesterov": True},
    "Nesterov": {"nesterov": False},
    "RMSProp": {"momentum": 0.5, "centered": True},
    "Adam": {"amsgrad": True},
}
pairs = pytest.mark.parametrize(
    ("ours", "twin"), PAIRS, ids=[ours.__name__ for ours, _ in PAIRS]
)


def parameters(kind, *kinds):
    return {
        name: each.default
        for name, each in inspect.signature(kind).parameters.items()
        if each.kind in kinds
    }


def positional(kind):
    return parameters(kind, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@pairs
def test_what_is_given_by_position_is_what_the_twin_takes_there(ours, twin):
    mine, theirs = [*positional(ours)], [*positional(twin)]
    assert mine == theirs[: len(mine)]


@pairs
def test_a_call_with_more_positions_is_refused(ours, twin):
    everything = [*positional(twin).values()]
    if len(positional(ours)) == len(everything):
        ours(*everything)
        return
    with pytest.raises(TypeError, match="positional arguments"):
        ours(*everything)


@pairs
def test_every_argument_of_the_twin_is_taken_by_name_or_refused_by_name(ours, twin):
    lacking = LACKING.get(ours.__name__, {})
    for name, default in positional(twin).items():
        if name not in lacking:
            ours(**{name: default})
            continue
        with pytest.raises(ValueError, match=rf"`{name}` .*keras\.optimizers\..*Rec"):
            ours(**{name: lacking[name]})


@pytest.mark.parametrize("name", LACKING)
def test_the_value_that_ours_always_has_may_be_said(name):
    kind = next(each for each in OURS if each.__name__ == name)
    assert issubclass(kind, Optimizer)
    assert {each for each, *_ in kind.lacks} == {*LACKING[name]}
    said = {each: value for each, value, _ in kind.lacks}
    assert kind(**said, name="same").get_config() == kind(name="same").get_config()


def test_an_optimizer_comes_from_the_config_of_its_twin():
    for kind in OURS:
        twin, fixed = TWINS[kind.__name__]
        options = {"nesterov": True} if kind.__name__ == "Nesterov" else {}
        config = twin(**options, name="same").get_config()
        ours = kind.from_config(config | fixed).get_config()
        assert {name: ours[name] for name in ours.keys() & config.keys()} == {
            name: config[name] for name in ours.keys() & config.keys()
        }


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("StepLR", (0.1, 1_000, 0.5)),  # ExponentialDecay
        ("StepLR", (0.1, 1_000, 0.5, True)),
        ("StepLR", (0.1, 1_000, 1, True)),
        ("LinearDecay", (0.1, 1_000, 0.001)),  # PolynomialDecay
        ("LinearDecay", (0.1, 1_000, 0.001, 2.0)),
        ("LinearDecay", (0.1, 1_000, 0.001, 1, True)),
        ("ReciprocalDecay", (0.1, 1_000, 0.5)),  # InverseTimeDecay
        ("ReciprocalDecay", (0.1, 1_000, 1, True)),
        ("LambdaLR", (lambda epoch: 0.1,)),  # LearningRateScheduler
        ("LambdaLR", (lambda epoch: 0.1, 1)),
        ("MultiplicativeLR", (lambda epoch, rate: 0.1, 1)),
    ],
)
def test_a_schedule_refuses_the_positions_of_its_twin(name, arguments):
    with pytest.raises((TypeError, ValueError)):
        getattr(schedules, name)(*arguments)

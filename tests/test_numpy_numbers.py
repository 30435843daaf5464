"""NumPy's numbers work as Python's, in every argument of what trains a model."""

import inspect
import json

import keras
import numpy as np
import pytest
from optimizers.walks import OURS, walk

from study import callbacks, constraints, schedules
from study.datasets import Reshuffled
from study.optimizers import SGD, newton

# Values that float32 holds exactly.
FLOATS = (np.float32, np.float64, np.asarray)
INTEGERS = (np.int64, np.uint8, np.asarray)
BASE = inspect.signature(keras.optimizers.Optimizer.__init__).parameters
BASE_NUMBERS = {
    "weight_decay": 0.5,
    "clipnorm": 0.5,
    "clipvalue": 0.5,
    "global_clipnorm": 0.5,
    "ema_momentum": 0.5,
    "ema_overwrite_frequency": 2,
    "loss_scale_factor": 4.0,
    "gradient_accumulation_steps": 2,
}


def forms(value):
    """Yield a number as NumPy has it."""
    if isinstance(value, tuple):
        for each in zip(*map(forms, value), strict=True):
            yield each
            yield np.asarray(each)
        return
    for form in INTEGERS if isinstance(value, int) else FLOATS:
        yield form(value)


def is_plain(value):
    if isinstance(value, list):
        return all(map(is_plain, value))
    return type(value) in (int, float)


def numbers(kind):
    """Return a valid value for every number among an optimizer's arguments."""
    own = {
        name: 0.25
        for name, each in inspect.signature(kind.__init__).parameters.items()
        if isinstance(each.default, float)
    }
    return own | BASE_NUMBERS


def test_the_numbers_of_every_keras_optimizer_are_listed():
    others = {"self", "learning_rate", "use_ema", "name", "args", "kwargs"}
    known = inspect.signature(keras.optimizers.SGD.__init__).parameters
    assert {*known} - others - {"momentum", "nesterov"} == {*BASE_NUMBERS}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        pytest.param(
            kind,
            name,
            id=f"{kind.__name__}-{name}",
            # Those of the base class by one optimizer, its own by each.
            marks=() if kind is SGD or name not in BASE_NUMBERS else pytest.mark.slow,
        )
        for kind in OURS
        for name in numbers(kind)
    ],
)
def test_an_optimizer_takes_them(kind, name):
    value = numbers(kind)[name]
    ema = {"use_ema": True} if name.startswith("ema") else {}
    optimizer = kind(**{name: value}, **ema, name="same")
    for each in forms(value):
        same = kind(**{name: each}, **ema, name="same")
        assert same.get_config() == optimizer.get_config()
        json.dumps(same.get_config())
    assert (walk(same, 2) == walk(optimizer, 2)).all()


SCHEDULES = {
    "LambdaLR": (0.5, lambda epoch: np.float64(0.25), 2, 3),
    "LinearDecay": (0.5, 0.25, 3, 2),
    "MultiplicativeLR": (0.5, lambda epoch: np.float32(0.25), 2, 3),
    "ReciprocalDecay": (0.5, 2),
    "StepLR": (0.5, 2, 1, 0.25),
}


@pytest.mark.parametrize("name", schedules.__all__)
def test_a_schedule_takes_them(name):
    kind = getattr(schedules, name)
    signature = inspect.signature(kind)
    arguments = dict(zip(signature.parameters, SCHEDULES[name], strict=True))
    expected = kind(**arguments)
    for argument, value in arguments.items():
        if callable(value):
            continue
        for each in forms(value):
            schedule = kind(**arguments | {argument: each})
            assert type(getattr(schedule, argument)) is type(value)
            assert getattr(schedule, argument) == value
            assert float(schedule(3)) == float(expected(3))


CONSTRAINTS = {"MaxNorm": {"max_value": 0.5, "axis": 1}, "ProximalL1": {"threshold": 1}}
W = np.linspace(-2, 2, 12, dtype="float32").reshape(3, 4)


@pytest.mark.parametrize("name", constraints.__all__)
def test_a_constraint_takes_them(name):
    kind, arguments = getattr(constraints, name), CONSTRAINTS[name]
    assert {*inspect.signature(kind).parameters} == {*arguments}
    expected = keras.ops.convert_to_numpy(kind(**arguments)(W))
    for argument, value in arguments.items():
        for each in forms(value):
            constraint = kind(**arguments | {argument: each})
            assert all(map(is_plain, constraint.get_config().values()))
            found = keras.ops.convert_to_numpy(constraint(W))
            np.testing.assert_array_equal(found, expected)


def test_max_norm_takes_several_axes_of_numpy():
    for axes in (np.array([0, 1]), (np.int64(0), np.int64(1))):
        constraint = constraints.MaxNorm(0.5, axes)
        assert constraint.get_config()["axis"] == [0, 1]


OTHERS = {"x", "y", "loss", "log_dir", "monitor", "mode", "restore_best_weights"}
OTHERS |= {"options"}  # of the next class in line
CALLBACKS = {
    "bins": 3,
    "range": (-0.5, 0.5),
    "margin": 0.25,
    "every": 2,
    "min_delta": 0.25,
    "patience": 2,
    "verbose": 1,
    "baseline": 0.5,
    "start_from_epoch": 1,
}


@pytest.mark.parametrize("name", callbacks.__all__)
def test_a_callback_takes_them(name):
    kind = getattr(callbacks, name)
    parameters = {*inspect.signature(kind).parameters}
    needed = {each: W for each in ("x", "y") if each in parameters}
    for argument in parameters - OTHERS:
        for each in forms(CALLBACKS[argument]):
            callback = kind(**needed | {argument: each})
            kept = getattr(callback, argument)
            assert is_plain(kept)
            assert kept == pytest.approx(CALLBACKS[argument])


def test_a_data_set_takes_them():
    expected = Reshuffled(W, batch_size=2, seed=3)
    for size, seed in zip(forms(2), forms(3), strict=True):
        found = Reshuffled(W, batch_size=size, seed=seed)
        assert is_plain(found.batch_size)
        assert (found[1][0] == expected[1][0]).all()


@pytest.mark.parametrize("name", ["damping", "steps", "tolerance"])
def test_newtons_method_takes_them_and_keeps_its_precision(name):
    arguments = {"damping": 0.5, "steps": 2, "tolerance": 0.0}
    start = np.array([1.0, 2.0], "float32")

    def path(**changed):
        def bowl(x):
            return keras.ops.sum(x**4)

        return newton(bowl, start, **arguments | changed).path

    for each in forms(arguments[name]):
        found = path(**{name: each})
        assert found.dtype == "float32"
        np.testing.assert_array_equal(found, path())


@pytest.mark.parametrize("wrong", [True, "0.5", None, np.array([0.5]), np.nan])
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *(
            (kind, name)
            for kind in OURS
            for name in numbers(kind)
            if hasattr(kind(), name)
            and name not in BASE_NUMBERS
            and name != "learning_rate"
        ),
        (lambda initial: schedules.ReciprocalDecay(initial, 1), "initial"),
        (constraints.MaxNorm, "max_value"),
        (constraints.ProximalL1, "threshold"),
    ],
)
def test_what_is_no_number_is_refused(kind, name, wrong):
    with pytest.raises(ValueError, match=r"expected a.*number.*Received: "):
        kind(**{name: wrong})


@pytest.mark.parametrize("wrong", [True, 2.0, np.float64(2), "2", None, [2], 0])
@pytest.mark.parametrize(
    "make",
    [
        lambda each: schedules.ReciprocalDecay(0.1, each),
        lambda each: callbacks.WeightNorms(every=each),
        lambda each: Reshuffled(W, batch_size=each),
    ],
)
def test_what_is_no_count_is_refused(make, wrong):
    with pytest.raises(ValueError, match=r"expected a positive integer\. Received: "):
        make(wrong)

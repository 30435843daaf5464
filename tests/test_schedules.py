"""Schedules: PyTorch's sequences, closed formulas, Keras twins, saving, training."""

import math

import keras
import numpy as np
import pytest
from autodiff import numpy
from compiling import JITS
from feeding import batches
from twins import assert_equal_training, train

from study.schedules import (
    LambdaLR,
    LinearDecay,
    MultiplicativeLR,
    ReciprocalDecay,
    StepLR,
)

EPOCHS = 200


@keras.saving.register_keras_serializable(package="test_schedules")
def decaying(epoch):
    return 0.95**epoch


@keras.saving.register_keras_serializable(package="test_schedules")
def wavering(epoch):
    return 1 + 0.1 * math.sin(epoch)


def make(steps):
    """One schedule of each kind, of `steps` steps an epoch."""
    return {
        "LambdaLR": LambdaLR(0.3, decaying, steps, EPOCHS),
        "MultiplicativeLR": MultiplicativeLR(0.3, wavering, steps, EPOCHS),
        "StepLR": StepLR(0.05, step_size=30, steps_per_epoch=steps),
        "LinearDecay": LinearDecay(0.3, 0.003, decay_epochs=70, steps_per_epoch=steps),
        "ReciprocalDecay": ReciprocalDecay(0.3, steps),
    }


def closed_formulas():
    factors = [1.0, *(wavering(epoch) for epoch in range(1, EPOCHS))]
    ramp = [min(epoch / 70, 1) for epoch in range(EPOCHS)]
    return {
        "LambdaLR": [0.3 * 0.95**epoch for epoch in range(EPOCHS)],
        "MultiplicativeLR": [0.3 * math.prod(factors[: i + 1]) for i in range(EPOCHS)],
        "StepLR": [0.05 * 0.1 ** (epoch // 30) for epoch in range(EPOCHS)],
        "LinearDecay": [(1 - alpha) * 0.3 + alpha * 0.003 for alpha in ramp],
        "ReciprocalDecay": [0.3 / k for k in range(1, EPOCHS + 1)],
    }


def sequence(schedule, steps):
    """The learning rate of every one of so many steps."""
    return numpy(keras.ops.vectorized_map(schedule, keras.ops.arange(steps)))


def assert_equal_rates(ours, wanted):
    # A few roundings of single precision: of the rate, as a power repeats gamma's six
    # times, and of the initial 0.3, as the line takes shares of it.
    np.testing.assert_allclose(ours, wanted, rtol=1e-6, atol=0.3 * 2**-23)


kinds = pytest.mark.parametrize("kind", make(1))


@kinds
@pytest.mark.parametrize("steps", [1, 3])
def test_200_epochs_follow_the_closed_formula_step_by_step(kind, steps):
    rates = sequence(make(steps)[kind], EPOCHS * steps).reshape(EPOCHS, steps)
    wanted = np.asarray(closed_formulas()[kind])
    assert_equal_rates(rates, np.repeat(wanted[:, None], steps, axis=1))


@kinds
def test_epoch_0_has_the_initial_learning_rate(kind):
    schedule = make(5)[kind]
    initial = np.float32(schedule.initial_learning_rate)
    assert sequence(schedule, 5).tolist() == [initial] * 5
    assert float(schedule(5)) != initial or kind == "StepLR"


@pytest.mark.parametrize(
    ("kind", "name", "arguments"),
    [
        ("LambdaLR", "LambdaLR", {"lr_lambda": decaying}),
        ("MultiplicativeLR", "MultiplicativeLR", {"lr_lambda": wavering}),
        ("StepLR", "StepLR", {"step_size": 30}),
        (
            "LinearDecay",
            "LinearLR",
            {"start_factor": 1.0, "end_factor": 0.01, "total_iters": 70},
        ),
        ("ReciprocalDecay", "LambdaLR", {"lr_lambda": lambda e: 1 / (e + 1)}),
    ],
)
def test_200_epochs_are_those_of_pytorch(kind, name, arguments):
    torch = pytest.importorskip("torch")
    schedule = make(1)[kind]
    optimizer = torch.optim.SGD(
        [torch.zeros(1, requires_grad=True)], lr=schedule.initial_learning_rate
    )
    scheduler = getattr(torch.optim.lr_scheduler, name)(optimizer, **arguments)
    theirs = []
    for _ in range(EPOCHS):
        theirs.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    assert_equal_rates(sequence(schedule, EPOCHS), theirs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            StepLR(0.05, step_size=2, steps_per_epoch=3),
            keras.optimizers.schedules.ExponentialDecay(0.05, 6, 0.1, staircase=True),
        ),
        (
            LinearDecay(0.3, 0.003, decay_epochs=7, steps_per_epoch=1),
            keras.optimizers.schedules.PolynomialDecay(0.3, 7, 0.003, power=1.0),
        ),
        (
            ReciprocalDecay(0.3, steps_per_epoch=3),
            keras.optimizers.schedules.InverseTimeDecay(0.3, 3, 1.0, staircase=True),
        ),
        (
            ReciprocalDecay(0.3, steps_per_epoch=1),
            keras.optimizers.schedules.InverseTimeDecay(0.3, 1, 1.0),
        ),
    ],
    ids=["StepLR", "LinearDecay", "ReciprocalDecay", "ReciprocalDecay of steps"],
)
@pytest.mark.usual("LinearDecay")
def test_the_keras_twin_gives_the_same_rates_and_the_same_training(ours, theirs):
    rates = [float(theirs(step)) for step in range(40)]
    np.testing.assert_allclose(sequence(ours, 40), rates, rtol=2e-6)
    assert_equal_training(
        train(keras.optimizers.SGD(ours)), train(keras.optimizers.SGD(theirs))
    )


@pytest.mark.parametrize("kind", ["LambdaLR", "MultiplicativeLR"])
def test_epochs_beyond_the_declared_ones_keep_the_last_rate(kind):
    schedule = {"LambdaLR": LambdaLR, "MultiplicativeLR": MultiplicativeLR}[kind](
        0.8, lambda epoch: 0.5, steps_per_epoch=2, epochs=3
    )
    epochs = {"LambdaLR": [0.4, 0.4, 0.4], "MultiplicativeLR": [0.8, 0.4, 0.2]}[kind]
    wanted = [*np.repeat(epochs, 2), epochs[-1], epochs[-1], epochs[-1]]
    np.testing.assert_allclose(sequence(schedule, 9), wanted, rtol=1e-6)


def test_a_multiplicative_function_is_not_asked_about_epoch_0():
    asked = []
    MultiplicativeLR(1.0, lambda epoch: asked.append(epoch) or 1.0, 1, epochs=4)
    assert asked == [1, 2, 3]


def test_a_schedule_of_one_epoch_is_constant():
    for kind in (LambdaLR, MultiplicativeLR):
        schedule = kind(0.25, lambda epoch: 1.0, steps_per_epoch=1, epochs=1)
        assert sequence(schedule, 3).tolist() == [0.25] * 3


@pytest.mark.parametrize(("gamma", "later"), [(0.0, 0.0), (1.0, 0.5), (2.0, 1.0)])
def test_gamma_may_stop_keep_or_raise_the_rate(gamma, later):
    schedule = StepLR(0.5, step_size=1, steps_per_epoch=1, gamma=gamma)
    assert sequence(schedule, 2).tolist() == [0.5, later]


def test_a_decay_within_one_epoch_jumps_to_the_end():
    schedule = LinearDecay(0.5, 0.0, decay_epochs=1, steps_per_epoch=2)
    assert sequence(schedule, 5).tolist() == [0.5, 0.5, 0, 0, 0]


def test_steps_are_counted_beyond_single_precision():
    # 2**24 + 1 has no place in single precision, where it would count as 2**24.
    schedule = LinearDecay(1.0, 0.0, 2, steps_per_epoch=2**24 + 1)
    assert [float(schedule(step)) for step in (2**24, 2**24 + 1)] == [1.0, 0.5]


def test_the_sum_of_reciprocal_rates_grows_and_that_of_their_squares_does_not():
    rates = sequence(ReciprocalDecay(1.0, 1), 10_000)
    assert rates.sum() == pytest.approx(math.log(10_000) + 0.57721566, abs=1e-3)
    assert (rates**2).sum() == pytest.approx(math.pi**2 / 6, abs=2e-4)


@kinds
def test_the_initial_rate_is_an_attribute_that_the_call_reads(kind):
    schedule = make(1)[kind]
    before = float(schedule(3))
    initial = schedule.initial_learning_rate
    schedule.initial_learning_rate = keras.ops.convert_to_tensor(2 * initial)
    wanted = (
        before + (1 - 3 / 70 if kind == "LinearDecay" else before / initial) * initial
    )
    assert float(schedule(3)) == pytest.approx(wanted, rel=1e-5)


@kinds
def test_it_comes_back_from_its_config(kind):
    schedule = make(3)[kind]
    config = keras.optimizers.schedules.serialize(schedule)
    again = keras.optimizers.schedules.deserialize(config)
    assert type(again) is type(schedule)
    assert again.get_config() == schedule.get_config()
    assert sequence(again, 50).tolist() == sequence(schedule, 50).tolist()


@kinds
def test_an_optimizer_takes_the_rate_of_its_step_in_fit(kind):
    schedule = make(2)[kind]
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(schedule), "mse", jit_compile=JITS)
    rates = []
    read = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: rates.append(
            float(model.optimizer.learning_rate)
        )
    )
    # 7 examples in batches of 4 are 2 steps; the rate at an epoch's end is the next's.
    fed = batches(np.ones((7, 1)), np.ones(7), 4)
    model.fit(**fed, epochs=4, verbose=0, callbacks=[read])
    assert rates == pytest.approx(closed_formulas()[kind][1:5], rel=1e-6)


@pytest.mark.parametrize("function", [lambda epoch: 1.0, math.sqrt, len])
def test_a_function_without_a_registered_name_is_refused_when_saved(function):
    schedule = LambdaLR(0.1, lambda epoch: 1.0, 1, 1)
    schedule.lr_lambda = function
    message = r"`lr_lambda` is saved by its name: .*register_keras_serializable"
    with pytest.raises(ValueError, match=message):
        schedule.get_config()


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: ReciprocalDecay(-0.1, 1),
            r"`initial_learning_rate` .*from 0 up.*initial_learning_rate=-0\.1",
        ),
        (lambda: ReciprocalDecay(float("inf"), 1), r"finite.*=inf"),
        (lambda: ReciprocalDecay(0.1, 0), r"`steps_per_epoch` .*positive integer.*=0"),
        (lambda: ReciprocalDecay(0.1, 2.5), r"`steps_per_epoch` .*=2\.5"),
        (lambda: StepLR(0.1, 0, 1), r"`step_size` .*positive integer.*step_size=0"),
        (lambda: StepLR(0.1, 1, 1, gamma=-1), r"`gamma` .*from 0 up.*gamma=-1"),
        (lambda: LinearDecay(0.1, 0.01, 0, 1), r"`decay_epochs` .*decay_epochs=0"),
        (
            lambda: LinearDecay(0.1, -0.01, 1, 1),
            r"`end_learning_rate` .*from 0 up.*end_learning_rate=-0\.01",
        ),
        (lambda: LambdaLR(0.1, decaying, 1, 0), r"`epochs` .*positive.*epochs=0"),
        (lambda: MultiplicativeLR(0.1, decaying, 1, -1), r"`epochs` .*epochs=-1"),
    ],
)
def test_arguments_out_of_range_are_refused(build, message):
    with pytest.raises(ValueError, match=message):
        build()


# A monitored loss that improves, stays, improves by too little, and gets worse.
LOSSES = [1.0, 0.9, *[0.9] * 6, 0.89995, 0.8, *[0.95] * 9]


def plateau_rates(**arguments):
    """The rates after each epoch under Keras's callback, as the module describes it."""
    callback = keras.callbacks.ReduceLROnPlateau(monitor="loss", **arguments)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1.0), "mean_squared_error")
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, loss in enumerate(LOSSES):
        callback.on_epoch_end(epoch, {"loss": loss})
        rates.append(float(model.optimizer.learning_rate))
    return rates


def test_keras_waits_for_a_plateau_of_patience_epochs():
    # The best is set in epochs 1 and 9; waits of 3 end in epochs 4, 7, 12, 15 and 18.
    expected = [1.0] * 4 + [0.5] * 3 + [0.25] * 5 + [0.125] * 3 + [0.0625] * 3
    assert plateau_rates(factor=0.5, patience=3) == [*expected, 0.03125]


def test_pytorch_waits_one_epoch_longer():
    torch = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, factor=0.5, patience=2, threshold_mode="abs"
    )
    theirs = []
    for loss in LOSSES:
        scheduler.step(loss)
        theirs.append(optimizer.param_groups[0]["lr"])
    assert plateau_rates(factor=0.5, patience=3) == theirs

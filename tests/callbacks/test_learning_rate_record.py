"""LearningRateRecord: the rate that an epoch began with, whoever set it."""

import keras
import pytest
from recorded import again, events, fit, network, scalars

from study.callbacks import LearningRateRecord
from study.optimizers import SGD
from study.schedules import ReciprocalDecay, StepLR

RATES = [0.08, 0.08, 0.04, 0.04, 0.02]


# PyTorch takes one step at a time.
STEPS = [1] if keras.backend.backend() == "torch" else [1, 2]


@pytest.mark.parametrize("steps", STEPS)
def test_it_records_the_rates_of_a_schedule(steps):
    # 11 examples, 4 a batch: 3 steps an epoch.
    schedule = StepLR(0.08, step_size=2, steps_per_epoch=3, gamma=0.5)
    record = LearningRateRecord()
    model = network(keras.optimizers.SGD(schedule), steps_per_execution=steps)
    fit(model, record)
    assert record.history["learning_rate"] == pytest.approx(RATES)
    assert record.history["epoch"] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("steps", STEPS)
@pytest.mark.usual("2")
def test_of_batches_that_make_an_update_it_records_the_rate_that_is_taken(steps):
    # 3 batches an epoch; updates are at batches 4, 9 and 14, counted from 0.
    schedule = ReciprocalDecay(1.0, steps_per_epoch=1)
    optimizer = SGD(schedule, gradient_accumulation_steps=5)
    record = LearningRateRecord()
    fit(network(optimizer, steps_per_execution=steps), record)
    rates = [float("nan"), 1 / 5, float("nan"), 1 / 10, 1 / 15]
    assert record.history["learning_rate"] == pytest.approx(rates, nan_ok=True)


def test_what_is_recorded_is_what_moves_a_weight_also_under_accumulation():
    # The loss is the one weight itself, which falls by the rate.
    ones = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    model = keras.Sequential([keras.Input((1,)), ones])
    schedule = ReciprocalDecay(0.5, steps_per_epoch=2)
    optimizer = SGD(schedule, gradient_accumulation_steps=3)
    model.compile(optimizer, lambda y, output: output, run_eagerly=True)
    x = keras.ops.ones((3, 1))
    record, falls, rates = LearningRateRecord(), [], []
    for _ in range(4):  # epochs of three batches, which make an update
        before = ones.kernel.numpy().item()
        model.fit(x, x, 1, verbose=0, callbacks=[record])
        falls.append(before - ones.kernel.numpy().item())
        rates += record.history["learning_rate"]
    assert rates == pytest.approx(falls, rel=1e-5)
    last = [0.5 / ((3 * update + 2) // 2 + 1) for update in range(4)]
    assert rates == pytest.approx(last, rel=1e-6)


@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_it_records_the_rates_of_a_callback_on_either_side_of_it(first):
    record = LearningRateRecord()
    setting = keras.callbacks.LearningRateScheduler(lambda epoch: RATES[epoch])
    fit(again(), *([record, setting] if first else [setting, record]))
    assert record.history["learning_rate"] == pytest.approx(RATES)


@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_it_records_the_rates_that_plateaus_lead_to(first):
    record = LearningRateRecord()
    # Nothing improves by a million: after one epoch, each epoch is a plateau.
    plateau = keras.callbacks.ReduceLROnPlateau(
        "loss", factor=0.5, patience=1, min_delta=1e6
    )
    model = network(keras.optimizers.SGD(0.08))
    fit(model, *([record, plateau] if first else [plateau, record]))
    assert record.history["learning_rate"] == pytest.approx(
        [0.08, 0.08, 0.04, 0.02, 0.01]
    )


def test_mixed_precision_hides_no_rate():
    previous = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = network(keras.optimizers.SGD(0.08))
        record = LearningRateRecord()
        fit(model, record, epochs=2)
    finally:
        keras.config.set_dtype_policy(previous)
    assert record.history["learning_rate"] == pytest.approx([0.08, 0.08])


def test_events_have_the_same_values(tmp_path):
    record = LearningRateRecord(every=2, log_dir=tmp_path)
    setting = keras.callbacks.LearningRateScheduler(lambda epoch: RATES[epoch])
    fit(again(), setting, record)
    folder = tmp_path / "learning_rate"
    assert events(folder).Tags()["scalars"] == ["learning_rate/learning_rate"]
    steps, values = scalars(folder, "learning_rate/learning_rate")
    assert steps == [1, 3]
    assert values == pytest.approx([RATES[1], RATES[3]])

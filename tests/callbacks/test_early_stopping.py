"""EarlyStopping and Patience: when they stop, what they restore, and Keras's twin."""

import types

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recorded import X, Y, again, events, fit, network, scalars

from study.callbacks import EarlyStopping
from study.callbacks.early_stopping import Patience

VALIDATION = (X[:6], -Y[:6])  # contradicts the training set: it soon gets worse


class Weights(keras.callbacks.Callback):
    """Keep the weights of every epoch."""

    def on_train_begin(self, logs=None):
        self.epochs = []

    def on_epoch_end(self, epoch, logs=None):
        self.epochs.append(self.model.get_weights())


def run(stopping, losses, name="val_loss"):
    """Return after which epoch a callback stops, given what is logged."""
    model = types.SimpleNamespace(stop_training=False, get_weights=list)
    stopping.set_model(model)
    stopping.on_train_begin()
    for epoch, loss in enumerate(losses):
        stopping.on_epoch_end(epoch, {name: float(loss)})
        if model.stop_training:
            return epoch
    return None


def same(ours, theirs):
    return all(np.array_equal(*each) for each in zip(ours, theirs, strict=True))


@pytest.mark.parametrize(
    ("patience", "stop"), [(0, 2), (1, 2), (2, 5), (3, 6), (4, None)]
)
def test_it_stops_after_so_many_epochs_in_a_row_without_improvement(patience, stop):
    losses = [0.9, 0.5, 0.6, 0.4, 0.7, 0.4, 0.5]
    stopping = EarlyStopping(patience=patience)
    assert run(stopping, losses) == stop
    assert stopping.stopped_epoch == (stop or 0)
    assert stopping.best_epoch == (1 if stop == 2 else 3)
    assert stopping.best == (0.5 if stop == 2 else 0.4)


@pytest.mark.parametrize("patience", [0, 3])
def test_fit_ends_with_the_weights_of_the_best_epoch(patience):
    model, weights = again(), Weights()
    stopping = EarlyStopping(patience=patience)
    history = fit(
        model, stopping, weights, epochs=40, validation_data=VALIDATION
    ).history["val_loss"]
    best = int(np.argmin(history))
    assert len(history) < 40
    assert len(history) - 1 - best == max(patience, 1)
    assert (stopping.best_epoch, stopping.best) == (best, history[best])
    assert same(model.get_weights(), weights.epochs[best])
    assert not same(model.get_weights(), weights.epochs[-1])
    loss = model.evaluate(*VALIDATION, verbose=0)
    assert loss == pytest.approx(history[best], rel=1e-5)


def test_it_restores_averaged_weights_only_where_these_are_swapped_in_first():
    def trained(*callbacks, averaged=True):
        model = network(keras.optimizers.SGD(0.01, use_ema=averaged, ema_momentum=0.5))
        fit(model, *callbacks, epochs=1, validation_data=VALIDATION)
        return model.get_weights()

    plain, average = trained(averaged=False), trained()
    assert not same(plain, average)
    assert same(trained(EarlyStopping()), plain)
    swap = keras.callbacks.SwapEMAWeights(swap_on_epoch=True)
    swapped = trained(swap, EarlyStopping())
    rounded = 4 * np.finfo("float32").eps  # it swaps by adding and subtracting
    for ours, theirs in zip(swapped, average, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=rounded)


@pytest.mark.slow
def test_the_best_weights_are_restored_although_training_was_not_stopped():
    model, weights = again(), Weights()
    stopping = EarlyStopping(patience=100)
    fit(model, stopping, weights, epochs=20, validation_data=VALIDATION)
    assert stopping.stopped_epoch == 0
    assert stopping.best_epoch < 19
    assert same(model.get_weights(), weights.epochs[stopping.best_epoch])


def test_the_last_weights_are_kept_when_that_is_asked_for():
    model, weights = again(), Weights()
    stopping = EarlyStopping(restore_best_weights=False)
    fit(model, stopping, weights, epochs=20, validation_data=VALIDATION)
    assert 0 < stopping.stopped_epoch == len(weights.epochs) - 1
    assert same(model.get_weights(), weights.epochs[-1])


@pytest.mark.parametrize("patience", [pytest.param(0, marks=pytest.mark.slow), 2])
@pytest.mark.parametrize("restore", [True, False], ids=["restore", "keep"])
def test_fit_ends_as_with_the_callback_of_keras(patience, restore):
    ours = EarlyStopping(patience=patience, restore_best_weights=restore)
    theirs = keras.callbacks.EarlyStopping(
        patience=patience, restore_best_weights=restore
    )
    ran, ended = [], []
    for each in (ours, theirs):
        kept = fit(again(), each, epochs=30, validation_data=VALIDATION)
        ran.append(kept.history["val_loss"])
        ended.append(kept.model.get_weights())
    assert ran[0] == ran[1]
    assert len(ran[0]) < 30
    assert same(*ended)


VALUES = st.integers(-8, 8).map(lambda each: each / 4)  # exact in single precision


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    first=VALUES,
    rest=st.lists(VALUES | st.just(np.nan) | st.just(np.inf), max_size=12),
    patience=st.integers(0, 4),
    min_delta=st.sampled_from([0.0, 0.25, 1.0]),
    mode=st.sampled_from(["min", "max"]),
)
def test_patience_and_both_callbacks_decide_alike(
    first, rest, patience, min_delta, mode
):
    options = {"patience": patience, "min_delta": min_delta, "mode": mode}
    values = [first, *rest]
    theirs = keras.callbacks.EarlyStopping(restore_best_weights=False, **options)
    ours = EarlyStopping(restore_best_weights=False, **options)
    stops = [run(each, values) for each in (theirs, ours)]
    rule, stop = Patience(**options), None
    for number, value in enumerate(values):
        _, stopped = rule.update([value])
        if stop is None and stopped[0]:
            stop = number
    assert stops == [stop, stop]
    assert theirs.best == ours.best == rule.best[0]
    assert theirs.best_epoch == ours.best_epoch == rule.best_update[0]


def test_each_run_of_a_stack_is_decided_as_it_would_be_alone():
    values = np.random.default_rng(1).normal(size=(25, 13))
    limits = np.random.default_rng(2).integers(0, 6, size=13).astype(float)
    limits[-1] = np.inf
    rule, alone = Patience(limits, 0.1), [Patience(each, 0.1) for each in limits]
    seen = []
    for row in values:
        improved, stopped = rule.update(row)
        for run_, each in enumerate(alone):
            one, over = each.update(row[run_])
            assert (bool(one), bool(over)) == (improved[run_], stopped[run_])
        seen.append(stopped.mean())
    assert 0 < seen[3] < seen[-1] == 12 / 13
    np.testing.assert_array_equal(rule.best, [each.best for each in alone])
    np.testing.assert_array_equal(
        rule.best_update, [each.best_update for each in alone]
    )


def test_a_run_that_has_stopped_never_improves_again():
    rule = Patience(0)
    rule.update([1.0, 1.0])
    rule.update([2.0, 0.5])
    improved, stopped = rule.update([0.0, 0.25])
    assert improved.tolist() == [False, True]
    assert stopped.tolist() == [True, False]
    assert rule.best.tolist() == [1.0, 0.25]
    assert rule.best_update.tolist() == [0, 2]


@pytest.mark.parametrize(("mode", "worst"), [("min", np.inf), ("max", -np.inf)])
def test_a_first_value_that_is_not_a_number_can_be_improved_on(mode, worst):
    values = [np.nan, 3.0, 3.0, 3.0]
    ours, rule = EarlyStopping(patience=2, mode=mode), Patience(2, mode=mode)
    assert run(ours, values[:1]) is None
    rule.update(values[:1])
    assert ours.best == rule.best[0] == worst
    assert run(ours, values) == 3
    assert (ours.best, ours.best_epoch) == (3.0, 1)
    stops = [rule.update([each])[1][0] for each in values[1:]]
    assert stops == [False, False, True]
    theirs = keras.callbacks.EarlyStopping(
        patience=2, mode=mode, restore_best_weights=True
    )
    assert run(theirs, values) == 2  # at 3.0, which is no improvement to it
    assert run(EarlyStopping(patience=2, mode=mode), [np.nan] * 5) == 2


def test_any_logged_quantity_is_monitored_in_the_direction_of_its_name():
    stopping = EarlyStopping("val_accuracy", patience=0, mode="max")
    assert run(stopping, [0.5, 0.6, 0.6, 0.9], "val_accuracy") == 2
    model = network(metrics=["mean_absolute_error", keras.metrics.R2Score()])
    for name, better in (
        ("val_mean_absolute_error", np.argmin),
        ("r2_score", np.argmax),
    ):
        stopping = EarlyStopping(name, patience=50)
        kept = fit(model, stopping, epochs=3, validation_data=VALIDATION).history
        assert stopping.best_epoch == better(kept[name])


def test_the_history_says_how_it_came_to_stop():
    stopping = EarlyStopping(patience=2)
    run(stopping, [0.5, 0.75, 0.25, 0.5, 0.5])
    assert stopping.history == {
        "epoch": [0, 1, 2, 3, 4],
        "value": [0.5, 0.75, 0.25, 0.5, 0.5],
        "best": [0.5, 0.5, 0.25, 0.25, 0.25],
        "wait": [0, 1, 0, 1, 2],
    }


def test_events_have_the_same_values(tmp_path):
    stopping = EarlyStopping(patience=2, log_dir=tmp_path)
    fit(again(), stopping, epochs=30, validation_data=VALIDATION)
    folder = tmp_path / "early_stopping"
    tags = [f"early_stopping/{name}" for name in ("value", "best", "wait")]
    assert events(folder).Tags()["scalars"] == tags
    for tag in tags:
        steps, values = scalars(folder, tag)
        assert steps == stopping.history["epoch"]
        assert values == pytest.approx(stopping.history[tag.split("/")[1]])


def test_without_validation_data_it_says_what_is_missing():
    missing = r"validation_data=.*'val_loss', logged=\['los"
    with (
        pytest.warns(UserWarning, match=r"no 'val_loss' in the first epoch"),
        pytest.raises(ValueError, match=missing),
    ):
        fit(again(), EarlyStopping(), epochs=1)


@pytest.mark.parametrize(
    ("monitor", "logged"),
    [
        ("acuracy", {"loss": 1.0, "accuracy": 0.5}),
        ("val_acuracy", {"loss": 1.0, "val_loss": 1.0, "val_accuracy": 0.5}),
    ],
)
def test_a_quantity_that_others_of_its_kind_come_without_is_missed_at_once(
    monitor, logged
):
    stopping = EarlyStopping(monitor, mode="max")
    stopping.set_model(types.SimpleNamespace())
    stopping.on_train_begin()
    with pytest.raises(ValueError, match=rf"monitor='{monitor}', logged=\["):
        stopping.on_epoch_end(0, logged)


def test_epochs_without_validation_do_not_count():
    """Every second epoch has a value, as with validation_freq=2."""
    losses = [None, 0.5, None, 0.25, None, 0.5, None, 0.5, None, 0.5]

    def stop(stopping):
        model = types.SimpleNamespace(stop_training=False, get_weights=list)
        stopping.set_model(model)
        stopping.on_train_begin()
        for epoch, loss in enumerate(losses):
            logs = {"loss": 1.0} | ({} if loss is None else {"val_loss": loss})
            stopping.on_epoch_end(epoch, logs)
            if model.stop_training:
                return epoch
        return None

    options = {"patience": 2, "restore_best_weights": False}
    ours, theirs = EarlyStopping(**options), keras.callbacks.EarlyStopping(**options)
    with pytest.warns(UserWarning, match="val_loss"):
        assert [stop(ours), stop(theirs)] == [7, 7]
    assert (ours.best, ours.best_epoch) == (theirs.best, theirs.best_epoch) == (0.25, 3)
    assert ours.history["epoch"] == [1, 3, 5, 7]
    assert ours.history["wait"] == [0, 0, 1, 2]


@pytest.mark.slow
def test_fit_with_rare_validation_ends_as_with_the_callback_of_keras():
    options = {"patience": 1, "restore_best_weights": True}
    ran, ended = [], []
    for kind in (EarlyStopping, keras.callbacks.EarlyStopping):
        with pytest.warns(UserWarning, match="val_loss"):
            kept = fit(
                again(),
                kind(**options),
                epochs=30,
                validation_data=VALIDATION,
                validation_freq=2,
            )
        ran.append(kept.history["val_loss"])
        ended.append(kept.model.get_weights())
    assert ran[0] == ran[1]
    assert len(ran[0]) < 15
    assert same(*ended)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    values=st.lists(VALUES, min_size=1, max_size=12),
    patience=st.integers(0, 3),
    baseline=st.none() | VALUES,
    start=st.integers(0, 4),
)
def test_a_baseline_and_a_late_start_act_as_in_keras(values, patience, baseline, start):
    options = {
        "patience": patience,
        "baseline": baseline,
        "start_from_epoch": start,
        "restore_best_weights": False,
    }
    ours, theirs = EarlyStopping(**options), keras.callbacks.EarlyStopping(**options)
    stop = run(ours, values)
    assert stop == run(theirs, values)
    assert (ours.best, ours.best_epoch) == (theirs.best, theirs.best_epoch)
    looked_at = [*range(start, len(values) if stop is None else stop + 1)]
    assert ours.history["epoch"] == looked_at


def test_a_call_by_position_is_that_of_keras():
    arguments = ("val_loss", 1e-3, 5, 1, "min", 0.5, False, 2)
    ours = EarlyStopping(*arguments)
    theirs = keras.callbacks.EarlyStopping(*arguments)
    names = "monitor min_delta patience verbose mode baseline restore_best_weights"
    for name in (*names.split(), "start_from_epoch"):
        assert getattr(ours, name) == getattr(theirs, name)


def test_verbose_says_what_it_did(capsys):
    stopping = EarlyStopping(verbose=1, restore_best_weights=False)
    assert run(stopping, [0.5, 0.75]) == 1
    stopping.on_train_end()
    assert "Epoch 2: early stopping" in capsys.readouterr().out


@pytest.mark.parametrize("patience", [1.5, True, "2"])
def test_a_patience_that_is_no_integer_is_refused(patience):
    with pytest.raises(ValueError, match=r"`patience` is a count .*Received: patience"):
        EarlyStopping(patience=patience)


@pytest.mark.parametrize("kind", [EarlyStopping, Patience])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"patience": -1}, r"`patience` .*from 0 up\. Received: patience=-1"),
        ({"patience": np.nan}, r"`patience` .*from 0 up\. Received: patience=nan"),
        ({"patience": 1, "min_delta": -0.1}, r"`min_delta` .*min_delta=-0\.1"),
        ({"patience": 1, "min_delta": np.inf}, r"`min_delta` .*min_delta=inf"),
        ({"patience": 1, "mode": "least"}, r"`mode` .*one of .*mode='least'"),
    ],
)
def test_arguments_out_of_range_are_refused(kind, options, message):
    with pytest.raises(ValueError, match=message):
        kind(**options)

"""Stop training when validation no longer improves."""

import warnings
from os import PathLike

import keras
import numpy as np

from study.callbacks.recorder import Recorder, count, plain


class EarlyStopping(Recorder, keras.callbacks.EarlyStopping):
    """Stop when validation no longer improves, and go back to the best weights.

    It belongs to a split in three: `fit` trains on the training set, this callback
    stops on the validation set, given as `validation_data`, and the test set is kept
    for `evaluate` afterwards.

    Formula: an epoch improves if `value < best - min_delta`, or if it is the first;
    training stops after `max(patience, 1)` epochs in a row that do not. In mode
    `"max"` it improves if `value > best + min_delta`. Epochs without a value, between
    those of `validation_freq`, do not count.

    It is `keras.callbacks.EarlyStopping`, with its arguments in its order and these
    differences: the best weights are restored by default; a quantity that is never
    there is an error and not a warning; a first value that is not a number can be
    improved on; it keeps a record. As in Keras, a `patience` of 0 and 1 both stop at
    the first epoch that does not improve. Where an optimizer averages weights,
    `use_ema=True`, Keras validates weights that are not averaged, and those of them
    that were best take the average's place; list
    `keras.callbacks.SwapEMAWeights(swap_on_epoch=True)` before this callback to stop by
    averages and to keep the best.

    Args:
        monitor: Name of a quantity that `fit` logs. Defaults to `"val_loss"`.
        min_delta: Non-negative float: smallest change that is an improvement. Defaults
            to 0.
        patience: Non-negative integer: epochs without improvement before training
            stops. Defaults to 0: it stops at the first.
        verbose: 0, or 1 to say when training was stopped and what was restored.
            Defaults to 0.
        mode: `"min"`, `"max"`, or `"auto"`, which tells by the name whether the
            quantity is better when it is smaller. Defaults to `"auto"`.
        baseline: Number that must be improved on, too, for an improvement to start the
            count of epochs anew. Defaults to `None`, no such number.
        restore_best_weights: Whether training ends with the weights of the best epoch
            or with the last ones. Defaults to `True`.
        start_from_epoch: Non-negative integer: the first epoch that is looked at.
            Defaults to 0.
        log_dir: Path where TensorBoard's events go, to `log_dir/early_stopping`.
            Defaults to `None`, no events.

    Attributes:
        best, best_epoch: The best value and its epoch, counted from 0.
        stopped_epoch: The epoch after which training stopped, or 0 if it went to the
            end.
        history: Dictionary with the lists `"epoch"`, of those that are looked at and
            have a value, `"value"`, what is monitored, `"best"`, the best until then,
            and `"wait"`, epochs since then.

    Raises:
        ValueError: An argument is out of its range. The quantity is not logged: at the
            end of the first epoch that logs others of its kind, or of training where
            there was no validation at all, after a warning.
        ImportError: At the start of training: `log_dir` is given and the package
            tensorboard is not installed.

    Example: a learning rate far too high makes each epoch worse than the one before.

    >>> x, y = keras.ops.ones((8, 1)), keras.ops.zeros((8, 1))
    >>> layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    >>> model = keras.Sequential([keras.Input((1,)), layer])
    >>> model.compile(keras.optimizers.SGD(1.5), "mse")
    >>> stopping = EarlyStopping(patience=2)
    >>> _ = model.fit(
    ...     x, y, epochs=9, verbose=0, validation_data=(x, y), callbacks=[stopping]
    ... )
    >>> stopping.history["value"], stopping.stopped_epoch
    ([4.0, 16.0, 64.0], 2)
    >>> float(layer.kernel[0, 0])  # as epoch 0 left it
    -2.0

    Reference:
        Prechelt, 1998, Early stopping - but when?
    """

    group = "early_stopping"

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0.0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = True,
        start_from_epoch: int = 0,
        *,
        log_dir: str | PathLike[str] | None = None,
    ) -> None:
        _check(patience, min_delta, mode, ("auto", "min", "max"))
        super().__init__(
            log_dir=log_dir,
            monitor=monitor,
            min_delta=plain(min_delta),
            patience=count(
                "patience", patience, 0, "is a count of epochs without improvement"
            ),
            verbose=plain(verbose),
            mode=mode,
            baseline=plain(baseline),
            restore_best_weights=restore_best_weights,
            start_from_epoch=count(
                "start_from_epoch", start_from_epoch, 0, "is an epoch's number"
            ),
        )

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self._awaited = None  # what is logged while the quantity has never been

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        if self.monitor not in logs:
            self._wait_for_validation(logs)
            return
        self._awaited = ()
        if epoch < self.start_from_epoch:
            return
        super().on_epoch_end(epoch, logs)
        if np.isnan(self.best):
            # Keras would call no number better than this one.
            self.best = np.inf if self.monitor_op is keras.ops.less else -np.inf

    def on_train_end(self, logs=None):
        super().on_train_end(logs)
        if self._awaited:
            raise self._missing(self._awaited)

    def _wait_for_validation(self, logs):
        """Let an epoch without validation pass, as `validation_freq` has them."""
        validated = any(name.startswith("val_") for name in logs)
        if validated or not self.monitor.startswith("val_"):
            raise self._missing(logs)
        if self._awaited is None:
            self._awaited = sorted(logs)
            warnings.warn(
                f"`monitor` is awaited: no {self.monitor!r} in the first epoch, as "
                "with a validation_freq above 1 or without validation_data.",
                stacklevel=3,
            )

    def _missing(self, logged):
        return ValueError(
            "`monitor` is the quantity that decides: expected one that `fit` logs; "
            "give it validation_data=(x, y) for those that begin with val_. "
            f"Received: monitor={self.monitor!r}, logged={sorted(logged)}"
        )

    def measure(self, logs):
        return {"value": logs[self.monitor], "best": self.best, "wait": self.wait}


class Patience:
    """Decide for each of several runs when to stop: the rule of `EarlyStopping`.

    Formula: a value improves if `value < best - min_delta`, or if it is the run's
    first; a run stops after `max(patience, 1)` values in a row that do not. In mode
    `"max"` a value improves if `value > best + min_delta`. What is not a number is the
    worst of values.

    Args:
        patience: Non-negative number, or array of them `(runs,)`: values without
            improvement before a run stops. Infinity never stops.
        min_delta: Non-negative float: smallest change that is an improvement. Defaults
            to 0.
        mode: `"min"` or `"max"`, what is better. Defaults to `"min"`.

    Attributes:
        best: Best value of each run, or `None` before the first.
        best_update: Number of the update, from 0, that brought it.
        stopped: Whether each run has stopped.

    Raises:
        ValueError: An argument is out of its range.

    Example: two runs, the first of which stops at its second value.

    >>> rule = Patience(1)
    >>> for values in ([0.5, 0.9], [0.6, 0.8], [0.1, 0.7]):
    ...     improved, stopped = rule.update(values)
    ...     print(improved.tolist(), stopped.tolist())
    [True, True] [False, False]
    [False, True] [True, False]
    [False, True] [True, False]
    >>> rule.best.tolist()
    [0.5, 0.7]
    """

    def __init__(
        self, patience: int, min_delta: float = 0.0, mode: str = "min"
    ) -> None:
        _check(patience, min_delta, mode, ("min", "max"))
        self.patience = np.asarray(patience)
        self.min_delta = min_delta
        self.mode = mode
        self.best = None

    def update(self, values):
        """Take in the next value of each run.

        Args:
            values: Floats `(runs,)`. Those of runs that have stopped do not matter.

        Returns:
            Two arrays of booleans `(runs,)`: which runs improved with this value, and
            which have stopped, now or before.
        """
        sign = 1.0 if self.mode == "min" else -1.0
        values = np.asarray(values, "float64")
        values = np.where(np.isnan(values), sign * np.inf, values)
        if self.best is None:
            improved = np.ones(values.shape, bool)
            self.best, self.stopped = values, ~improved
            self._updates = 0
            self.best_update = self._wait = np.zeros(values.shape, int)
            return improved, self.stopped
        self._updates += 1
        better = sign * values + self.min_delta < sign * self.best
        improved = better & ~self.stopped
        self.best = np.where(improved, values, self.best)
        self.best_update = np.where(improved, self._updates, self.best_update)
        self._wait = np.where(improved, 0, self._wait + 1)
        self.stopped = self.stopped | (self._wait >= np.maximum(self.patience, 1))
        return improved, self.stopped


def _check(patience, min_delta, mode, modes):
    counts, delta = np.asarray(patience), np.asarray(min_delta)
    if counts.dtype.kind not in "iuf" or not np.all(counts >= 0):
        raise ValueError(
            "`patience` is a count of epochs without improvement: expected numbers "
            f"from 0 up. Received: patience={patience}"
        )
    if delta.shape or delta.dtype.kind not in "iuf" or not 0 <= delta < np.inf:
        raise ValueError(
            "`min_delta` is the smallest change that is an improvement: expected a "
            f"finite number from 0 up. Received: min_delta={min_delta}"
        )
    if mode not in modes:
        raise ValueError(
            "`mode` says whether smaller or larger is better: expected one of "
            f"{modes}. Received: mode={mode!r}"
        )

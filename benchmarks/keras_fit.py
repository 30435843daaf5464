"""Train with Keras's own `model.fit`, on TensorFlow, as it comes and told to fuse."""

import time

import keras
import numpy as np

from benchmarks import networks
from benchmarks.contestant import Peer


class Fit(Peer):
    """Call `model.fit` with its defaults, one run."""

    def __init__(self, work, weights, x, y):
        self.work, self.x, self.y = work, x, y
        self.model = networks.model(work)
        for variable, value in zip(
            self.model.trainable_variables, weights[0], strict=True
        ):
            variable.assign(value)
        self.model.compile(
            networks.optimizer(work), networks.loss(work), **self.settings(work)
        )

    @staticmethod
    def settings(work) -> dict:
        """Return what `compile` is told beyond optimizer and loss."""
        return {}

    def train(self, steps, batches):
        x, y = self.x, self.y
        if batches is not None:
            x, y = x[batches.ravel()], y[batches.ravel()]
        means = _MeanLosses()
        self._fit(x, y, steps, shuffle=False, callbacks=[means])
        sums = np.multiply(means.losses, np.arange(1, len(means.losses) + 1))
        return np.diff(sums, prepend=0)[:, None]  # of each execution

    def seconds(self, work, runs, steps):
        """Time one epoch in which `fit` shuffles; tiled where a batch is the set."""
        few = slice(steps * work.size)
        start = time.perf_counter()
        self._fit(self.x[few], self.y[few], steps, shuffle=work.batch is not None)
        return time.perf_counter() - start

    def _fit(self, x, y, steps, **settings):
        if self.work.batch is None:
            x, y = np.tile(x, (steps, 1)), np.tile(y, (steps, 1))
        self.model.fit(x, y, batch_size=self.work.size, verbose=0, **settings)


class FusedFit(Fit):
    """Call `model.fit` with XLA and several steps an execution, one run."""

    @staticmethod
    def settings(work):
        return {"jit_compile": True, "steps_per_execution": work.fused}

    @staticmethod
    def warm_up(work):
        return work.fused


class _MeanLosses(keras.callbacks.Callback):
    """Keep the mean loss of the epoch so far, step by step."""

    def __init__(self):
        super().__init__()
        self.losses = []

    def on_train_batch_end(self, batch, logs=None):
        self.losses.append(logs["loss"])

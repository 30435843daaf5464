"""Record how the outputs of the hidden layers are distributed."""

from os import PathLike
from typing import Any

from study.callbacks.recorder import Recorder, plain
from study.probes import (
    activation_histograms,
    activation_statistics,
    histogram_edges,
)


class ActivationStatistics(Recorder):
    """Record mean, spread, zeros and saturation of hidden layers, while training.

    It is what `study.probes.activation_statistics` returns at the end of an epoch, for
    each hidden layer with an activation of a functional or Sequential model; with
    `bins`, also the counts of `study.probes.activation_histograms`.

    Args:
        x: Examples, always the same: what the model takes, an array or a structure of
            arrays. Some hundred do.
        bins: Positive integer, the number of bins of the histograms. Defaults to
            `None`, no histograms.
        range: The lowest and the highest value of the histograms, two floats. Outputs
            outside are not counted. Defaults to `(-1.0, 1.0)`.
        margin: Float from 0 to 0.5: the share of the range of a bounded activation, at
            either end, that counts as saturated. Defaults to 0.01.
        every: Positive integer: epochs from one record to the next. Defaults to 1.
        log_dir: Path where TensorBoard's events go, to `log_dir/activations`. Defaults
            to `None`, no events.

    Attributes:
        history: Dictionary with lists, one entry a record: floats under
            `"<layer>/mean"`, `"<layer>/stddev"`, `"<layer>/zeros"` and, where the
            activation is bounded, `"<layer>/saturated"`; arrays `(bins,)` under
            `"<layer>/histogram"`. `history["epoch"]` lists the epochs, from 0.
        edges: Array `(bins + 1,)`, the edges of the bins, or `None`.

    Raises:
        ValueError: An argument is out of its range; at the first record: as
            `study.probes.activations` does.
        ImportError: At the start of training: `log_dir` is given and the package
            tensorboard is not installed.

    Example:

    >>> import keras
    >>> x, y = keras.ops.ones((8, 1)), keras.ops.zeros((8, 1))
    >>> hidden = keras.layers.Dense(1, "relu", kernel_initializer="ones", name="hidden")
    >>> out = keras.layers.Dense(1, kernel_initializer="zeros")
    >>> model = keras.Sequential([keras.Input((1,)), hidden, out])
    >>> model.compile("sgd", "mse")
    >>> statistics = ActivationStatistics(x, bins=3, range=(0.0, 3.0))
    >>> _ = model.fit(x, y, epochs=2, verbose=0, callbacks=[statistics])
    >>> statistics.history["hidden/mean"]
    [1.0, 1.0]
    >>> statistics.history["hidden/histogram"][1].tolist()
    [0, 8, 0]

    Reference:
        Glorot and Bengio, 2010, Understanding the difficulty of training deep
        feedforward neural networks.
    """

    group = "activations"

    def __init__(
        self,
        x: Any,
        bins: int | None = None,
        range: tuple[float, float] = (-1.0, 1.0),
        margin: float = 0.01,
        every: int = 1,
        log_dir: str | PathLike[str] | None = None,
    ) -> None:
        super().__init__(every, log_dir)
        self.x = x
        self.bins = plain(bins)
        self.range = plain(range)
        self.margin = plain(margin)
        self.edges = None if bins is None else histogram_edges(self.bins, self.range)

    def measure(self, logs):
        found = {
            f"{layer}/{name}": value
            for layer, statistics in activation_statistics(
                self.model, self.x, self.margin
            ).items()
            for name, value in statistics.items()
        }
        if self.bins is not None:
            counts = activation_histograms(self.model, self.x, self.bins, self.range)
            found |= {f"{layer}/histogram": value for layer, value in counts.items()}
        return found

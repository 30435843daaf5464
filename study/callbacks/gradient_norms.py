"""Record how large the gradients of the layers are, and how they are distributed."""

from os import PathLike
from typing import Any

from study.callbacks.recorder import Recorder, plain
from study.probes import gradient_histograms, gradient_norms, histogram_edges


class GradientNorms(Recorder):
    """Record the norm of the loss's gradient by every trained kernel, while training.

    Formula: `norm = sqrt(sum(gradient**2))` with the gradient of `loss(y, model(x))`
    in inference, reduced and weighted as in `fit`, without regularizers: what
    `study.probes.gradient_norms` returns at the end of an epoch; with `bins`, also the
    counts of `study.probes.gradient_histograms`.

    Args:
        x: Examples whose mean loss is differentiated, always the same: what the model
            takes, an array or a structure of arrays. Some hundred do.
        y: Their true outputs, as `fit` takes them.
        loss: Function of the true and the predicted outputs, or its name. Defaults to
            `None`, the loss that the model was compiled with, times its weight.
        bins: Positive integer, the number of bins of the histograms. Defaults to
            `None`, no histograms.
        range: The lowest and the highest value of the histograms, two floats. Entries
            of the gradient outside are not counted. Defaults to `(-0.1, 0.1)`.
        every: Positive integer: epochs from one record to the next. Defaults to 1.
        log_dir: Path where TensorBoard's events go, to `log_dir/gradient_norms`.
            Defaults to `None`, no events.

    Attributes:
        history: Dictionary with lists, one entry a record: floats under the names of
            the layers; arrays `(bins,)` under `"<layer>/histogram"`.
            `history["epoch"]` lists the epochs, from 0.
        edges: Array `(bins + 1,)`, the edges of the bins, or `None`.

    Raises:
        ValueError: An argument is out of its range; at the start of training: there is
            no `loss`, and the model was compiled with several or with none.
        ImportError: At the start of training: `log_dir` is given and the package
            tensorboard is not installed.

    Example:

    >>> import keras
    >>> x, y = keras.ops.ones((8, 2)), keras.ops.zeros((8, 1))
    >>> layer = keras.layers.Dense(1, kernel_initializer="ones", name="out")
    >>> model = keras.Sequential([keras.Input((2,)), layer])
    >>> model.compile(keras.optimizers.SGD(0.1), "mse")
    >>> norms = GradientNorms(x, y, bins=2, range=(0.0, 2.0))
    >>> _ = model.fit(x, y, epochs=3, verbose=0, callbacks=[norms])
    >>> [round(norm, 3) for norm in norms.history["out"]]  # from 4 * sqrt(2) on
    [2.263, 0.905, 0.362]
    >>> norms.history["out/histogram"][0].tolist()  # both entries are 1.6
    [0, 2]

    Reference:
        Glorot and Bengio, 2010, Understanding the difficulty of training deep
        feedforward neural networks.
    """

    group = "gradient_norms"

    def __init__(
        self,
        x: Any,
        y: Any,
        loss: Any = None,
        bins: int | None = None,
        range: tuple[float, float] = (-0.1, 0.1),
        every: int = 1,
        log_dir: str | PathLike[str] | None = None,
    ) -> None:
        super().__init__(every, log_dir)
        self.x = x
        self.y = y
        self.loss = loss
        self.bins = plain(bins)
        self.range = plain(range)
        self.edges = None if bins is None else histogram_edges(self.bins, self.range)

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        loss = self.model.loss if self.loss is None else self.loss
        if loss is None or isinstance(loss, (list, tuple, dict)):
            raise ValueError(
                "`loss` is what is differentiated: expected a model compiled with one "
                "loss, or a function of the true and the predicted outputs. Received: "
                f"loss=None and a model compiled with loss={loss}"
            )

    def measure(self, logs):
        about = self.model, self._loss(), self.x, self.y
        found = gradient_norms(*about)
        if self.bins is not None:
            counts = gradient_histograms(*about, self.bins, self.range)
            found |= {f"{layer}/histogram": value for layer, value in counts.items()}
        return found

    def _loss(self):
        # The compiled loss has its weight with it; Keras has no public name for it.
        return self.model._compile_loss if self.loss is None else self.loss

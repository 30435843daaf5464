"""Record how large the weights of the layers are."""

from study.callbacks.recorder import Recorder
from study.probes import weight_norms


class WeightNorms(Recorder):
    """Record the Euclidean norm of every kernel, while training.

    Formula: `norm = sqrt(sum(kernel**2))`, what `study.probes.weight_norms` returns at
    the end of an epoch.

    Args:
        every: Positive integer: epochs from one record to the next. Defaults to 1.
        log_dir: Path where TensorBoard's events go, to `log_dir/weight_norms`.
            Defaults to `None`, no events.

    Attributes:
        history: Dictionary from names of layers to lists of floats, one a record;
            `history["epoch"]` lists the epochs, from 0.

    Raises:
        ValueError: `every` is no positive integer.
        ImportError: At the start of training: `log_dir` is given and the package
            tensorboard is not installed.

    Example:

    >>> import keras
    >>> x, y = keras.ops.ones((8, 1)), keras.ops.zeros((8, 1))
    >>> layer = keras.layers.Dense(
    ...     1, use_bias=False, kernel_initializer="ones", name="out"
    ... )
    >>> model = keras.Sequential([keras.Input((1,)), layer])
    >>> model.compile(keras.optimizers.SGD(0.25), "mse")
    >>> norms = WeightNorms()
    >>> _ = model.fit(x, y, epochs=3, verbose=0, callbacks=[norms])
    >>> norms.history["out"]
    [0.5, 0.25, 0.125]
    """

    group = "weight_norms"

    def measure(self, logs):
        return weight_norms(self.model)

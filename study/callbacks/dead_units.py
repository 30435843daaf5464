"""Record how many units have died."""

from os import PathLike
from typing import Any

from study.callbacks.recorder import Recorder
from study.probes import dead_units


class DeadUnits(Recorder):
    """Record the share of units that are 0 for every example, while training.

    It is what `study.probes.dead_units` returns at the end of an epoch, for each hidden
    layer with an activation of a functional or Sequential model.

    Args:
        x: Examples for which a dead unit is 0: what the model takes, an array or a
            structure of arrays. Some hundred do; too few let units pass for dead.
        every: Positive integer: epochs from one record to the next. Defaults to 1.
        log_dir: Path where TensorBoard's events go, to `log_dir/dead_units`. Defaults
            to `None`, no events.

    Attributes:
        history: Dictionary from names of layers to lists of floats, one a record;
            `history["epoch"]` lists the epochs, from 0.

    Raises:
        ValueError: `every` is no positive integer; at the first record: as
            `study.probes.activations` does.
        ImportError: At the start of training: `log_dir` is given and the package
            tensorboard is not installed.

    Example: a step far too long kills a unit.

    >>> import keras
    >>> x, y = keras.ops.ones((8, 1)), keras.ops.zeros((8, 1))
    >>> hidden = keras.layers.Dense(1, "relu", kernel_initializer="ones", name="hidden")
    >>> out = keras.layers.Dense(1, kernel_initializer="ones")
    >>> model = keras.Sequential([keras.Input((1,)), hidden, out])
    >>> model.compile(keras.optimizers.SGD(1.0), "mse")
    >>> dead = DeadUnits(x)
    >>> _ = model.fit(x, y, epochs=2, verbose=0, callbacks=[dead])
    >>> dead.history["hidden"]
    [1.0, 1.0]

    Reference:
        Maas, Hannun and Ng, 2013, Rectifier nonlinearities improve neural network
        acoustic models.
    """

    group = "dead_units"

    def __init__(
        self, x: Any, every: int = 1, log_dir: str | PathLike[str] | None = None
    ) -> None:
        super().__init__(every, log_dir)
        self.x = x

    def measure(self, logs):
        return dead_units(self.model, self.x)

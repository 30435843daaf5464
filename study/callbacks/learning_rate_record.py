"""Record the learning rate."""

import keras

from study.callbacks.recorder import Recorder


class LearningRateRecord(Recorder):
    """Record the learning rate of each epoch's first step, while training.

    That is the rate after every callback had its say at the beginning of the epoch,
    wherever this one stands in the list. A schedule that changes within the epoch is
    recorded with its first value.

    Args:
        every: Positive integer: epochs from one record to the next. Defaults to 1.
        log_dir: Path where TensorBoard's events go, to `log_dir/learning_rate`.
            Defaults to `None`, no events.

    Attributes:
        history: Dictionary with the lists `"learning_rate"`, of floats, and `"epoch"`,
            counted from 0.

    Raises:
        ValueError: `every` is no positive integer.
        ImportError: At the start of training: `log_dir` is given and the package
            tensorboard is not installed.

    Example:

    >>> x, y = keras.ops.ones((8, 1)), keras.ops.zeros((8, 1))
    >>> halving = keras.optimizers.schedules.ExponentialDecay(1.0, 2, 0.5)
    >>> model = keras.Sequential([keras.layers.Dense(1)])
    >>> model.compile(keras.optimizers.SGD(halving), "mse")
    >>> record = LearningRateRecord()
    >>> _ = model.fit(x, y, batch_size=4, epochs=3, verbose=0, callbacks=[record])
    >>> record.history["learning_rate"]
    [1.0, 0.5, 0.25]
    """

    group = "learning_rate"

    def on_train_batch_begin(self, batch, logs=None):
        if batch == 0:
            # Now: without a schedule it is a variable, which others change later.
            rate = self.model.optimizer.learning_rate
            self._first = float(keras.ops.convert_to_numpy(rate))

    def measure(self, logs):
        return {"learning_rate": self._first}

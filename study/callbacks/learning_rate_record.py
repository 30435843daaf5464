"""Record the learning rate."""

import keras

from study.callbacks.recorder import Recorder

Schedule = keras.optimizers.schedules.LearningRateSchedule


class LearningRateRecord(Recorder):
    """Record the learning rate of each epoch's first update, while training.

    That is the rate after every callback had its say at the beginning of the epoch,
    wherever this one stands in the list. A schedule that changes within the epoch is
    recorded with the value of the first update: with `gradient_accumulation_steps=k`
    Keras takes that of the last of the update's k batches. An epoch without an update
    is recorded as not a number.

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
            # Now: without a schedule it is a variable, which others change later, and
            # on JAX nothing is told of the optimizer until the epoch's end.
            optimizer = self._optimizer()
            batches = optimizer.gradient_accumulation_steps or 1
            self._updates = int(optimizer.iterations)
            rate = optimizer.learning_rate
            # Keras has no public way to what a schedule says of another batch.
            if isinstance(optimizer._learning_rate, Schedule):
                rate = optimizer._learning_rate((self._updates + 1) * batches - 1)
            self._first = float(keras.ops.convert_to_numpy(rate))

    def measure(self, logs):
        updated = int(self._optimizer().iterations) > self._updates
        return {"learning_rate": self._first if updated else float("nan")}

    def _optimizer(self):
        """Return the optimizer that counts updates: in mixed precision an inner one."""
        optimizer = self.model.optimizer
        return getattr(optimizer, "inner_optimizer", optimizer)

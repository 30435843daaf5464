"""Renew masks that hold for an epoch."""

import keras


class RenewMasks(keras.callbacks.Callback):
    """Renew every mask per epoch at the end of each epoch.

    Calls `renew()` on each layer that has it, nested ones included: with
    `Dropout(rate, mask="epoch")` the units dropped stay the same for one epoch of
    `fit`, the first included. Without this callback they stay for all epochs.

    List it before `keras.callbacks.BackupAndRestore` and `ModelCheckpoint`, which save
    at the end of an epoch, too: what they save then has the next epoch's mask, and a
    training that goes on from it equals one that was never interrupted.

    Example:

    >>> class Counter(keras.layers.Identity):
    ...     renewals = 0
    ...     def renew(self):
    ...         self.renewals += 1
    >>> model = keras.Sequential([Counter(), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> x, y = keras.ops.ones((8, 3)), keras.ops.ones((8, 1))
    >>> _ = model.fit(x, y, epochs=5, verbose=0, callbacks=[RenewMasks()])
    >>> model.layers[0].renewals
    5

    Reference:
        Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, 2014, Dropout: a
        simple way to prevent neural networks from overfitting.
    """

    def on_epoch_end(self, epoch, logs=None):
        for layer in self.model._flatten_layers():  # Keras has no public walk
            if hasattr(layer, "renew"):
                layer.renew()

"""Build a work's network in Keras, for our engine and for `fit`."""

import keras


def model(work) -> keras.Model:
    """Build the network of a work."""
    layers = [keras.Input((work.widths[0],))]
    for i, units in enumerate(work.widths[1:]):
        if work.dropout is not None:
            layers.append(keras.layers.Dropout(work.dropout[i > 0]))
        last = i == len(work.widths) - 2
        if last:
            activation = "sigmoid" if units == 1 else "softmax"
        else:
            activation = None if work.batch_norm else work.activation
        layers.append(keras.layers.Dense(units, activation))
        if work.batch_norm and not last:
            layers.append(keras.layers.BatchNormalization())
            layers.append(keras.layers.Activation(work.activation))
    return keras.Sequential(layers)


def optimizer(work) -> keras.Optimizer:
    """Return the optimizer of a work."""
    return keras.optimizers.SGD(work.rate, momentum=work.momentum)


def loss(work) -> str:
    """Name the loss of a work."""
    if work.widths[-1] == 1:
        return "binary_crossentropy"
    return "sparse_categorical_crossentropy"

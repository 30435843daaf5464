"""Hand `fit` its examples in their order: on TensorFlow as a data set.

To begin an epoch of one takes it a tenth of the time that arrays take.
"""

import keras


def batches(x, y, size):
    """Return the arguments of `fit` that train on batches of so many examples."""
    if keras.backend.backend() != "tensorflow":
        return {"x": x, "y": y, "batch_size": size, "shuffle": False}
    return {"x": _data_set(x, y, size)}


def held_out(x, y):
    """Return examples to validate on, in one batch."""
    if keras.backend.backend() != "tensorflow":
        return x, y
    return _data_set(x, y, len(y))


def _data_set(x, y, size):
    import tensorflow as tf

    x = tuple(x) if isinstance(x, list) else x  # a list it takes for one array
    return tf.data.Dataset.from_tensor_slices((x, y)).batch(size)

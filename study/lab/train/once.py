"""Have XLA compute a value once that it would compute for each of its uses.

On CPUs it puts what is cheap to compute into every loop that reads it, and drops the
barriers meant to stop that before it does. A division by what it cannot know to be 1 it
takes for dear, and keeps the quotient.
"""

import tensorflow as tf


def one(tensor):
    """Return 1 as a float32 that seems to follow from the first number of `tensor`.

    What is divided by it is computed after `tensor`.
    """
    if tensor.dtype.is_floating:
        tensor = tf.bitcast(tf.cast(tensor, tf.float32), tf.int32)  # NaN has bits too
    first = tf.reshape(tensor, [-1])[0]
    return tf.maximum(tf.cast(first % 2, tf.float32), 1.0)

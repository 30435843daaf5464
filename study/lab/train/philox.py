"""Draw what XLA draws with Philox, at a seventh of its cost.

XLA computes blocks of four numbers and then lays them in a row, which its CPU compiler
does one by one. Here each number computes its block for itself: four times the
arithmetic, but all of it in vectors, and for all runs of a stack at once. The numbers
are kept for the way back through the network. By hand: neither Keras nor XLA can be
asked for this.
"""

import math

import tensorflow as tf
from tensorflow.python.ops import gen_stateless_random_ops_v2 as random_ops

from study.lab.train.once import one

draw = random_ops.stateless_random_uniform_v2
MULTIPLIERS = 0xD2511F53, 0xCD9E8D57
INCREMENTS = 0x9E3779B9, 0xBB67AE85
ROUNDS = 10


def uniform(shape, key, counter, alg, dtype=tf.float32, name=None):
    """Return numbers from 0 to 1 as TensorFlow's `StatelessRandomUniformV2` under XLA.

    Formula: a block (a, b, c, d) of 32-bit numbers becomes, in each of ten rounds,
    `(high(m_1 c) ^ b ^ k_0, low(m_1 c), high(m_0 a) ^ d ^ k_1, low(m_0 a))`, and the
    key `k` grows by constants; number `i` is entry `i mod 4` of block `i / 4`.

    Numbers other than float32, or of a shape not known yet, are left to XLA.

    Args:
        shape: Tensor of integers.
        key: Tensor of one 64-bit integer.
        counter: Tensor of two 64-bit integers, the first of which is 0.

    Reference:
        Salmon, Moraes, Dror and Shaw, 2011, Parallel random numbers: as easy as 1, 2,
        3.
    """
    sizes = tf.get_static_value(shape)
    if sizes is None or dtype != tf.float32:
        return draw(shape, key, counter, alg, dtype, name)
    place = tf.range(math.prod(sizes), dtype=tf.int32)
    k_0, k_1 = _low(key[0]), _high(key[0])
    zeros = tf.zeros_like(place, tf.uint32)
    a, b = tf.cast(place // 4, tf.uint32), zeros
    c, d = zeros + _low(counter[1]), zeros + _high(counter[1])
    for _ in range(ROUNDS):
        (high_a, low_a), (high_c, low_c) = _product(0, a), _product(1, c)
        a, b, c, d = high_c ^ b ^ k_0, low_c, high_a ^ d ^ k_1, low_a
        k_0, k_1 = k_0 + INCREMENTS[0], k_1 + INCREMENTS[1]
    entry = place % 4
    bits = tf.where(entry < 2, tf.where(entry < 1, a, b), tf.where(entry < 3, c, d))
    drawn = tf.cast(bits // 2**9, dtype)
    return tf.reshape(drawn / (2.0**23 * one(key)), sizes)


def _product(which, x):
    product = tf.cast(x, tf.uint64) * MULTIPLIERS[which]
    return _high(product), _low(product)


def _low(x):
    return tf.cast(x, tf.uint32)


def _high(x):
    return tf.cast(x // 2**32, tf.uint32)

"""Train a stack of networks in one compiled TensorFlow program.

This file alone leans on Keras's internals: Keras's optimizers refuse stateless updates
on TensorFlow, and its `matmul` becomes a slow call for every tiny product in a stack.
"""

import contextlib

import keras
import tensorflow as tf
from keras.src.backend import numpy as keras_numpy

Optimizer = keras.optimizers.Optimizer
_Base = next(each for each in Optimizer.__mro__ if each.__name__ == "BaseOptimizer")
# Steps of one call: the room for losses is fixed, so one program serves all lengths.
LONGEST = 1_024
# Products of at most this many multiplications are fused instead of called.
SMALL_PRODUCT = 4_096

# TensorFlow's optimizer class writes to tf.Variables; these are the methods of the
# base class it replaced, which write to whatever stands in a variable's place.
_Stateless = type(
    "_Stateless",
    (Optimizer,),
    {
        name: getattr(_Base, name)
        for name in (
            "assign",
            "assign_add",
            "assign_sub",
            "stateless_apply",
            "_apply_weight_decay",
            "_backend_increment_gradient_accumulators",
            "_backend_update_step",
            "_clip_by_norm",
            "_overwrite_model_variables_with_average_value",
            "_var_key",
        )
    },
)


class Stack:
    """Compile one structure; train, evaluate and predict with many runs of it.

    The state of a stack is a tuple (trainable, non-trainable, optimizer variables),
    each a list of tensors whose first axis counts the runs.
    """

    def __init__(self, model, optimizer, loss: str, jit: bool):
        self.model = model
        self.optimizer = stateless(optimizer)
        self.optimizer.build(model.trainable_variables)
        self.loss = keras.losses.get(loss)
        self.binary = loss == "binary_crossentropy"
        self._train = tf.function(self._train_steps, jit_compile=jit, autograph=False)
        self._score = tf.function(self._score_all, jit_compile=jit, autograph=False)
        self._predict = tf.function(self._outputs, jit_compile=jit, autograph=False)

    def place(self, arrays):
        """Put NumPy arrays, in any nesting, on the device."""
        return tf.nest.map_structure(tf.convert_to_tensor, arrays)

    def train(self, state, x, y, batches, steps: int):
        """Take `steps` steps and return the state, losses and hits as (runs, steps).

        `batches` holds indices into `x`, (at least `steps`, runs, batch size); `None`
        trains every run on all of `x`, for at most `LONGEST` steps.
        """
        state, losses, hits = self._train(state, x, y, batches, tf.constant(steps))
        return state, losses.numpy()[:steps].T, hits.numpy()[:steps].T

    def evaluate(self, state, x, y, examples, chunk: int = 500):
        """Return mean loss and share of errors as (runs,), in inference.

        `examples` holds indices into `x`, (runs, n).
        """
        loss = hits = 0.0
        for start in range(0, examples.shape[1], chunk):
            part = examples[:, start : start + chunk]
            losses, correct = self._score(state[:2], x, y, part)
            loss = loss + losses.numpy().astype("float64")
            hits = hits + correct.numpy().astype("float64")
        return loss / examples.shape[1], 1 - hits / examples.shape[1]

    def predict(self, state, x):
        """Return the outputs of every run on `x`, (runs, n, units), in inference."""
        return self._predict(state[:2], x).numpy()

    def _step(self, trainable, non_trainable, optimizer, x, y):
        with tf.GradientTape() as tape:
            tape.watch(trainable)
            outputs, non_trainable, penalties = self.model.stateless_call(
                trainable, non_trainable, x, training=True, return_losses=True
            )
            data_loss = tf.reduce_mean(self.loss(y, outputs))
            loss = tf.add_n([data_loss, *penalties])
        gradients = tape.gradient(loss, trainable)
        trainable, optimizer = self.optimizer.stateless_apply(
            optimizer, gradients, trainable
        )
        hits = tf.reduce_mean(self._hits(y, outputs))
        return (trainable, non_trainable, optimizer), loss, hits

    def _train_steps(self, state, x, y, batches, steps):
        runs = state[0][0].shape[0]
        size = LONGEST if batches is None else batches.shape[0]
        losses = tf.TensorArray(tf.float32, size, element_shape=(runs,))
        hits = tf.TensorArray(tf.float32, size, element_shape=(runs,))

        def one(arguments):
            state, batch = arguments
            if batches is None:
                return self._step(*state, x, y)
            return self._step(*state, tf.gather(x, batch), tf.gather(y, batch))

        def body(i, state, losses, hits):
            batch = tf.zeros((runs,)) if batches is None else batches[i]
            state, loss, hit = _stacked(one, (state, batch))
            return i + 1, state, losses.write(i, loss), hits.write(i, hit)

        _, state, losses, hits = tf.while_loop(
            lambda i, *_: i < steps,
            body,
            (tf.constant(0), state, losses, hits),
            maximum_iterations=size,
        )
        return state, losses.stack(), hits.stack()

    def _score_all(self, weights, x, y, examples):
        def one(arguments):
            (trainable, non_trainable), index = arguments
            truth = tf.gather(y, index)
            outputs, _ = self.model.stateless_call(
                trainable, non_trainable, tf.gather(x, index), training=False
            )
            loss = tf.reduce_sum(self.loss(truth, outputs))
            return loss, tf.reduce_sum(self._hits(truth, outputs))

        return _stacked(one, (weights, examples))

    def _outputs(self, weights, x):
        return _stacked(
            lambda part: self.model.stateless_call(*part, x, training=False)[0],
            weights,
        )

    def _hits(self, truth, outputs):
        if self.binary:
            right = tf.equal(outputs > 0.5, truth > 0.5)[:, 0]
        else:
            right = tf.equal(tf.argmax(outputs, -1, tf.int32), tf.cast(truth, tf.int32))
        return tf.cast(right, tf.float32)


def stateless(optimizer):
    """Return a copy of a Keras optimizer whose `stateless_apply` works here."""
    kind = type(optimizer)
    # Below the optimizer's own class, so that its own overrides still win.
    twin = type(kind.__name__, (kind, _Stateless), {})
    return twin.from_config(optimizer.get_config())


def _stacked(function, arguments):
    # Random numbers are drawn run by run: TensorFlow has no stacked form of them.
    with _fused_small_products():
        return tf.vectorized_map(function, arguments, fallback_to_while_loop=True)


@contextlib.contextmanager
def _fused_small_products():
    matmul = keras_numpy.matmul

    def product(x1, x2):
        if (
            len(x1.shape) == len(x2.shape) == 2
            and None not in (*x1.shape, *x2.shape)
            and x1.shape[0] * x1.shape[1] * x2.shape[1] <= SMALL_PRODUCT
        ):
            return tf.reduce_sum(x1[:, :, None] * x2[None], axis=1)
        return matmul(x1, x2)

    keras_numpy.matmul = product
    try:
        yield
    finally:
        keras_numpy.matmul = matmul

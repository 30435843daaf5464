"""Train a stack of networks in one compiled TensorFlow program.

The adapters alone lean on Keras's internals: Keras's optimizers refuse stateless
updates on TensorFlow, and its `matmul` becomes a slow call for every tiny product in a
stack.
"""

import contextlib
import functools

import keras
import numpy as np
import tensorflow as tf
from keras.src.backend import numpy as keras_numpy
from tensorflow.python.ops import gen_stateless_random_ops_v2 as random_ops

from study.lab import machine
from study.lab.train import aligned, philox, stack
from study.lab.train.network import Network
from study.lab.train.once import one
from study.lab.train.replaced import replaced

# Keras leaves the generator of random numbers to XLA, which takes Philox by a way 50
# times as slow as where Philox is asked for, to the same numbers.
RANDOM = (
    (tf.random, "stateless_uniform", "alg"),
    (tf.random, "stateless_normal", "alg"),
    (tf.random, "stateless_truncated_normal", "alg"),
    (tf.nn.experimental, "stateless_dropout", "rng_alg"),
)
LARGE = 2**20  # bytes
Optimizer = keras.optimizers.Optimizer
_Base = next(each for each in Optimizer.__mro__ if each.__name__ == "BaseOptimizer")


def _writing(name, wait):
    """Return a method that writes to a variable once all gradients are computed."""
    method = getattr(_Base, name)

    def write(self, variable, value):
        value = tf.convert_to_tensor(value)
        if self.one is not None and value.shape.rank and value.dtype.is_floating:
            value = wait(value, tf.cast(self.one, value.dtype))
        method(self, variable, value)

    return write


# A velocity is divided, and so computed once, to be read where it moves the weights.
_WRITES = {
    "assign": tf.divide,
    "assign_add": tf.multiply,
    "assign_sub": tf.multiply,
}
# TensorFlow's optimizer class writes to tf.Variables; these are the methods of the
# base class it replaced, which write to whatever stands in a variable's place.
_Stateless = type(
    "_Stateless",
    (Optimizer,),
    {
        name: getattr(_Base, name)
        for name in (
            "stateless_apply",
            "_apply_weight_decay",
            "_backend_update_step",
            "_clip_by_norm",
            "_var_key",
        )
    }
    | {name: _writing(name, wait) for name, wait in _WRITES.items()}
    | {"one": None},
)


class Stack(stack.Stack):
    """Many runs of one structure in TensorFlow's `while_loop` and `vectorized_map`."""

    def __init__(self, model, optimizer, loss, jit: bool):
        self.network = Network(model, stateless(optimizer), loss)
        self.jit = jit
        self._apart = jit and machine.DEVICE == "cpu"
        compiled = functools.partial(tf.function, jit_compile=jit, autograph=False)
        self._compiled = compiled
        self._steps = compiled(self._train_steps)
        self._score = compiled(self._score_all)
        self._predict = compiled(self._outputs)
        self._renew = compiled(lambda state: _stacked(self.network.renew, state, jit))
        self._probe = functools.cache(self._probing)

    def place(self, arrays):
        """Put NumPy arrays, in any nesting, on the device."""
        return tf.nest.map_structure(_tensor, arrays)

    def numpy(self, tensor):
        return tensor.numpy()

    def choose(self, mask, one, other):
        """Take each run's values from `one` where `mask`, else from `other`."""
        mask = tf.convert_to_tensor(mask)

        def pick(a, b):
            return tf.where(tf.reshape(mask, [-1] + [1] * (a.ndim - 1)), a, b)

        return tf.nest.map_structure(pick, one, other)

    def take(self, state, rows):
        """Return the state of some runs, in the order of their rows."""
        return tf.nest.map_structure(lambda each: tf.gather(each, rows), state)

    def _train(self, state, x, y, batches, steps):
        return self._steps(state, x, y, batches, tf.constant(steps))

    def _step(self, values, x, y, alone):
        trainable = values[0]
        with tf.GradientTape() as tape:
            tape.watch(trainable)
            cost, found = self.network.cost(trainable, values, x, y)
        loss, outputs, non_trainable = found
        gradients = tape.gradient(cost, trainable)
        # What a step writes waits for all gradients, so that no weights are copied.
        last = one(gradients[0]) if alone and self._apart else None
        with replaced(self.network.optimizer, "one", last):
            trainable, optimizer = self.network.update(values, gradients)
        hits = tf.reduce_mean(self.network.objective.hits(y, outputs))
        return (trainable, non_trainable, optimizer, values[3]), loss, hits

    def _train_steps(self, state, x, y, batches, steps):
        runs = state[0][0].shape[0]
        alone = runs == 1
        if alone:  # without the axis of runs XLA changes weights where they are
            state = tf.nest.map_structure(lambda each: tf.squeeze(each, 0), state)
            batches = None if batches is None else tf.squeeze(batches, 1)
        size = stack.LONGEST if batches is None else batches.shape[0]
        shape = () if alone else (runs,)
        losses = tf.TensorArray(tf.float32, size, element_shape=shape)
        hits = tf.TensorArray(tf.float32, size, element_shape=shape)

        def step(arguments):
            values, batch = arguments
            if batches is None:
                return self._step(values, x, y, alone)
            return self._step(values, tf.gather(x, batch), tf.gather(y, batch), alone)

        def body(i, state, losses, hits):
            batch = tf.zeros(shape) if batches is None else batches[i]
            with _generators(self.jit):
                if alone:
                    state, loss, hit = step((state, batch))
                else:
                    state, loss, hit = _together(step, (state, batch))
            return i + 1, state, losses.write(i, loss), hits.write(i, hit)

        _, state, losses, hits = tf.while_loop(
            lambda i, *_: i < steps,
            body,
            (tf.constant(0), state, losses, hits),
            maximum_iterations=size,
        )
        found = losses.stack(), hits.stack()
        if alone:
            state = tf.nest.map_structure(lambda each: tf.expand_dims(each, 0), state)
            found = tf.nest.map_structure(lambda each: tf.expand_dims(each, 1), found)
        return state, *found

    def _score_all(self, state, x, y, examples):
        def score(arguments):
            values, index = arguments
            return self.network.score(values, tf.gather(x, index), tf.gather(y, index))

        return _stacked(score, (state, examples), self.jit)

    def _outputs(self, state, x):
        return _stacked(lambda each: self.network.outputs(each, x), state, self.jit)

    def _probing(self, function):
        def all_runs(state, x, y, examples):
            def look(arguments):
                values, index = arguments
                return self.network.probe(
                    function, values, tf.gather(x, index), tf.gather(y, index)
                )

            return _stacked(look, (state, examples), self.jit)

        def probe(state, x, y, examples):
            # To compile takes longer than what a run asks for once or twice.
            read = all_runs if len(examples) == 1 else compiled
            return read(state, x, y, examples)

        compiled = self._compiled(all_runs)
        return probe


def _tensor(array):
    """Return a tensor of an array, which stays where it is if it is a large one.

    TensorFlow would copy it, twice. It must not change after that.
    """
    array = np.asarray(array)
    if machine.DEVICE != "cpu" or array.nbytes < LARGE:
        return tf.convert_to_tensor(array)
    if not aligned.is_so(array):
        moved = aligned.empty(array.shape, array.dtype)
        moved[...] = array
        array = moved
    return tf.experimental.dlpack.from_dlpack(array.__dlpack__())


def stateless(optimizer):
    """Return a copy of a Keras optimizer whose `stateless_apply` works here."""
    # Below the optimizer's own class, so that its own overrides still win.
    return stack.copied(optimizer, _Stateless)


def _stacked(function, arguments, jit):
    with _generators(jit):
        if tf.nest.flatten(arguments)[0].shape[0] == 1:
            return _alone(function, arguments)
        return _together(function, arguments)


def _together(function, arguments):
    # Random numbers of kinds without a stacked form are drawn run by run.
    return tf.vectorized_map(function, arguments, fallback_to_while_loop=True)


def _alone(function, arguments):
    """Do as `vectorized_map` does with one run, in a program that compiles sooner."""
    found = function(tf.nest.map_structure(lambda each: each[0], arguments))
    return tf.nest.map_structure(lambda each: tf.expand_dims(each, 0), found)


@contextlib.contextmanager
def _generators(jit):
    """Let Keras draw its random numbers, and multiply tiny matrices, the fast way."""
    with contextlib.ExitStack() as entered:
        sum_of_terms = functools.partial(tf.reduce_sum, axis=1)
        entered.enter_context(stack.fused_small_products(keras_numpy, sum_of_terms))
        for module, name, generator in RANDOM:
            named = functools.partial(getattr(module, name), **{generator: "philox"})
            entered.enter_context(replaced(module, name, named))
        if jit:
            fast = replaced(random_ops, "stateless_random_uniform_v2", philox.uniform)
            entered.enter_context(fast)
        yield

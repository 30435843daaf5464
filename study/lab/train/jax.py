"""Train a stack of networks in one compiled JAX program."""

import functools

import jax
from jax import numpy as jnp
from keras.src.backend import nn as keras_nn
from keras.src.backend import numpy as keras_numpy

from study.lab.train import logits, stack
from study.lab.train.network import Network


class Stack(stack.Stack):
    """Many runs of one structure in JAX's `while_loop` and `vmap`, always compiled."""

    def __init__(self, model, optimizer, loss, jit: bool):
        self.network = Network(model, stateless(optimizer), loss)
        self._train = jax.jit(self._train_steps)
        self._score = jax.jit(self._score_all)
        self._predict = jax.jit(self._outputs)
        self._renew = jax.jit(lambda state: _stacked(self.network.renew)(state))
        self._probe = functools.cache(self._compiled_probe)

    def place(self, arrays):
        """Put NumPy arrays, in any nesting, on the device."""
        return jax.tree.map(jnp.asarray, arrays)

    def numpy(self, tensor):
        return jax.device_get(tensor)

    def choose(self, mask, one, other):
        """Take each run's values from `one` where `mask`, else from `other`."""

        def pick(a, b):
            return jnp.where(mask.reshape([-1] + [1] * (a.ndim - 1)), a, b)

        return jax.tree.map(pick, one, other)

    def take(self, state, rows):
        """Return the state of some runs, in the order of their rows."""
        return jax.tree.map(lambda each: each[rows], state)

    def _step(self, values, x, y):
        cost = jax.value_and_grad(self.network.cost, has_aux=True)
        (_, found), gradients = cost(values[0], values, x, y)
        loss, outputs, non_trainable = found
        trainable, optimizer = self.network.update(values, gradients)
        hits = jnp.mean(self.network.objective.hits(y, outputs))
        return (trainable, non_trainable, optimizer, values[3]), loss, hits

    def _train_steps(self, state, x, y, batches, steps):
        runs = state[0][0].shape[0]
        size = stack.LONGEST if batches is None else batches.shape[0]
        room = jnp.zeros((size, runs), "float32")

        def one(values, batch):
            if batches is None:
                return self._step(values, x, y)
            return self._step(values, x[batch], y[batch])

        def body(carry):
            i, state, losses, hits = carry
            batch = jnp.zeros(runs) if batches is None else batches[i]
            state, loss, hit = _stacked(one)(state, batch)
            return i + 1, state, losses.at[i].set(loss), hits.at[i].set(hit)

        _, state, losses, hits = jax.lax.while_loop(
            lambda carry: carry[0] < steps, body, (0, state, room, room)
        )
        return state, losses, hits

    def _score_all(self, state, x, y, examples):
        def one(values, index):
            return self.network.score(values, x[index], y[index])

        return _stacked(one)(state, examples)

    def _outputs(self, state, x):
        return _stacked(lambda values: self.network.outputs(values, x))(state)

    def _compiled_probe(self, function):
        def all_runs(state, x, y, examples):
            def one(values, index):
                return self.network.probe(function, values, x[index], y[index])

            return _stacked(one)(state, examples)

        return jax.jit(all_runs)


def stateless(optimizer):
    """Return a copy of a Keras optimizer that may be stacked."""
    return stack.copied(optimizer)


def _stacked(function):
    mapped = jax.vmap(function)

    def fused(*arguments):
        sum_of_terms = functools.partial(jnp.sum, axis=1)
        with (
            stack.fused_small_products(keras_numpy, sum_of_terms),
            logits.remembered(keras_nn),
        ):
            return mapped(*arguments)

    return fused

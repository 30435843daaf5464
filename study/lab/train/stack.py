"""What the stacks of all backends share: how a caller trains and reads many runs."""

import keras
import numpy as np

from study.lab.errors import DefinitionError
from study.lab.train import optimizers
from study.lab.train.replaced import replaced

# Steps of one call: the room for losses is fixed, so one program serves all lengths.
LONGEST = 1_024
# Examples evaluated at once: of each run, and of all runs of a stack together.
CHUNK, CHUNKS = 1_000, 1_000_000
# Products of at most this many multiplications are fused instead of called.
SMALL_PRODUCT = 4_096


class Stack:
    """Compile one structure; train, score and look into many runs of it.

    The state of a stack is a tuple (trainable, non-trainable, optimizer, numbers), each
    a list of tensors whose first axis counts the runs. An adapter brings `place`,
    `numpy`, `choose`, `take` and the compiled `_train`, `_score`, `_predict`, `_renew`
    and `_probe`.
    """

    def train(self, state, x, y, batches, steps: int):
        """Take `steps` steps and return the state, losses and hits as (runs, steps).

        `batches` holds indices into `x`, (at least `steps`, runs, batch size); `None`
        trains every run on all of `x`, for at most `LONGEST` steps.
        """
        state, losses, hits = self._train(state, x, y, batches, steps)
        return state, self.numpy(losses)[:steps].T, self.numpy(hits)[:steps].T

    def evaluate(self, state, x, y, examples):
        """Return mean loss and share of errors as (runs,), in inference.

        `examples` holds indices into `x`, (runs, n).
        """
        loss = hits = 0.0
        chunk = max(1, min(CHUNK, CHUNKS // len(examples)))
        for start in range(0, examples.shape[1], chunk):
            part = examples[:, start : start + chunk]
            losses, correct = self._score(_weights(state), x, y, part)
            loss = loss + self.numpy(losses).astype("float64")
            hits = hits + self.numpy(correct).astype("float64")
        return loss / examples.shape[1], 1 - hits / examples.shape[1]

    def predict(self, state, x):
        """Return the outputs of every run on `x`, (runs, n, units), in inference."""
        return self.numpy(self._predict(_weights(state), x))

    def probe(self, function, state, x, y, examples):
        """Return `function(model, x, y)` of every run, (runs, ...)."""
        return self.numpy(self._probe(function)(_weights(state), x, y, examples))

    def renew(self, state):
        """Return the state with every mask per epoch drawn afresh."""
        return self._renew(state)

    def learning_rates(self, state):
        """Return the learning rate of every run, (runs,)."""
        return np.array(self.numpy(state[2][self._learning_rate()]))

    def with_learning_rates(self, state, rates):
        """Return the state with other learning rates, (runs,)."""
        optimizer = list(state[2])
        optimizer[self._learning_rate()] = self.place(rates)
        return state[0], state[1], optimizer, state[3]

    def _learning_rate(self):
        """Return where the learning rate stands among the optimizer's variables."""
        names = [each.name for each in self.network.optimizer.variables]
        if "learning_rate" not in names:
            raise DefinitionError(
                "plateau: expected an optimizer with a constant learning rate, which "
                "can be lowered. Received: one with a schedule"
            )
        return names.index("learning_rate")

    def averaged(self, state):
        """Return the state whose weights are their moving averages, if these are kept.

        Keras's `fit` puts them in place when it ends.
        """
        optimizer = self.network.optimizer
        if not optimizer.use_ema:
            return state
        at = {id(each): i for i, each in enumerate(optimizer.variables)}
        averages = [
            state[2][at[id(each)]] for each in optimizer._model_variables_moving_average
        ]
        return averages, *state[1:]


def _weights(state):
    """Return a state without the optimizer's part, which inference does not read."""
    return state[0], state[1], [], state[3]


class Unconditional:
    """Mixed into an optimizer: take no step inside a conditional.

    Keras sums up gradients and overwrites weights with their moving averages in
    branches, whose effects a stack would see whatever the condition.
    """

    def _backend_apply_gradients(self, grads, trainable_variables):
        if not self.gradient_accumulation_steps:
            super()._backend_apply_gradients(grads, trainable_variables)
            return
        due = (self._iterations + 1) % self.gradient_accumulation_steps == 0
        sums = [
            self._accumulated_gradients[self._get_variable_index(each)]
            for each in trainable_variables
        ]
        totals = [grad + each.value for grad, each in zip(grads, sums, strict=True)]
        changed = [*trainable_variables, *self.variables]
        before = [each.value for each in changed]
        grads = [each / self.gradient_accumulation_steps for each in totals]
        grads = self._clip_gradients(grads)
        self._apply_weight_decay(trainable_variables)
        self._backend_update_step(grads, trainable_variables, self.learning_rate)
        for each, value in zip(changed, before, strict=True):
            each.assign(keras.ops.where(due, each.value, value))
        for each, total in zip(sums, totals, strict=True):
            each.assign(keras.ops.where(due, keras.ops.zeros_like(total), total))
        if self.use_ema:
            self._update_model_variables_moving_average(self._trainable_variables)

    def _use_weight_decay(self, variable):
        # What is excluded from it stands in no config.
        return optimizers.decays(self.original, variable)

    def _update_model_variables_moving_average(self, trainable_variables):
        super()._update_model_variables_moving_average(trainable_variables)
        if self.ema_overwrite_frequency:
            due = (self.iterations + 1) % self.ema_overwrite_frequency == 0
            averages = self._model_variables_moving_average
            for each, average in zip(trainable_variables, averages, strict=True):
                each.assign(keras.ops.where(due, average.value, each.value))

    def _overwrite_model_variables_with_average_value(self, trainable_variables):
        pass


def copied(optimizer, *bases):
    """Return a copy of an optimizer that takes steps without conditionals."""
    kind = type(optimizer)
    twin = type(kind.__name__, (Unconditional, kind, *bases), {})
    made = twin.from_config(optimizers.config(optimizer))
    made.original = optimizer
    return made


def fused_small_products(module, fused):
    """Let Keras's `matmul` in `module` fuse products too small to be worth a call."""
    matmul = module.matmul

    def product(x1, x2):
        if (
            len(x1.shape) == len(x2.shape) == 2
            and None not in (*x1.shape, *x2.shape)
            and x1.shape[0] * x1.shape[1] * x2.shape[1] <= SMALL_PRODUCT
        ):
            return fused(x1[:, :, None] * x2[None])
        return matmul(x1, x2)

    return replaced(module, "matmul", product)

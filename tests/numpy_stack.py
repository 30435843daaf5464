"""Softmax regression in NumPy: a stack that compiles nothing, and one run alone.

What the engine does around its stacks is told apart here from how a stack computes,
which the twins trained by Keras check.
"""

from types import SimpleNamespace

import numpy as np

from study.lab.train import initial, plan, stack, stackable
from study.lab.train.order import Order


class Stack(stack.Stack):
    """Train many networks of one softmax layer by plain gradient descent.

    They may have an L2 penalty on their kernel, whose strength may be each run's own.
    """

    def __init__(self, model, optimizer, loss, jit):
        optimizer.build(model.trainable_variables)
        self.network = SimpleNamespace(model=model, optimizer=optimizer)
        self.strength = strength(model, optimizer)

    def place(self, arrays):
        return arrays

    def numpy(self, array):
        return np.asarray(array)

    def choose(self, mask, one, other):
        def pick(a, b):
            return np.where(np.reshape(mask, [-1] + [1] * (a.ndim - 1)), a, b)

        return tuple(
            [pick(*pair) for pair in zip(*parts, strict=True)]
            for parts in zip(one, other, strict=True)
        )

    def take(self, state, rows):
        return tuple([each[rows] for each in part] for part in state)

    def _train(self, state, x, y, batches, steps):
        (kernel, bias), others, optimizer, swept = state
        (penalty,) = swept or [np.full(len(kernel), self.strength, "float32")]
        rate = optimizer[self._learning_rate()]
        losses, hits = [], []
        for dealt in batches[:steps]:
            shares = softmax(x[dealt], kernel, bias)
            loss, hit = scores(shares, y[dealt])
            penalties = penalty / 2 * (kernel**2).sum(axis=(1, 2))
            losses.append(loss.mean(axis=1) + penalties)
            hits.append(hit.mean(axis=1))
            kernel, bias = descend(
                shares, x[dealt], y[dealt], kernel, bias, rate, penalty
            )
        state = [kernel, bias], others, optimizer, swept
        return state, np.array(losses, "float32"), np.array(hits, "float32")

    def _score(self, state, x, y, examples):
        loss, hit = scores(softmax(x[examples], *state[0]), y[examples])
        return loss.sum(axis=1), hit.sum(axis=1)

    def _predict(self, state, x):
        return softmax(x[None], *state[0])

    def _probe(self, function):
        def probe(state, x, y, examples):
            found = [
                function(Trained(*weights), x[each], y[each])
                for *weights, each in zip(*state[0], examples, strict=True)
            ]
            return np.array(found)

        return probe


class Trained:
    """One network, as probes and Keras's callbacks know it."""

    def __init__(self, kernel, bias, rate=0.0):
        self.weights = [kernel, bias]
        self.optimizer = SimpleNamespace(learning_rate=rate)
        self.stop_training = False

    def __call__(self, x, training=False):
        kernel, bias = self.weights
        return softmax(x[None], kernel[None], bias[None])[0]

    def predict(self, x, verbose=0):
        return self(x)

    def get_weights(self):
        return [each.copy() for each in self.weights]

    def set_weights(self, weights):
        self.weights = weights


def fit_alone(
    experiment,
    cell,
    replicate,
    stage="judge",
    epochs=1,
    callbacks=(),
    validation_data=None,
    x=None,
):
    """Return the losses of every step and the network, trained alone.

    `x` are the inputs of every step, if they are not the examples as they are.
    """
    model, optimizer = plan.build(experiment, cell)
    (kernel, bias), _ = initial.draw(model, stage, replicate)
    trained = Trained(kernel, bias, float(optimizer.learning_rate))
    penalty = np.array([strength(model, optimizer)], "float32")
    for each in callbacks:
        each.set_model(trained)
        each.on_train_begin()
    arrays, steps = experiment.data.load(), experiment.budget(cell)
    examples, _ = experiment.split(stage, replicate, cell)
    size = experiment.setting("batch_size", cell)
    order = Order(stage, replicate, examples, size, experiment.replacement)
    losses = []
    batches = order.batches(0, steps)
    x = arrays.x[batches] if x is None else x
    for step, (dealt, y) in enumerate(zip(x, arrays.y[batches], strict=True)):
        kernel, bias = trained.weights
        shares = softmax(dealt[None], kernel[None], bias[None])
        loss, _ = scores(shares, y[None])
        losses.append(loss.mean() + penalty[0] / 2 * (kernel**2).sum())
        rate = np.array([trained.optimizer.learning_rate], "float32")
        (kernel,), (bias,) = descend(
            shares, dealt[None], y[None], kernel[None], bias[None], rate, penalty
        )
        trained.set_weights([kernel, bias])
        epoch, left = divmod(step + 1, steps // epochs)
        if callbacks and left == 0:
            inputs, truth = validation_data
            loss, _ = scores(trained(inputs)[None], truth[None])
            for each in callbacks:
                each.on_epoch_end(epoch - 1, {"val_loss": loss.mean()})
        if trained.stop_training:
            break
    for each in callbacks:
        each.on_train_end()
    return np.array(losses), trained


def strength(model, optimizer):
    """Return the strength of the penalty, 0 where there is none."""
    found = [each.value for each in stackable.find(model, optimizer).values()]
    return found[0] if found else 0.0


def softmax(x, kernel, bias):
    logits = x @ kernel + bias[:, None]
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)


def scores(shares, y):
    """Return the loss of each example, and whether it is predicted correctly."""
    right = np.take_along_axis(shares, y[..., None], axis=-1)[..., 0]
    return -np.log(right), shares.argmax(axis=-1) == y


def descend(shares, x, y, kernel, bias, rate, penalty):
    """Return the weights after one step; the first axis counts the runs."""
    back = (shares - np.eye(shares.shape[-1], dtype="float32")[y]) / y.shape[1]
    slope = np.swapaxes(x, 1, 2) @ back + penalty[:, None, None] * kernel
    return (
        kernel - rate[:, None, None] * slope,
        bias - rate[:, None] * back.sum(axis=1),
    )

"""One run of a network as functions without state, the same on every backend."""

import contextlib

import keras

from study.lab.train import stackable
from study.lab.train.objective import Objective


class Network:
    """Train, score and look into one run, given its values.

    The values of a run are a tuple (trainable, non-trainable, optimizer, numbers), each
    a list of tensors; `numbers` takes the place of attributes that runs differ in.
    """

    def __init__(self, model, optimizer, loss):
        self.model = model
        self.optimizer = optimizer
        self.optimizer.build(model.trainable_variables)
        self.objective = Objective(loss)
        self.numbers = [*stackable.find(model, optimizer).values()]

    def cost(self, trainable, values, x, y):
        """Return what is minimized, with the loss, the outputs and the new state."""
        _, non_trainable, _, stacked = values
        with stackable.replaced(self.numbers, stacked):
            outputs, non_trainable, penalties = self.model.stateless_call(
                trainable, non_trainable, x, training=True, return_losses=True
            )
        loss = self.objective.batch(y, outputs)
        for each in penalties:
            loss = loss + each
        return self.optimizer.scale_loss(loss), (loss, outputs, non_trainable)

    def update(self, values, gradients):
        """Return the trainable and the optimizer's values after one step."""
        trainable, _, optimizer, stacked = values
        with stackable.replaced(self.numbers, stacked):
            return self.optimizer.stateless_apply(optimizer, gradients, trainable)

    def score(self, values, x, y):
        """Return the sums of losses and of hits, in inference."""
        outputs = self.outputs(values, x)
        loss = keras.ops.sum(self.objective.each(y, outputs))
        return loss, keras.ops.sum(self.objective.hits(y, outputs))

    def outputs(self, values, x):
        """Return the outputs, in inference."""
        trainable, non_trainable, _, stacked = values
        with stackable.replaced(self.numbers, stacked):
            return self.model.stateless_call(
                trainable, non_trainable, x, training=False
            )[0]

    def probe(self, function, values, x, y):
        """Return `function(model, x, y)`, with this run's values in the model."""
        with self._inside(values):
            return function(self.model, x, y)

    def renew(self, values):
        """Return the values with every mask per epoch drawn afresh."""
        with self._inside(values) as scope:
            for layer in renewed(self.model):
                layer.renew()
        variables = self.model.non_trainable_variables
        fresh = [scope.get_current_value(each) for each in variables]
        return values[0], fresh, *values[2:]

    @contextlib.contextmanager
    def _inside(self, values):
        trainable, non_trainable, _, stacked = values
        pairs = [
            *zip(self.model.trainable_variables, trainable, strict=True),
            *zip(self.model.non_trainable_variables, non_trainable, strict=True),
        ]
        with (
            stackable.replaced(self.numbers, stacked),
            keras.StatelessScope(state_mapping=pairs) as scope,
        ):
            yield scope


def renewed(model):
    """List the layers whose masks last an epoch."""
    return [
        each
        for each in model._flatten_layers()
        if hasattr(each, "renew") and getattr(each, "mask", "epoch") == "epoch"
    ]

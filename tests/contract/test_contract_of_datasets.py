"""Data sets keep the promises of everything that takes part in training."""

import keras
import numpy as np
from contract import Trained, TrainingContract
from fresh import outputs

ARGUMENTS = {"Reshuffled": lambda kind: kind(np.ones((3, 5)))}


class TestDatasets(TrainingContract):
    modules = ("study.datasets",)
    arguments = ARGUMENTS
    together = False

    def layer(self, component, name):
        return keras.layers.Dense(4, "tanh")

    def is_random(self, component):
        return True

    def train(self, model, names, epochs=8, batch=None):
        (name,), (x, y) = names, self.data(names)
        before, start = outputs(model, x), self.weights(names)
        handed = self.components()[name](
            x[0], y[:, 0], batch_size=batch or self.batch, seed=1
        )
        model.fit(handed, epochs=epochs, verbose=0)
        end = self.weights(names)
        after = outputs(model, x)
        return {name: Trained(y[:, 0], before, after, start[name], end[name])}

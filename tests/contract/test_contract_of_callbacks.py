"""Callbacks keep the promises of everything that takes part in training."""

import keras
import numpy as np
from contract import TrainingContract

X = np.ones((3, 5), "float32")
ARGUMENTS = {
    "ActivationStatistics": lambda kind: kind(X, bins=3),
    "DeadUnits": lambda kind: kind(X),
    "EarlyStopping": lambda kind: kind("loss", patience=3),
    "GradientNorms": lambda kind: kind(X, np.ones((3, 1, 2), "float32"), bins=3),
}


class TestCallbacks(TrainingContract):
    """All of them look at one network."""

    modules = ("study.callbacks",)
    arguments = ARGUMENTS

    def layer(self, component, name):
        return keras.layers.Dense(4, "tanh")

    def network(self, names, policy, **compiled):
        return super().network(names[:1], policy, **compiled)

    def train(self, model, names, epochs=8, batch=None):
        (trained,) = super().train(model, names[:1], epochs, batch).values()
        return dict.fromkeys(names, trained)

    def callbacks(self, names):
        return [self.make(name) for name in self.names()]

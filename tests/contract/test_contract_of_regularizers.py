"""Regularizers keep the promises of every component."""

import keras
from contract import Contract

ARGUMENTS = {"L1L2": lambda kind: kind(l1=0.01, l2=0.02)}


class TestRegularizers(Contract):
    modules = ("study.regularizers",)
    arguments = ARGUMENTS

    def layer(self, component, name):
        if name == "KLSparsity":
            return keras.layers.Dense(3, "sigmoid", activity_regularizer=component)
        return keras.layers.Dense(
            3, kernel_regularizer=component, bias_regularizer=component
        )

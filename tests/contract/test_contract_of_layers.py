"""Layers keep the promises of every component."""

import keras
from contract import Contract


def dense(units):
    return keras.layers.Dense(units, "tanh")


ARGUMENTS = {
    "BatchNormalization": lambda kind: kind(momentum=0.7),
    "DropConnect": lambda kind: kind(3, 0.2, seed=1),
    "Dropout": lambda kind: kind(0.2, seed=1),
    "FastForward": lambda kind: kind(dense(3)),
    "Maxout": lambda kind: kind(3),
    "PolyInception": lambda kind: kind("mpoly-2", dense(6), dense(6)),
    "RandomElasticDistortion": lambda kind: kind(alpha=2.0, sigma=1.0, seed=1),
    "Residual": lambda kind: kind(dense(6)),
    "SimpleRecurrent": lambda kind: kind(3),
    "SplitAndMerge": lambda kind: kind([dense(2), dense(3)]),
    "StochasticPooling2D": lambda kind: kind(seed=1),
}
SHAPES = {
    "RandomElasticDistortion": (5, 4, 2),
    "SimpleRecurrent": (4, 3),
    "StochasticPooling2D": (4, 6, 1),
}


class TestLayers(Contract):
    modules = ("study.layers", "study.augmentation")
    arguments = ARGUMENTS
    shape = (6,)
    shapes = SHAPES

    def layer(self, component, name):
        return component

    def is_random(self, component):
        return component.get_config().get("seed") is not None

    def test_every_weight_learns(self, name, plain):
        trained, _ = plain
        assert trained[name].still == []

    def test_its_output_shape_is_told_before_there_are_outputs(self, name):
        layer, shape = self.make(name), self.shapes.get(name, self.shape)
        symbolic = layer(keras.Input(shape))
        for batch in (1, 7):
            outputs = layer(keras.ops.ones((batch, *shape)))
            told = layer.compute_output_shape((batch, *shape))
            assert tuple(outputs.shape) == tuple(told)
            assert tuple(symbolic.shape) == (None, *told[1:])

"""Draw initial weights the way the lectures write them."""

import keras


@keras.saving.register_keras_serializable(package="study")
class Xavier(keras.initializers.VarianceScaling):
    """Draw weights from a normal distribution with the lectures' Xavier scale.

    Formula: `w ~ N(0, stddev**2)` with `stddev = sqrt(1 / fan_in)`, not truncated.

    The variance is exactly `1 / fan_in`. Glorot and Bengio's own scale is
    `2 / (fan_in + fan_out)` (`keras.initializers.GlorotNormal`, truncated);
    `keras.initializers.LecunNormal` is the truncated twin of this one.

    Args:
        seed: Integer or `keras.random.SeedGenerator`. An integer makes every call
            return the same values. Defaults to `None`, a fresh seed.

    Example:

    >>> weights = Xavier(seed=0)((400, 300))
    >>> round(float(keras.ops.std(weights)), 2)
    0.05

    Reference:
        Glorot and Bengio, 2010, Understanding the difficulty of training deep
        feedforward neural networks.
    """

    def __init__(self, seed=None):
        super().__init__(1.0, "fan_in", "untruncated_normal", seed=seed)

    def get_config(self):
        return {"seed": super().get_config()["seed"]}


@keras.saving.register_keras_serializable(package="study")
class He(keras.initializers.VarianceScaling):
    """Draw weights from a normal distribution with the lectures' He scale.

    Formula: `w ~ N(0, stddev**2)` with `stddev = sqrt(2 / fan_in)`, not truncated.

    The variance is exactly `2 / fan_in`, which keeps the mean square of a ReLU
    layer's input the same from layer to layer. `keras.initializers.HeNormal` is the
    truncated twin with the same variance.

    Args:
        seed: Integer or `keras.random.SeedGenerator`. An integer makes every call
            return the same values. Defaults to `None`, a fresh seed.

    Example:

    >>> weights = He(seed=0)((800, 100))
    >>> round(float(keras.ops.std(weights)), 2)
    0.05

    Reference:
        He, Zhang, Ren and Sun, 2015, Delving deep into rectifiers: surpassing
        human-level performance on ImageNet classification.
    """

    def __init__(self, seed=None):
        super().__init__(2.0, "fan_in", "untruncated_normal", seed=seed)

    def get_config(self):
        return {"seed": super().get_config()["seed"]}

"""Say of an optimizer whether the engine trains with it as `fit` does."""

import json

import keras

from study.lab.errors import DefinitionError


def check(optimizer: keras.Optimizer, cell: dict) -> None:
    """Raise a DefinitionError where the engine cannot train as `fit` does."""
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        raise DefinitionError(
            "optimizer: expected one whose steps do not wait for finite gradients, "
            "such as the one inside with a fixed loss_scale_factor. Received: "
            f"LossScaleOptimizer with {cell}"
        )
    rate, schedules = optimizer._learning_rate, keras.optimizers.schedules
    if callable(rate) and not isinstance(rate, schedules.LearningRateSchedule):
        raise DefinitionError(
            "optimizer: expected a learning rate that is a number or a "
            "keras.optimizers.schedules.LearningRateSchedule, since a function of "
            "nothing is called once, when a program is compiled. Received: "
            f"{getattr(rate, '__name__', rate)} with {cell}"
        )
    try:
        again = type(optimizer).from_config(config(optimizer))
    except Exception as error:
        raise DefinitionError(
            f"optimizer: expected one that its config makes again. Received: "
            f"{type(optimizer).__name__} with {cell}: {error}"
        ) from error
    if _text(again) != _text(optimizer):
        raise DefinitionError(
            "optimizer: expected one whose config holds all of its settings. Received: "
            f"{type(optimizer).__name__} with {cell}, made again with others"
        )


def config(optimizer: keras.Optimizer) -> dict:
    """Return the config of an optimizer, with the schedule itself if it has one."""
    found = optimizer.get_config()
    if isinstance(found["learning_rate"], dict):
        found["learning_rate"] = optimizer._learning_rate
    return found


def decays(optimizer: keras.Optimizer, variable) -> bool:
    """Return whether weight decay acts on a weight, by the name that `fit` looks at."""
    if keras.backend.backend() == "tensorflow":
        variable = variable._value  # whose name begins with those of its layers
    return optimizer._use_weight_decay(variable)


def excluded(model: keras.Model, optimizer: keras.Optimizer) -> list[int]:
    """Return the places of the weights that are excluded from weight decay."""
    if optimizer.weight_decay is None:
        return []
    weights = enumerate(model.trainable_variables)
    return [i for i, each in weights if not decays(optimizer, each)]


def _text(optimizer):
    return json.dumps(optimizer.get_config(), sort_keys=True, default=str)

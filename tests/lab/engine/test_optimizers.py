"""In the engine's stack every optimizer takes the steps that it takes alone."""

import keras
import numpy as np
import pytest
from digits_study import train
from twin import fit_alone

from study import optimizers
from study.lab import data
from study.lab.experiment import Experiment
from study.lab.measures import FinalLoss
from study.lab.models import mlp

# Its contract compiles each, and tests/optimizers walks it beside its Keras twin.
pytestmark = pytest.mark.slow

STEPS = 12
# Float32 carries 6e-8; 12 steps of training make 1e-5 of it.
TOLERANCE = 2e-5


def model(initializer):
    return mlp(64, (), 10, kernel_initializer=initializer)


def make(name, factor=1.0, **settings):
    """Return the `optimizer` function of an experiment."""
    return lambda learning_rate: getattr(optimizers, name)(
        learning_rate * factor, **settings
    )


@pytest.mark.parametrize(
    "optimizer",
    [
        make("SGD", weight_decay=0.01),
        make("Momentum", decay=0.01),
        make("Nesterov", global_clipnorm=1.0),
        make("AdaGrad"),
        make("RMSProp", 0.02),
        make("AdaDelta", 10.0),
        make("Adam", 0.05, epsilon_hat=False),
        make("Nadam", 0.05, clipnorm=0.5),
    ],
    ids=optimizers.defaults.TWINS,
)
def test_every_run_of_a_stack_equals_its_twin_trained_alone(optimizer):
    definition = Experiment(
        title="digits",
        claims=(),
        data=data.digits(train=97, validation=31),
        model=model,
        optimizer=optimizer,
        batch_size=19,
        steps=STEPS,
        vary={
            "initializer": {"he": keras.initializers.HeNormal()},
            "learning_rate": (0.02, 0.1),
        },
        replicates=2,
        measures=(FinalLoss(),),
    )
    program, result, *_ = train(definition, replicates=range(2))
    assert len(program.runs) == 4
    last = 3  # the other learning rate and replicate than the first
    alone, _ = fit_alone(definition, *program.runs[last])
    np.testing.assert_allclose(result.curves[last], alone, rtol=TOLERANCE)
    assert len(np.unique(result.measures["final_loss"])) == 4

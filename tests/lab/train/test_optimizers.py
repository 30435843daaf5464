"""In the engine's stack every optimizer takes the steps that it takes alone."""

import importlib
import itertools

import keras
import numpy as np
import pytest
from digits_study import experiment, sgd, softmax, train
from twin import fit_alone

from study import optimizers
from study.lab import data
from study.lab.declare.experiment import Experiment
from study.lab.declare.measures import FinalLoss, TestLoss
from study.lab.declare.models import mlp
from study.lab.errors import DefinitionError
from study.lab.train import plan
from study.lab.train.loop import Engine, Stack
from study.lab.train.plan import programs

pytestmark = pytest.mark.usefixtures("stacked")

stateless = importlib.import_module(Stack.__module__).stateless

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


# Its contract compiles each, and tests/optimizers walks it beside its Keras twin.
@pytest.mark.slow
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


OURS = [getattr(optimizers, name) for name in optimizers.defaults.TWINS]
KERAS = [
    getattr(keras.optimizers, name)
    for name in (
        "SGD",
        "Adam",
        "AdamW",
        "RMSprop",
        "Nadam",
        "Adamax",
        "Adadelta",
        "Adagrad",
        "Adafactor",
        "Ftrl",
        "Lion",
        "Lamb",
        "Muon",
    )
]
AVERAGED = {"use_ema": True, "ema_momentum": 0.8}
ARGUMENTS = {
    "nothing": {},
    "loss_scale_factor": {"loss_scale_factor": 1024.0},
    "gradient_accumulation_steps": {"gradient_accumulation_steps": 3},
    "use_ema": AVERAGED,
    "ema_overwrite_frequency": AVERAGED | {"ema_overwrite_frequency": 2},
    "clipnorm": {"clipnorm": 0.5},
    "clipvalue": {"clipvalue": 0.1},
    "global_clipnorm": {"global_clipnorm": 0.5},
    "weight_decay": {"weight_decay": 0.1},
    "exclude_from_weight_decay": {"weight_decay": 0.1},
    "schedule": {},
    "all": AVERAGED
    | {
        "loss_scale_factor": 8.0,
        "gradient_accumulation_steps": 2,
        "ema_overwrite_frequency": 2,
        "clipnorm": 0.5,
        "weight_decay": 0.1,
    },
}


def with_argument(kind, argument):
    rate = 0.05
    if argument in ("schedule", "all"):
        rate = keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.5)
    made = kind(rate, **ARGUMENTS[argument])
    if argument in ("exclude_from_weight_decay", "all"):
        made.exclude_from_weight_decay(var_names=["bias"])
    return made


WHOLE = optimizers.SGD, keras.optimizers.Adam


def pairs():
    """Give two optimizers each argument, and all the others nothing, all, and one.

    What an argument does stands in the class that they share.
    """
    turns = itertools.cycle(
        [each for each in ARGUMENTS if each not in ("nothing", "all")]
    )
    for kind in (*OURS, *KERAS):
        whole = kind in WHOLE
        for argument in ARGUMENTS if whole else ("nothing", "all", next(turns)):
            yield pytest.param(
                kind,
                argument,
                marks=() if whole else pytest.mark.slow,
                id=f"{kind.__module__.partition('.')[0]} {kind.__name__} {argument}",
            )


@pytest.mark.parametrize(("kind", "argument"), [*pairs()])
def test_with_its_arguments_every_optimizer_steps_as_under_fit(kind, argument):
    random = np.random.default_rng(5)
    drawn = [random.normal(size=shape).astype("float32") for shape in ((4, 3), (3,))]
    weights = [
        keras.Variable(each, name=name)
        for each, name in zip(drawn, ("kernel", "bias"), strict=True)
    ]
    alone = with_argument(kind, argument)
    stacked = stateless(with_argument(kind, argument))
    stacked.original.build(weights)  # as for the state of the first runs
    stacked.build(weights)
    alone.build(weights)
    values = [keras.ops.convert_to_tensor(each) for each in drawn]
    state = [keras.ops.convert_to_tensor(each.value) for each in stacked.variables]
    scale = float(alone.scale_loss(1.0))
    assert float(stacked.scale_loss(1.0)) == scale
    for _ in range(7):
        gradients = [
            keras.ops.convert_to_tensor(
                scale * random.normal(size=each.shape).astype("float32")
            )
            for each in drawn
        ]
        alone.apply(gradients, weights)
        values, state = stacked.stateless_apply(state, gradients, values)
        for one, other in zip(weights, values, strict=True):
            np.testing.assert_allclose(
                keras.ops.convert_to_numpy(other), one.numpy(), rtol=1e-5, atol=1e-6
            )
    for one, other in zip(alone.variables, state, strict=True):
        np.testing.assert_allclose(
            keras.ops.convert_to_numpy(other), one.numpy(), rtol=1e-5, atol=1e-6
        )


@pytest.mark.parametrize(
    ("kind", "argument"),
    [
        (optimizers.SGD, "all"),
        pytest.param(keras.optimizers.Adam, "all", marks=pytest.mark.slow),
        pytest.param(optimizers.Momentum, "all", marks=pytest.mark.slow),
        pytest.param(optimizers.Nadam, "use_ema", marks=pytest.mark.slow),
        pytest.param(
            optimizers.SGD, "gradient_accumulation_steps", marks=pytest.mark.slow
        ),
        pytest.param(optimizers.SGD, "loss_scale_factor", marks=pytest.mark.slow),
        pytest.param(
            optimizers.SGD, "exclude_from_weight_decay", marks=pytest.mark.slow
        ),
    ],
)
@pytest.mark.slow
def test_arguments_compiled_in_a_stack_train_as_fit_does(kind, argument):
    definition = experiment(
        model=softmax,
        optimizer=lambda: with_argument(kind, argument),
        steps=STEPS,
        evaluations=1,
        measures=(FinalLoss(), TestLoss()),
    )
    engine = Engine(definition)
    program, result, *_ = train(definition, engine=engine)
    alone, trained = fit_alone(definition, *program.runs[2])
    np.testing.assert_allclose(result.curves[2], alone, rtol=TOLERANCE)
    trained.compile(loss=definition.loss, run_eagerly=True)
    arrays = definition.data.load()
    told = trained.evaluate(arrays.x_test, arrays.y_test, verbose=0)
    assert result.measures["test_loss"][2] == pytest.approx(told, rel=1e-4)
    _, again, *_ = train(definition, engine=engine, replicates=range(2))
    np.testing.assert_array_equal(again.curves, result.curves[:2])


def no_rate():
    return 0.1


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        (
            lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1)),
            "the one inside with a fixed loss_scale_factor. Received: LossScaleOpt",
        ),
        (
            lambda: keras.optimizers.SGD(no_rate),
            "a function of nothing is called once, when a program is compiled. "
            "Received: no_rate with {}",
        ),
    ],
)
def test_an_optimizer_that_trains_otherwise_is_refused_before_it_is(
    optimizer, expected
):
    definition = experiment(model=softmax, optimizer=optimizer)
    with pytest.raises(DefinitionError) as error:
        programs(definition, "judge", [({}, 0)])
    assert str(error.value).startswith("optimizer: expected ")
    assert expected in str(error.value)


class Closed(keras.optimizers.SGD):
    """Take an argument that its config does not tell."""

    def __init__(self, power):
        super().__init__(0.1 * power)


def test_an_optimizer_that_its_config_does_not_make_again_is_refused():
    definition = experiment(model=softmax, optimizer=lambda: Closed(2.0))
    with pytest.raises(DefinitionError, match="optimizer: expected one that its con"):
        programs(definition, "judge", [({}, 0)])


def test_weights_excluded_from_decay_are_compiled_apart():
    def built(exclude):
        optimizer = keras.optimizers.SGD(0.1, weight_decay=0.1)
        if exclude:
            optimizer.exclude_from_weight_decay(var_names=["bias"])
        return plan.structure(softmax(), optimizer)

    assert built(True) == built(True) != built(False)
    assert plan.structure(softmax(), sgd()) == plan.structure(softmax(), sgd())

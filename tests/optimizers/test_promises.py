"""What every optimizer promises: state, config, shapes, sparse gradients, precision."""

import inspect

import keras
import numpy as np
import pytest
from feeding import batches
from walks import OURS, PAIRS, walk

from study.optimizers import Nadam

every = pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)


def test_every_optimizer_is_tested():
    assert set(PAIRS) == set(OURS)
    assert len(OURS) == 8


@every
def test_the_learning_rate_can_be_set_between_steps(kind):
    ours, _ = PAIRS[kind]
    variable = keras.Variable([1.0])
    optimizer = ours()
    optimizer.apply([keras.ops.ones((1,))], [variable])
    before = variable.numpy().copy()
    optimizer.learning_rate = 0.0
    if hasattr(optimizer, "velocities"):  # which holds the rates of past steps
        optimizer.momentum = 0.0
    optimizer.apply([keras.ops.ones((1,))], [variable])
    assert variable.numpy() == before


@every
def test_iterations_count_the_steps(kind):
    ours, _ = PAIRS[kind]
    optimizer, rounds = ours(), ours(gradient_accumulation_steps=3)
    for each in (optimizer, rounds):
        walk(each, steps=7)
    assert int(optimizer.iterations) == 7
    assert int(rounds.iterations) == 2


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@every
def test_variables_of_any_shape_move_alone_and_state_has_their_shape(kind, dtype):
    shapes = [(), (1,), (7,), (2, 3, 1, 5), (0, 4)]
    random = np.random.default_rng(3)
    starts = [random.normal(size=shape) for shape in shapes]
    gradients = [random.normal(size=shape) for shape in shapes]

    def moved(group):
        """Return the optimizer and its variables after three steps."""
        optimizer = PAIRS[kind][0]()
        variables = [keras.Variable(starts[i], dtype=dtype) for i in group]
        tensors = [keras.ops.convert_to_tensor(gradients[i], dtype) for i in group]
        for _ in range(3):
            optimizer.apply(tensors, variables)
        return optimizer, [each.numpy() for each in variables]

    optimizer, together = moved(range(len(shapes)))
    for i, start in enumerate(starts):
        _, (alone,) = moved([i])
        np.testing.assert_allclose(together[i], alone, rtol=1e-6)
        assert together[i].shape == start.shape
        assert (together[i] != start).all()
    state = [
        each for each in optimizer.variables if each.ndim or "product" in each.path
    ]
    assert {each.shape for each in state if each.ndim} <= set(shapes)
    # JAX holds float64 in 32 bits unless it is told not to, whatever it is called.
    held = {str(each.numpy().dtype) for each in state}
    assert held <= {str(each.dtype) for each in together}


@every
def test_a_tensor_may_stand_in_the_place_of_every_number(kind):
    """An engine that sweeps a number puts one there while it traces."""

    def steps(place):
        variable = keras.Variable([2.0, -1.0])
        optimizer = PAIRS[kind][0]()
        optimizer.build([variable])
        for name in inspect.signature(kind.__init__).parameters:
            number = getattr(optimizer, name, None)
            if isinstance(number, float):
                setattr(optimizer, name, place(number / 2))
        for gradient in (1.0, -3.0, 0.5):
            optimizer.apply([keras.ops.full((2,), gradient)], [variable])
        return variable.numpy()

    swept = steps(keras.ops.convert_to_tensor)
    np.testing.assert_allclose(swept, steps(float), rtol=1e-5)  # three steps, float32


@pytest.mark.slow
@pytest.mark.parametrize("jit", [False, True])
def test_fit_takes_the_same_steps_compiled_and_not(jit):
    if jit and keras.backend.backend() == "torch":
        pytest.skip("torch.compile takes minutes for a step")

    def fit(**compiled):
        layer = keras.layers.Dense(1, kernel_initializer="ones")
        model = keras.Sequential([keras.Input((3,)), layer])
        model.compile(PAIRS[Nadam][0](weight_decay=0.1), "mse", **compiled)
        x = np.linspace(-1, 1, 21, dtype="float32").reshape(7, 3)
        model.fit(**batches(x, x[:, :1] + 2, 4), epochs=3, verbose=0)
        return layer.kernel.numpy()

    expected = fit(run_eagerly=True)
    # Six steps in float32, on weights of about 1.
    np.testing.assert_allclose(fit(jit_compile=jit), expected, rtol=1e-5)
    assert abs(expected - 1).min() > 1e-2


@every
def test_the_config_brings_the_same_optimizer_back(kind):
    signature = inspect.signature(kind.__init__).parameters
    defaults = {
        name: each.default
        for name, each in signature.items()
        if each.default is not each.empty and name != "learning_rate"
    }
    changed = {
        name: not value if isinstance(value, bool) else value / 2 or 0.25
        for name, value in defaults.items()
    }
    optimizer = kind(0.125, **changed, weight_decay=0.5, clipnorm=2.0, name="mine")
    config = optimizer.get_config()
    own = changed | {"learning_rate": 0.125, "weight_decay": 0.5, "clipnorm": 2.0}
    assert {name: config[name] for name in own} == own
    again = kind.from_config(dict(config))
    assert again.get_config() == config
    assert (walk(again, 3) == walk(optimizer, 3)).all()


@every
def test_keras_finds_it_by_its_registered_name_and_never_takes_its_own(kind):
    config = keras.optimizers.serialize(kind(0.125))
    assert config["registered_name"] == f"study>{kind.__name__}"
    assert type(keras.saving.deserialize_keras_object(config)) is kind
    assert type(keras.optimizers.deserialize(config)) is kind
    assert type(keras.optimizers.get(f"study>{kind.__name__}")) is kind


@every
def test_a_schedule_survives_the_config(kind):
    schedule = keras.optimizers.schedules.ExponentialDecay(0.125, 2, 0.5)
    config = keras.optimizers.serialize(kind(schedule))
    again = keras.optimizers.deserialize(config)
    assert (walk(again, 4) == walk(kind(schedule), 4)).all()


@every
@pytest.mark.slow
def test_an_embedding_learns_as_the_dense_layer_it_stands_for(kind):
    """Also where a batch names one word several times: gradients add up."""
    words = np.array([[1, 1, 4], [1, 0, 0]])
    target = np.linspace(3, 4, 12).reshape(2, 6)  # no gradients near 0

    def learn(layer, x):
        model = keras.Sequential([layer, keras.layers.Flatten()])
        model.build(x.shape)
        layer.set_weights([np.linspace(-1, 1, 10).reshape(5, 2)])
        model.compile(PAIRS[kind][0](), "mse", run_eagerly=True)
        model.fit(x, target, batch_size=2, epochs=4, verbose=0)
        return layer.get_weights()[0]

    embedded = learn(keras.layers.Embedding(5, 2), words)
    dense = learn(keras.layers.Dense(2, use_bias=False), np.eye(5)[words])
    # Four steps in float32, from gradients summed in another order.
    np.testing.assert_allclose(embedded, dense, rtol=1e-4, atol=1e-5)
    assert abs(dense - np.linspace(-1, 1, 10).reshape(5, 2)).max() > 1e-3


@every
@pytest.mark.slow
def test_under_mixed_precision_it_trains_float32_weights(kind):
    layer = keras.layers.Dense(1, dtype="mixed_float16", kernel_initializer="ones")
    model = keras.Sequential([keras.Input((3,)), layer])
    optimizer = keras.optimizers.LossScaleOptimizer(
        PAIRS[kind][0](), initial_scale=2.0**10
    )
    model.compile(optimizer, "mse", run_eagerly=True)
    x = np.linspace(-1, 1, 15).reshape(5, 3)
    losses = model.fit(x, x[:, :1], batch_size=5, epochs=5, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    kinds = {each.dtype for each in optimizer.inner_optimizer.variables if each.ndim}
    assert kinds <= {"float32"}
    assert layer.kernel.dtype == "float32"

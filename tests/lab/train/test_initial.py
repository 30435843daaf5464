"""Initial weights: paired across cells, fresh in every replicate and layer."""

import keras
import numpy as np
import pytest

from study.initializers import He
from study.lab.declare.models import mlp
from study.lab.errors import DefinitionError
from study.lab.train import initial
from study.layers import Maxout, SimpleRecurrent

NORMAL = keras.initializers.RandomNormal(0, 1)


def net(kernel_initializer=NORMAL, hidden=(6, 6)):
    return mlp(6, hidden, 6, kernel_initializer=kernel_initializer)


def draw(model, stage="judge", replicate=0):
    trainable, non_trainable = initial.draw(model, stage, replicate)
    return [*trainable, *non_trainable]


def assert_equal(first, second):
    assert [each.tobytes() for each in first] == [each.tobytes() for each in second]


def kernels(values):
    return [each for each in values if each.ndim == 2]


def test_a_replicate_has_the_same_weights_in_every_cell_of_a_structure():
    assert_equal(draw(net()), draw(net()))
    seeded = keras.initializers.RandomNormal(0, 1, seed=77)
    assert_equal(draw(net()), draw(net(seeded)))


def test_initializers_of_one_family_are_paired_up_to_their_scale():
    wide = keras.initializers.RandomNormal(0, 2.5)
    for one, other in zip(draw(net()), draw(net(wide)), strict=True):
        np.testing.assert_allclose(2.5 * one, other, rtol=1e-6)


@pytest.mark.parametrize(
    "other", [{"replicate": 1}, {"stage": "tune"}, {"stage": "draft"}], ids=str
)
def test_another_replicate_or_stage_has_no_kernel_weight_in_common(other):
    pairs = zip(kernels(draw(net())), kernels(draw(net(), **other)), strict=True)
    assert not any(np.isin(one, two).any() for one, two in pairs)


def test_layers_of_one_shape_and_initializer_get_different_draws():
    first, second, third = kernels(draw(net()))
    assert first.shape == second.shape == third.shape
    assert not np.isin(first, second).any()
    assert not np.isin(second, third).any()


def test_every_weight_is_drawn_by_its_own_initializer():
    model = keras.Sequential(
        [
            keras.Input((5,)),
            keras.layers.Dense(
                7,
                kernel_initializer="zeros",
                bias_initializer=keras.initializers.Constant(0.3),
            ),
            keras.layers.BatchNormalization(
                gamma_initializer="zeros", moving_mean_initializer="ones"
            ),
        ]
    )
    trainable, (mean, variance) = initial.draw(model, "judge", 0)
    kernel, bias, gamma, beta = trainable
    assert (kernel == 0).all()
    assert (kernel.shape, bias.shape) == ((5, 7), (7,))
    np.testing.assert_array_equal(bias, np.float32(0.3))
    assert (gamma == 0).all()
    assert (beta == 0).all()
    assert (mean == 1).all()
    assert (variance == 1).all()


@keras.saving.register_keras_serializable("test_initial")
class Counted(keras.initializers.Constant):
    """Count how often constant weights are made."""

    made = 0

    def __call__(self, shape, dtype=None):
        Counted.made += 1
        return super().__call__(shape, dtype)


def test_weights_that_no_seed_draws_are_made_once_for_all_replicates(monkeypatch):
    monkeypatch.setattr(Counted, "made", 0)
    layer = keras.layers.Dense(3, bias_initializer=Counted(0.3))
    model = keras.Sequential([keras.Input((2,)), layer])
    made = Counted.made
    draws = [draw(model, replicate=each) for each in range(4)]
    assert Counted.made == made + 1
    assert all((bias == np.float32(0.3)).all() for _, bias in draws)
    assert len({kernel.tobytes() for kernel, _ in draws}) == 4


@keras.saving.register_keras_serializable("test_initial")
class Unseeded(keras.initializers.Initializer):
    """Draw weights of a generator that no argument names."""

    def __call__(self, shape, dtype=None):
        return keras.random.normal(shape, dtype=dtype)


def test_weights_drawn_without_a_seed_differ_between_replicates():
    layer = keras.layers.Dense(3, kernel_initializer=Unseeded())
    model = keras.Sequential([keras.Input((2,)), layer])
    kernels = {draw(model, replicate=each)[0].tobytes() for each in range(4)}
    assert len(kernels) == 4


def test_layers_inside_layers_and_functional_models_are_reached():
    inputs = keras.Input((4, 6))
    inner = keras.Sequential([keras.Input((6,)), keras.layers.Dense(6)])
    hidden = keras.layers.TimeDistributed(inner)(inputs)
    model = keras.Model(inputs, keras.layers.add([inputs, hidden]))
    kernel, bias = draw(model)
    # Glorot's uniform draws of a 6 by 6 kernel lie within √(6 / 12).
    assert 0.5 < abs(kernel).max() <= np.sqrt(0.5)
    assert (bias == 0).all()


def scaled():
    return keras.initializers.VarianceScaling(2.0, "fan_avg", "normal", seed=5)


K = keras.layers
HEADS = {"num_heads": 2, "key_dim": 3, "kernel_initializer": scaled()}
RECURRENT = {"kernel_initializer": scaled(), "recurrent_initializer": scaled()}
BIASED = {"bias_initializer": keras.initializers.RandomNormal(seed=5)}
LAYERS = {
    "Dense": (lambda: K.Dense(3, kernel_initializer=scaled()), (4,)),
    "EinsumDense": (
        lambda: K.EinsumDense("abc,cde->abde", (5, 2, 3), kernel_initializer=scaled()),
        (5, 4),
    ),
    "EinsumDense, left out": (
        lambda: K.EinsumDense("...x,xy->...y", 3, kernel_initializer=He(seed=5)),
        (5, 4),
    ),
    "EinsumDense, shared": (
        lambda: K.EinsumDense("abc,bcd->abd", (5, 3), kernel_initializer=He(seed=5)),
        (5, 4),
    ),
    "EinsumDense, named": (
        lambda: K.EinsumDense(
            "ab,bcd->acd",
            (2, 3),
            kernel_initializer=He(seed=5, input_axes=[1], output_axes=[0]),
        ),
        (4,),
    ),
    "Embedding": (
        lambda: K.Embedding(9, 3, embeddings_initializer=scaled()),
        (4,),
    ),
    "Conv1D": (lambda: K.Conv1D(3, 2, kernel_initializer=scaled()), (5, 4)),
    "SimpleRNN": (lambda: K.SimpleRNN(3, **RECURRENT), (5, 4)),
    "GRU": (lambda: K.GRU(3, **RECURRENT, **BIASED), (5, 4)),
    "LSTM": (lambda: K.LSTM(3, **RECURRENT, **BIASED), (5, 4)),
    "LSTM, plain": (
        lambda: K.LSTM(3, **RECURRENT, **BIASED, unit_forget_bias=False),
        (5, 4),
    ),
    "Bidirectional": (lambda: K.Bidirectional(K.LSTM(3, **RECURRENT)), (5, 4)),
    "SimpleRecurrent": (lambda: SimpleRecurrent(3, **RECURRENT), (5, 4)),
    "Maxout": (lambda: Maxout(3, kernel_initializer=He(seed=5)), (4,)),
}


class SelfAttention(K.Layer):
    def __init__(self, attention):
        super().__init__()
        self.attention = attention

    def build(self, shape):
        self.attention.build(shape, shape)

    def call(self, x):
        return self.attention(x, x)


LAYERS["MultiHeadAttention"] = (
    lambda: SelfAttention(K.MultiHeadAttention(**HEADS)),
    (5, 4),
)


@pytest.mark.parametrize(("make", "shape"), LAYERS.values(), ids=LAYERS)
def test_a_layer_starts_with_what_it_draws_itself_for_the_same_seed(
    make, shape, monkeypatch
):
    class Fives:
        def integers(self, most, size):
            return np.full(size, 5)

    monkeypatch.setattr(initial, "generator", lambda *of: Fives())
    model = keras.Sequential([keras.Input(shape), make()])
    trainable, _ = initial.draw(model, "judge", 0)
    assert_equal(trainable, [each.numpy() for each in model.trainable_variables])
    assert any(each.std() > 0 for each in trainable)


def test_a_weight_without_a_known_initializer_is_refused_by_name():
    class Scale(keras.layers.Layer):
        def build(self, shape):
            self.factor = self.add_weight(shape=(), initializer="ones", name="factor")

        def call(self, x):
            return self.factor * x

    model = keras.Sequential([keras.Input((3,)), Scale(name="half")])
    with pytest.raises(DefinitionError) as error:
        initial.draw(model, "judge", 0)
    assert "\n" not in str(error.value)
    assert "half/factor" in str(error.value)
    assert "`factor_initializer`" in str(error.value)


def test_seed_generators_start_differently_in_every_replicate_and_layer():
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dropout(0.5), keras.layers.Dropout(0.5)]
    )
    states = [initial.draw(model, "judge", replicate)[1] for replicate in range(20)]
    keys = [int(state[0]) for pair in states for state in pair]
    assert len(set(keys)) == 40
    declared = {keras.backend.standardize_dtype(v.dtype) for v in model.variables}
    assert {state.dtype.name for pair in states for state in pair} == declared
    assert {int(state[1]) for pair in states for state in pair} == {0}
    assert_equal(states[7], initial.draw(model, "judge", 7)[1])


def test_drawing_leaves_the_model_as_it_was():
    model = net()
    before = [each.numpy() for each in model.variables]
    draw(model)
    assert_equal(before, [each.numpy() for each in model.variables])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_nudge_moves_every_weight_by_one_unit_in_its_last_place(dtype):
    weights = np.linspace(-2, 2, 50).astype(dtype)  # 0 is none of them
    state = np.array([3, 0])
    (moved,), (kept,) = initial.nudged(([weights], [state]), seed=1)
    assert moved.dtype == weights.dtype
    down, up = (np.nextafter(weights, end, dtype=dtype) for end in (-np.inf, np.inf))
    assert ((moved == down) | (moved == up)).all()
    assert (moved == down).any()
    assert (moved == up).any()
    assert kept is state
    (same,), _ = initial.nudged(([weights], [state]), seed=1)
    (other,), _ = initial.nudged(([weights], [state]), seed=2)
    assert np.array_equal(same, moved)
    assert not np.array_equal(other, moved)

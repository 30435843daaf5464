"""Xavier, He, Glorot, Normal: moments, their Keras twins, shapes, and saving."""

import keras
import numpy as np
import pytest
from compiling import JITS

from study.initializers import Glorot, He, Normal, Xavier

# The variance by (fan_in, fan_out).
VARIANCES = [
    pytest.param(Xavier, lambda fan_in, fan_out: 1 / fan_in, id="Xavier"),
    pytest.param(He, lambda fan_in, fan_out: 2 / fan_in, id="He"),
    pytest.param(Glorot, lambda fan_in, fan_out: 2 / (fan_in + fan_out), id="Glorot"),
    pytest.param(Normal, lambda fan_in, fan_out: 0.01**2, id="Normal"),
]
variances = pytest.mark.parametrize(("initializer", "variance"), VARIANCES)
initializers = pytest.mark.parametrize("initializer", [Xavier, He, Glorot, Normal])
shapes = pytest.mark.parametrize(
    ("shape", "fan_in", "fan_out"),
    [
        ((317, 211), 317, 211),
        ((3, 5, 7, 501), 105, 7515),
        ((5, 11, 997), 55, 4985),
    ],
    ids=["dense", "conv2d", "conv1d"],
)
SIGMAS = 5  # a right initializer strays so far with one seed in a million


def draw(initializer, shape):
    return np.asarray(initializer(shape), "float64")


@variances
@shapes
def test_mean_is_0_and_variance_is_the_one_documented(
    initializer, variance, shape, fan_in, fan_out
):
    weights = draw(initializer(seed=11), shape)
    n = weights.size  # 66,887 and 52,605 and 54,835 draws
    wanted = variance(fan_in, fan_out)
    # Of n normal draws the mean has variance v / n, the variance 2 v² / n.
    assert abs(weights.mean()) < SIGMAS * np.sqrt(wanted / n)
    assert weights.var() == pytest.approx(wanted, rel=SIGMAS * np.sqrt(2 / n))


@variances
def test_tails_are_those_of_a_normal_distribution_not_truncated(initializer, variance):
    weights = draw(initializer(seed=12), (317, 211)) / np.sqrt(variance(317, 211))
    n = weights.size  # 66,887 draws; the fourth moment of a normal is 3, its sd √(96/n)
    assert abs((weights**4).mean() - 3) < SIGMAS * np.sqrt(96 / n)
    # Beyond 3 sd a normal has 0.27 % of its draws, one truncated at 2 sd none.
    assert (abs(weights) > 3).mean() == pytest.approx(0.0027, rel=0.5)


def scaled(gain, fan):
    return lambda seed: keras.initializers.VarianceScaling(
        gain, fan, "untruncated_normal", seed=seed
    )


TWINS = (
    pytest.param(Xavier, scaled(1.0, "fan_in"), id="Xavier"),
    pytest.param(He, scaled(2.0, "fan_in"), id="He"),
    pytest.param(Glorot, scaled(1.0, "fan_avg"), id="Glorot"),
    pytest.param(
        Normal,
        lambda seed: keras.initializers.RandomNormal(stddev=0.01, seed=seed),
        id="Normal",
    ),
)
twins = pytest.mark.parametrize(("initializer", "twin"), TWINS)


@twins
def test_equals_the_keras_initializer_of_the_same_seed_to_the_bit(initializer, twin):
    ours, theirs = draw(initializer(seed=7), (17, 9)), draw(twin(seed=7), (17, 9))
    assert ours.tobytes() == theirs.tobytes()


K = keras.layers
# Every kind of weight that Keras draws by an initializer: a function from one to a
# layer, and the shape of an example.
PLACES = {
    "Dense": (lambda draws: K.Dense(3, kernel_initializer=draws), (5,)),
    "EinsumDense": (
        lambda draws: K.EinsumDense("ab,bcd->acd", (2, 3), kernel_initializer=draws),
        (7,),
    ),
    "EinsumDense, two axes in": (
        lambda draws: K.EinsumDense("abc,bcd->ad", 3, kernel_initializer=draws),
        (4, 7),
    ),
    "MultiHeadAttention": (
        lambda draws: SelfAttention(2, 3, kernel_initializer=draws),
        (4, 7),
    ),
    "GroupQueryAttention": (
        lambda draws: SelfAttention(3, 2, 1, kernel_initializer=draws),
        (4, 7),
    ),
    "Embedding": (lambda draws: K.Embedding(5, 3, embeddings_initializer=draws), (4,)),
    "SimpleRNN": (
        lambda draws: K.SimpleRNN(
            3, kernel_initializer=draws, recurrent_initializer=draws
        ),
        (4, 7),
    ),
    "LSTM": (
        lambda draws: K.LSTM(3, kernel_initializer=draws, recurrent_initializer=draws),
        (4, 7),
    ),
    "GRU": (
        lambda draws: K.GRU(3, kernel_initializer=draws, recurrent_initializer=draws),
        (4, 7),
    ),
    "ConvLSTM2D": (
        lambda draws: K.ConvLSTM2D(
            3, 2, kernel_initializer=draws, recurrent_initializer=draws
        ),
        (3, 5, 5, 2),
    ),
    "Conv1D": (lambda draws: K.Conv1D(3, 2, kernel_initializer=draws), (5, 2)),
    "Conv2D": (lambda draws: K.Conv2D(3, 2, kernel_initializer=draws), (5, 5, 2)),
    "Conv3D": (lambda draws: K.Conv3D(3, 2, kernel_initializer=draws), (4, 4, 4, 2)),
    "Conv2DTranspose": (
        lambda draws: K.Conv2DTranspose(3, 2, kernel_initializer=draws),
        (5, 5, 2),
    ),
    "DepthwiseConv2D": (
        lambda draws: K.DepthwiseConv2D(3, 2, depthwise_initializer=draws),
        (5, 5, 2),
    ),
    "SeparableConv2D": (
        lambda draws: K.SeparableConv2D(
            3, 2, depthwise_initializer=draws, pointwise_initializer=draws
        ),
        (5, 5, 2),
    ),
    "bias": (lambda draws: K.Dense(3, bias_initializer=draws), (5,)),
}


class SelfAttention(keras.layers.Layer):
    def __init__(self, *sizes, **options):
        super().__init__()
        grouped = len(sizes) == 3
        kind = K.GroupQueryAttention if grouped else K.MultiHeadAttention
        self.attention = kind(*sizes, **options)

    def build(self, shape):
        self.attention.build(shape, shape)


def weights_of(layer, shape):
    keras.utils.set_random_seed(8)  # for the weights that stay Keras's
    layer.build((None, *shape))
    return [np.asarray(each) for each in layer.weights]


@pytest.mark.parametrize(
    ("place", "initializer", "twin"),
    [
        pytest.param(
            place,
            *each.values,
            id=f"{place}, {each.id}",
            # Every place and every initializer once.
            marks=() if place == "Dense" or each.id == "He" else pytest.mark.slow,
        )
        for place in PLACES
        for each in TWINS
    ],
)
def test_everywhere_in_keras_it_draws_what_its_twin_draws(initializer, twin, place):
    make, shape = PLACES[place]
    ours = weights_of(make(initializer(seed=7)), shape)
    theirs = weights_of(make(twin(seed=7)), shape)
    assert len(ours) == len(theirs) > 0
    for one, other in zip(ours, theirs, strict=True):
        assert one.shape == other.shape
        assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("initializer", [Xavier, He, Glorot])
def test_a_layer_that_names_the_axes_is_saved_and_loaded(initializer, tmp_path):
    model = keras.Sequential(
        [
            keras.Input((7,)),
            K.EinsumDense("ab,bcd->acd", (2, 3), kernel_initializer=initializer()),
        ]
    )
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras").layers[0]
    assert type(loaded.kernel_initializer) is initializer
    kernel = np.asarray(model.layers[0].kernel)
    np.testing.assert_array_equal(np.asarray(loaded.kernel), kernel)


@pytest.mark.parametrize("initializer", [Xavier, He, Glorot])
def test_named_axes_are_what_the_fans_multiply(initializer):
    wide = {"input_axes": [1], "output_axes": [0, 2]}
    weights = draw(initializer(seed=2, **wide), (31, 211, 17))
    fan_in, fan_out = 211, 31 * 17
    wanted = {Xavier: 1 / fan_in, He: 2 / fan_in, Glorot: 2 / (fan_in + fan_out)}
    tolerance = SIGMAS * np.sqrt(2 / weights.size)
    assert weights.var() == pytest.approx(wanted[initializer], rel=tolerance)
    config = initializer(seed=2, **wide).get_config()
    assert config == {"seed": 2} | wide
    again = draw(initializer.from_config(config), (31, 211, 17))
    assert again.tobytes() == weights.tobytes()


def test_configurations_from_before_the_axes_were_arguments_still_load():
    for initializer in (Xavier, He, Glorot):
        assert initializer.from_config({"seed": 4}).input_axes is None


@pytest.mark.parametrize(
    ("initializer", "twin"),
    [
        (He, keras.initializers.HeNormal),
        (Xavier, keras.initializers.LecunNormal),
        (Glorot, keras.initializers.GlorotNormal),
        (Glorot, keras.initializers.GlorotUniform),
    ],
)
def test_has_the_variance_of_its_bounded_keras_twin(initializer, twin):
    ours, theirs = (draw(each(seed=3), (317, 211)) for each in (initializer, twin))
    # Two variances of 66,887 draws each; the bounded one strays less than a normal.
    tolerance = SIGMAS * np.sqrt(2 * 2 / ours.size)
    assert ours.var() == pytest.approx(theirs.var(), rel=tolerance)


@initializers
def test_a_seed_brings_the_same_values_at_every_call_and_another_seed_others(
    initializer,
):
    first = initializer(seed=5)
    values = draw(first, (6, 7))
    assert values.tobytes() == draw(first, (6, 7)).tobytes()
    assert values.tobytes() == draw(initializer(seed=5), (6, 7)).tobytes()
    assert not np.isin(values, draw(initializer(seed=6), (6, 7))).any()


@initializers
def test_without_a_seed_every_instance_draws_afresh(initializer):
    one, other = draw(initializer(), (6, 7)), draw(initializer(), (6, 7))
    assert not np.isin(one, other).any()


@initializers
@pytest.mark.parametrize("seed", [None, 1])
def test_layers_that_share_an_instance_start_equal_as_with_keras(initializer, seed):
    def equal(kernel_initializer):
        layers = [
            keras.layers.Dense(6, kernel_initializer=kernel_initializer)
            for _ in range(2)
        ]
        model = keras.Sequential([keras.Input((6,)), *layers])
        first, _, second, _ = model.get_weights()
        return first.tobytes() == second.tobytes()

    assert equal(initializer(seed=seed))
    assert equal(keras.initializers.RandomNormal(seed=seed))
    assert not equal(initializer(seed=keras.random.SeedGenerator(1)))


@initializers
def test_a_seed_generator_moves_on_from_call_to_call(initializer):
    seeded = initializer(seed=keras.random.SeedGenerator(3))
    assert not np.isin(draw(seeded, (6, 7)), draw(seeded, (6, 7))).any()


@initializers
def test_the_config_has_the_seed_and_brings_the_same_initializer_back(initializer):
    config = initializer(seed=9).get_config()
    width = {"stddev": 0.01} if initializer is Normal else {}
    assert config == {"seed": 9} | width
    again = initializer.from_config(config)
    assert type(again) is initializer
    assert draw(again, (4, 3)).tobytes() == draw(initializer(seed=9), (4, 3)).tobytes()


@initializers
def test_keras_serializes_it_by_name_without_custom_objects(initializer):
    config = keras.saving.serialize_keras_object(initializer(seed=9))
    assert config["registered_name"] == f"study>{initializer.__name__}"
    assert type(keras.saving.deserialize_keras_object(config)) is initializer


@initializers
def test_a_model_with_it_is_saved_and_loaded_with_weights_and_seed(
    initializer, tmp_path
):
    layer = keras.layers.Dense(3, kernel_initializer=initializer(seed=4))
    model = keras.Sequential([keras.Input((5,)), layer])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras").layers[0]
    assert type(loaded.kernel_initializer) is initializer
    assert loaded.kernel_initializer.get_config()["seed"] == 4
    kernel = draw(initializer(seed=4), (5, 3))
    assert np.asarray(loaded.kernel, "float64").tobytes() == kernel.tobytes()


@pytest.mark.parametrize("stddev", [0.0, 0.3, 1.0])
def test_the_width_of_normal_is_its_argument(stddev):
    weights = draw(Normal(stddev, seed=2), (211, 317))
    # The sd of a sample of n strays by sd / √(2 n).
    tolerance = SIGMAS / np.sqrt(2 * weights.size)
    assert weights.std() == pytest.approx(stddev, rel=tolerance)
    config = Normal(stddev, seed=2).get_config()
    assert (
        draw(Normal.from_config(config), (3, 2)).std()
        == draw(Normal(stddev, seed=2), (3, 2)).std()
    )


@pytest.mark.parametrize("stddev", [-0.1, float("inf"), float("nan")])
def test_a_width_out_of_range_is_refused(stddev):
    message = rf"`stddev` .*finite number from 0 up\. Received: stddev={stddev}"
    with pytest.raises(ValueError, match=message):
        Normal(stddev)


def test_equal_weights_keep_the_units_of_a_layer_equal():
    """What the module says of Keras's constants."""
    constant = keras.initializers.Constant(0.3)
    hidden = keras.layers.Dense(4, "tanh", kernel_initializer=constant)
    model = keras.Sequential([keras.Input((3,)), hidden, keras.layers.Dense(1)])
    model.layers[1].set_weights([np.full((4, 1), 0.3), np.zeros(1)])
    model.compile("sgd", "mse", jit_compile=JITS)
    x = np.random.default_rng(1).normal(size=(7, 3))
    for _ in range(5):
        model.train_on_batch(x, x[:, :1])
    kernel = np.asarray(hidden.kernel)
    np.testing.assert_allclose(kernel, np.repeat(kernel[:, :1], 4, axis=1), rtol=1e-6)
    assert abs(kernel - 0.3).max() > 1e-3

"""Xavier and He: moments, their Keras twins, shapes, and saving."""

import keras
import numpy as np
import pytest

from study.initializers import He, Xavier

GAINS = [pytest.param(Xavier, 1, id="Xavier"), pytest.param(He, 2, id="He")]
gains = pytest.mark.parametrize(("initializer", "gain"), GAINS)
initializers = pytest.mark.parametrize("initializer", [Xavier, He])
shapes = pytest.mark.parametrize(
    ("shape", "fan_in"),
    [((317, 211), 317), ((3, 5, 7, 501), 105), ((5, 11, 997), 55)],
    ids=["dense", "conv2d", "conv1d"],
)
SIGMAS = 5  # a right initializer strays so far with one seed in a million


def draw(initializer, shape):
    return np.asarray(initializer(shape), "float64")


@gains
@shapes
def test_mean_is_0_and_variance_is_the_gain_over_fan_in(
    initializer, gain, shape, fan_in
):
    weights = draw(initializer(seed=11), shape)
    n = weights.size  # 66,887 and 52,605 and 54,835 draws
    variance = gain / fan_in
    # Of n normal draws the mean has variance v / n, the variance 2 v² / n.
    assert abs(weights.mean()) < SIGMAS * np.sqrt(variance / n)
    assert weights.var() == pytest.approx(variance, rel=SIGMAS * np.sqrt(2 / n))


@gains
def test_tails_are_those_of_a_normal_distribution_not_truncated(initializer, gain):
    weights = draw(initializer(seed=12), (317, 211)) * np.sqrt(317 / gain)
    n = weights.size  # 66,887 draws; the fourth moment of a normal is 3, its sd √(96/n)
    assert abs((weights**4).mean() - 3) < SIGMAS * np.sqrt(96 / n)
    # Beyond 3 sd a normal has 0.27 % of its draws, one truncated at 2 sd none.
    assert (abs(weights) > 3).mean() == pytest.approx(0.0027, rel=0.5)


@gains
def test_equals_keras_variance_scaling_of_the_same_seed_to_the_bit(initializer, gain):
    twin = keras.initializers.VarianceScaling(
        float(gain), "fan_in", "untruncated_normal", seed=7
    )
    ours, theirs = draw(initializer(seed=7), (17, 9)), draw(twin, (17, 9))
    assert ours.tobytes() == theirs.tobytes()


@pytest.mark.parametrize(
    ("initializer", "twin"),
    [
        (He, keras.initializers.HeNormal),
        (Xavier, keras.initializers.LecunNormal),
    ],
)
def test_has_the_variance_of_its_truncated_keras_twin(initializer, twin):
    ours, theirs = (draw(each(seed=3), (317, 211)) for each in (initializer, twin))
    # Two variances of 66,887 draws each; the truncated one strays less than a normal.
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
def test_a_seed_generator_moves_on_from_call_to_call(initializer):
    seeded = initializer(seed=keras.random.SeedGenerator(3))
    assert not np.isin(draw(seeded, (6, 7)), draw(seeded, (6, 7))).any()


@initializers
def test_the_config_is_the_seed_and_brings_the_same_initializer_back(initializer):
    config = initializer(seed=9).get_config()
    assert config == {"seed": 9}
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
    assert loaded.kernel_initializer.get_config() == {"seed": 4}
    kernel = draw(initializer(seed=4), (5, 3))
    assert np.asarray(loaded.kernel, "float64").tobytes() == kernel.tobytes()

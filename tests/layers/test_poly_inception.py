"""PolyInception: which powers of which blocks are added."""

import keras
import numpy as np
import pytest
from layer_checks import draw_inputs, numpy

from study.layers import PolyInception


def blocks():
    return keras.layers.Dense(5, "tanh"), keras.layers.Dense(5, "tanh")


FORMULAS = {
    "poly-2": lambda x, f, g: x + f(x) + f(f(x)),
    "mpoly-2": lambda x, f, g: x + f(x) + g(f(x)),
    "2-way": lambda x, f, g: x + f(x) + g(x),
}
variants = pytest.mark.parametrize("variant", FORMULAS)


@variants
def test_outputs_are_the_sum_of_the_variants_paths(variant):
    x = draw_inputs(7, 5)
    f, g = blocks()
    layer = PolyInception(variant, f, None if variant == "poly-2" else g)
    expected = FORMULAS[variant](keras.ops.convert_to_tensor(x), f, g)
    np.testing.assert_allclose(numpy(layer(x)), numpy(expected), rtol=1e-5, atol=1e-6)


def test_poly_2_has_the_weights_of_one_block_and_the_others_those_of_two():
    counts = {}
    for variant in FORMULAS:
        f, g = blocks()
        layer = PolyInception(variant, f, None if variant == "poly-2" else g)
        layer.build((None, 5))
        counts[variant] = layer.count_params()
    assert counts == {"poly-2": 30, "mpoly-2": 60, "2-way": 60}


@variants
def test_linear_blocks_make_the_polynomial_of_their_matrices(variant):
    x = draw_inputs(7, 5)
    f, g = (keras.layers.Dense(5, use_bias=False) for _ in range(2))
    layer = PolyInception(variant, f, None if variant == "poly-2" else g)
    outputs = numpy(layer(x))
    a = numpy(f.kernel)
    b = a if variant == "poly-2" else numpy(g.kernel)
    matrix = np.eye(5) + a + (b if variant == "2-way" else a @ b)
    np.testing.assert_allclose(outputs, x @ matrix, rtol=1e-4, atol=1e-5)


def test_convolutions_that_keep_the_shape_are_blocks_too():
    x = draw_inputs(2, 6, 5, 3)
    f = keras.layers.Conv2D(3, 3, padding="same")
    outputs = PolyInception("poly-2", [f, keras.layers.ReLU()])(x)
    once = np.maximum(numpy(f(x)), 0)
    twice = np.maximum(numpy(f(once)), 0)
    np.testing.assert_allclose(numpy(outputs), x + once + twice, rtol=1e-4, atol=1e-5)


def test_an_unknown_variant_is_refused():
    with pytest.raises(ValueError, match=r"'mpoly-2' or '2-way'. .*variant='poly-3'"):
        PolyInception("poly-3", keras.layers.Dense(5))


def test_poly_2_refuses_a_second_block():
    with pytest.raises(ValueError, match=r"`g` with these two .*variant='poly-2', g=<"):
        PolyInception("poly-2", *blocks())


@pytest.mark.parametrize("variant", ["mpoly-2", "2-way"])
def test_the_other_variants_need_a_second_block(variant):
    with pytest.raises(ValueError, match=f"variant='{variant}', g=None"):
        PolyInception(variant, keras.layers.Dense(5))


@pytest.mark.parametrize("name", ["f", "g"])
def test_a_block_that_changes_the_shape_is_refused(name):
    parts = {"f": keras.layers.Dense(5), "g": keras.layers.Dense(5)}
    parts[name] = keras.layers.Dense(4)
    with pytest.raises(ValueError, match=rf"\(None, 4\) from `{name}`. Let its last"):
        PolyInception("2-way", **parts)(keras.Input((5,)))


@pytest.mark.parametrize("name", ["f", "g"])
def test_a_block_that_is_no_layer_is_refused(name):
    parts = {"f": keras.layers.Dense(5), "g": keras.layers.Dense(5), name: 5}
    with pytest.raises(ValueError, match=f"a layer or a list .*Received: {name}=5"):
        PolyInception("2-way", **parts)

"""The chain rule by hand: its products are those known, and a wrong slope would err."""

import keras
import numpy as np
import pytest

from study import activations
from study.theory.chain_rule import chain, pulled_back, slopes_multiplied


@pytest.mark.parametrize(
    ("depth", "weight", "size"),
    [(1, 1.0, 1 / 8), (2, 1.0, 1 / 32), (3, 8.0, 1 / 2)],
)
def test_a_chain_multiplies_a_quarter_of_its_weight_a_layer(depth, weight, size):
    found, wanted, terms = chain(depth, weight, activations.sigmoid)
    assert wanted == pytest.approx(size)  # 1/8 · (weight / 4)^(depth - 1)
    assert found == pytest.approx(size)
    assert terms == 2 * depth + 1


def halved(x):
    """Return x, with half of its slope."""
    fixed = keras.ops.stop_gradient(x)
    return fixed + (x - fixed) / 2


def test_differences_see_a_slope_that_is_half_of_what_it_should_be():
    for function, error in ((keras.ops.square, 0), (lambda x: halved(x) ** 2, 1)):
        product, central = slopes_multiplied([function, keras.ops.negative], 1.5)
        assert product < 1e-15
        assert central == pytest.approx(error, abs=1e-9)


def test_pulling_back_misses_a_way_that_stays_out_of_y():
    x, seen = np.array([1.0, 2.0]), []

    def z(y):
        seen.append(1)
        return keras.ops.sum(y) + (len(seen) > 1) * y[0]

    assert pulled_back(lambda x: 3 * x, keras.ops.sum, x) == 0
    assert pulled_back(lambda x: 3 * x, z, x) == pytest.approx(0.5)

"""Universal approximation: the networks that are compared are as large."""

import pytest
from modules import module


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_the_wide_layer_has_as_many_weights_to_two(depth):
    names = module("universal_approximation_width_depth")

    def weights(sizes):
        pairs = zip((1, *sizes), (*sizes, 1), strict=True)
        return sum((a + 1) * b for a, b in pairs)

    narrow, wide = (
        weights(names.sizes(each, depth)) for each in ("width 4", "one wide layer")
    )
    assert abs(narrow - wide) <= 2

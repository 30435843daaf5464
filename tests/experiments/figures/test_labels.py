"""Names beside points: none covers another, and none leaves the picture."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments.figures import labels

BOUNDS = np.array([[0.0, 0.0], [400.0, 300.0]])
SIZES = np.array([[60.0, 15.0], [40.0, 15.0], [80.0, 15.0], [50.0, 15.0]])
places = st.lists(
    st.tuples(st.floats(-500, 900), st.floats(-500, 900)), min_size=4, max_size=4
)


def overlap(one, other, sizes):
    return np.all((one + sizes[0] - other > 1) & (other + sizes[1] - one > 1))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(places)
def test_names_stay_within_bounds_and_do_not_cover_each_other(wanted):
    wanted = np.array(wanted)
    order = labels.reorder(range(4), wanted[:, 1])
    found = labels.apart(wanted, SIZES, BOUNDS, order)
    assert (found >= BOUNDS[0]).all()
    assert (found + SIZES <= BOUNDS[1]).all()
    np.testing.assert_array_equal(
        found[:, 0], np.clip(wanted[:, 0], 0, 400 - SIZES[:, 0])
    )
    for i in range(4):
        for j in range(i):
            assert not overlap(found[i], found[j], SIZES[[i, j]])


def test_a_name_alone_stands_where_it_is_wanted():
    wanted = np.array([[10.0, 10.0], [100.0, 10.0], [10.0, 100.0], [200.0, 250.0]])
    found = labels.apart(wanted, SIZES, BOUNDS, [0, 1, 2, 3])
    np.testing.assert_array_equal(found, wanted)


def test_names_about_as_high_keep_their_order():
    assert labels.reorder([0, 1], [3.0, 0.0]) == [0, 1]
    assert labels.reorder([0, 1], [30.0, 0.0]) == [1, 0]
    assert labels.reorder([0, 1, 2], [5.0, 4.0, -20.0]) == [2, 0, 1]


def test_a_sprite_is_laid_over_a_picture_at_its_place():
    drawn = labels.sprite("Name", (0.0, 0.0, 0.0), dpi=96)
    height, width, _ = drawn.shape
    picture = np.full((100, 120, 3), 200, "uint8")
    labels.paste(picture, drawn, (20, 30))
    inside = picture[100 - 30 - height : 100 - 30, 20 : 20 + width].copy()
    assert inside.min() < 60  # ink
    assert inside.max() > 250  # its halo
    picture[100 - 30 - height : 100 - 30, 20 : 20 + width] = 200
    assert (picture == 200).all()

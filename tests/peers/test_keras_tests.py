"""Keras's own tests, with our components, find the differences that are listed."""

import pytest
from differences import LISTED
from substituted import test_classes, uses_ours

pytestmark = pytest.mark.slow
CLASSES = test_classes()
globals().update(CLASSES)


def test_every_listed_difference_names_a_test_of_ours_and_says_why():
    for name, row in LISTED.items():
        path, _, test = name.partition("::")
        assert path in CLASSES, name
        assert uses_ours(CLASSES[path], test), name
        assert row["why"], name

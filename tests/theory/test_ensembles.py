"""Averages of sub-networks: groups are averaged, and errors counted."""

import numpy as np
import pytest

from study.theory.ensembles import averages, scored


def test_an_average_of_members_that_err_apart_is_right():
    members = np.full((120, 2, 2), 0.5)
    members[::2] = [[0.1, 0.9], [0.9, 0.1]]  # wrong for both
    members[1::2] = [[1.0, 0.0], [0.0, 1.0]]  # right for both, and surer
    found = {k: e for k, e, _ in averages(members, np.array([0, 1]), (1, 2, 120))}
    assert found == {1: 50, 2: 0, 120: 0}


def test_a_score_is_the_share_that_is_wrong_and_the_mean_loss():
    error, loss = scored(np.array([[0.25, 0.75], [0.5, 0.5]]), np.array([0, 0]))
    assert error == 50
    assert loss == pytest.approx(np.log(8) / 2)

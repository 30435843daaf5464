"""Arithmetic is counted as by hand."""

from study.theory.arithmetic import operations
from study.theory.formulas import RULES


def test_the_arithmetic_of_a_step_is_counted_by_hand():
    counted = {
        name: operations(step, slots) for name, (_, step, slots) in RULES.items()
    }
    assert counted["SGD"] == 2  # a product and a difference
    assert counted["Momentum"] == 4  # two products, a difference, a sum
    assert counted["AdaGrad"] == 7  # square, sum, root, sum, product, quotient, diff.
    assert counted["Adam"] > counted["RMSProp"] > counted["AdaGrad"]

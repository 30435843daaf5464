"""Newton against gradient descent: powers of n are fitted to the rows."""

import pytest
from modules import module


def test_the_powers_of_n_are_those_of_the_rows():
    finding = module("newton_against_gradient_descent")
    rows = [
        {
            "method": method,
            "n": n,
            "bytes": n**memory,
            "flops": n**flops,
            "search": n,
            "seconds_step": 1e-6,
        }
        for method, memory, flops in (("Newton", 2, 3), ("gradient descent", 1, 1))
        for n in (2, 4, 8)
    ]
    found = [*finding.powers(rows)]
    assert {each["table"] for each in found} == {"power"}
    assert max(row.get("deviation", 0) for row in found) < 1e-12
    timed = [row["seconds_power"] for row in found if "seconds_power" in row]
    assert timed == pytest.approx([0, 0], abs=1e-12)

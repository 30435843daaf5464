"""Count the arithmetic of a formula by running it on numbers that count."""

import numpy as np


class Counted:
    """A number that counts the arithmetic done with it, for one weight."""

    operations = 0

    def _count(self, other=None):
        Counted.operations += 1
        return Counted()

    __add__ = __radd__ = __sub__ = __rsub__ = _count
    __mul__ = __rmul__ = __truediv__ = __rtruediv__ = root = _count


def root(z):
    """Return the square root of an array or of a number that is counted."""
    return z.root() if isinstance(z, Counted) else np.sqrt(z)


def operations(step, slots):
    """Count the sums, products, quotients and roots of one weight's step.

    Args:
        step: Rule of `study.theory.formulas`.
        slots: Number of arrays that it keeps.

    Example: A product and a difference.

    >>> from study.theory.formulas import sgd
    >>> operations(sgd, 0)
    2
    """
    Counted.operations = 0
    step(Counted(), Counted(), [Counted() for _ in range(slots)], 1, 0.5)
    return Counted.operations

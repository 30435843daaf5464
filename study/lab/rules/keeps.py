"""Judge whether an arm does not raise, or not lower, a measure by what matters."""

from study.lab.rules.moves import Effect


class DoesNotRaise(Effect):
    """The arm does not raise `measure` by what matters: it does as well, or better.

    The effect, its interval and its arguments are those of `Raises`:

        upper < margin   reproduced
        lower > margin   contradicted: raised
                         else unresolved
    """

    _says = "is not above"
    _plain, _plain_share = "not higher", "no more"
    _moved = "raised"
    meaning = (
        "DoesNotRaise and DoesNotLower: reproduced if the interval of the effect lies "
        "below the margin δ, contradicted if above it. The two ends hold one by one, "
        "each at as much as an interval of this page."
    )

    def contradiction(self, found):
        return self._moved if found.lower > found.delta else ""

    def clearance(self, found):
        return (found.delta - found.upper) / (found.delta - found.null)


class DoesNotLower(DoesNotRaise):
    """The arm does not lower `measure` by what matters: `DoesNotRaise`, turned over."""

    _sign = -1
    _says = "is not below"
    _plain, _plain_share = "not lower", "no fewer"
    _moved = "lowered"

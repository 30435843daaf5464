"""Judge one arm against a number that the claim names."""

from typing import ClassVar

from study.lab.rules.base import Comparison


class Threshold(Comparison):
    """What rules share that have a number `above` or `below`, where `than` is None."""

    _less: ClassVar[str]
    _more: ClassVar[str]

    @property
    def _side(self):
        return "below" if self.above is None else "above"

    @property
    def _bound(self):
        return self.below if self.above is None else self.above

    @property
    def stretches(self):
        return self.than is not None

    def contradiction(self, found):
        if self.than is not None:
            return super().contradiction(found)
        if self._side == "above":
            return self._less if found.upper < found.delta else ""
        return self._more if found.lower > found.delta else ""

    def clearance(self, found):
        if self.than is not None:
            return super().clearance(found)
        if self._side == "above":
            return found.lower - found.delta
        return found.delta - found.upper

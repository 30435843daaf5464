"""Tell numbers in the language of the text that they stand in."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Tongue:
    """How a language tells numbers.

    Args:
        of: How a count of several is told, by `reached` and `runs`.
        beyond: How an amount is told that is more than `amount`.
        units: What follows a number, by unit, where that is not the unit itself after
            a space.

    Example:

    >>> KOREAN.share(91, 100), KOREAN.amount("8.6", "%"), KOREAN.more("600", "steps")
    ('100개 중 91개', '8.6%', '600스텝 초과')
    """

    of: str
    beyond: str
    units: Mapping[str, str]

    def share(self, reached: int, runs: int) -> str:
        """Tell how many of several."""
        return self.of.format(reached=f"{reached:,}", runs=f"{runs:,}")

    def amount(self, number: str, unit: str) -> str:
        """Put a unit behind a number, on the same line."""
        if not unit:
            return number
        return number + self.units.get(unit, f"\N{NO-BREAK SPACE}{unit}")

    def more(self, number: str, unit: str) -> str:
        """Tell an amount that was not measured to its end."""
        return self.beyond.format(amount=self.amount(number, unit))


ENGLISH = Tongue(of="{reached} of {runs}", beyond="more than {amount}", units={})
KOREAN = Tongue(
    of="{runs}개 중 {reached}개",
    beyond="{amount} 초과",
    units={
        "%": "%",
        "percentage points": "%p",
        "decades": "자릿수",
        "nats": "\N{NO-BREAK SPACE}nat",
        "s": "초",
        "steps": "스텝",
        "layers": "층",
        "weights": "개",
        "times": "배",
    },
)

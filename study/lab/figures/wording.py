"""Say in few words what a figure shows: its headline and its alternative text."""

from collections.abc import Iterable

from study.lab.rules.summaries import brief

LONGEST = 250  # letters of an alternative text


def sentence(text: str) -> str:
    """Start with a capital."""
    return text[:1].upper() + text[1:]


def measured(value: float, unit: str) -> str:
    """Print a number to three digits, with its unit.

    Example:

    >>> measured(8.601, "%"), measured(0.5, "")
    ('8.6 %', '0.5')
    """
    return f"{brief(value)} {unit}".strip()


def ends(found: Iterable[tuple[str, float, str]]) -> str:
    """Say where a number is lowest and where it is highest.

    Args:
        found: What has it, the number and its text; without a number it is left out.

    Example:

    >>> ends([("ReLU", 8.0, "8 %"), ("tanh", 9.0, "9 %"), ("sigmoid", 12.0, "12 %")])
    'lowest with ReLU (8 %), highest with sigmoid (12 %)'
    """
    found = [each for each in found if each[1] == each[1]]
    if not found:
        return "no run has a number"
    low, high = (choose(found, key=lambda each: each[1]) for choose in (min, max))
    if low[2] == high[2]:
        return f"{low[2]} with {low[0]}" if len(found) == 1 else f"{low[2]} everywhere"
    return f"lowest with {low[0]} ({low[2]}), highest with {high[0]} ({high[2]})"


def told(lead: str, parts: Iterable[str], separator: str = ", ") -> str:
    """Return a lead and of its parts as many as an alternative text has room for.

    Example:

    >>> told("Test error (%), means", ["8 with ReLU", "12 with sigmoid"])
    'Test error (%), means: 8 with ReLU, 12 with sigmoid.'
    """
    parts = list(parts)
    for count in range(len(parts), -1, -1):
        more = f"{separator}{len(parts) - count} more" if count < len(parts) else ""
        text = f"{lead}: {separator.join(parts[:count])}{more}." if count else lead
        if len(text) <= LONGEST:
            return text
    return lead[: LONGEST - 1] + "…"

"""Write the paths of a figure as steps, which pack into fewer bytes than places do."""

import functools
import re

DRAWN = re.compile(rb' d="([MLCQz\d. -]+)"')
PART = re.compile(r"([MLCQz])([^MLCQz]*)")
SPACE = re.compile(r"(?<=\d)\0+(?=[\d.])")  # between numbers that would be one
FINE = 100  # of a unit, to which figures are rounded at most


def stepwise(svg: bytes) -> bytes:
    """Return a figure of ours whose paths tell steps instead of places.

    Example:

    >>> stepwise(b'<path d="M 9.5 3L 11 3L 11 2.5L 9 1.4z"/>')
    b'<path d="m9.5 3h1.5v-.5l-2-1.1z"/>'
    """
    return DRAWN.sub(lambda found: b' d="%s"' % _steps(found[1].decode()), svg)


def _steps(path):
    told, before, at, start = [], "", (0, 0), (0, 0)
    for name, numbers in PART.findall(path):
        places = [round(float(each) * FINE) for each in numbers.split()]
        steps = [each - at[i % 2] for i, each in enumerate(places)]
        at = tuple(places[-2:]) or start
        start = at if name == "M" else start
        name, steps = _straight(name.lower(), steps)
        # A name stands for what follows too, which is a line after a move.
        told.append("" if name == before and name not in "mz" else name)
        told += [_number(each) for each in steps]
        before = name
    return SPACE.sub(" ", "\0".join(told)).replace("\0", "").encode()


def _straight(name, steps):
    """Name a line that is level or upright, which has one number."""
    if name == "l" and 0 in steps:
        return ("v", steps[1:]) if steps[0] == 0 else ("h", steps[:1])
    return name, steps


@functools.cache
def _number(hundredths):
    text = f"{hundredths / FINE:.2f}".rstrip("0").rstrip(".")
    return re.sub(r"^(-?)0(?=\.)", r"\1", text)

"""Lay out panels of lines, and name each line: beside its end, or once over many."""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np

from study.lab.figures.focus import FAR, Focus, focus
from study.lab.rules.summaries import brief

STACKED = 3  # with more panels than this two stand side by side
HEIGHTS = {1: 2.9, 2: 2.1, 3: 1.9}  # inches of a panel that is as wide as the figure
HALF = 1.75  # inches high of one that is half as wide
LINE = 13  # points from a line of text to the next
LETTERS = 17  # of a name in a line
WHOLE = 50  # letters of a title of a panel as wide as the figure
ROW = 46  # letters of a row of names over the panels


def grid(count: int, *, share: bool = True, together: bool = True):
    """Return a figure of panels and their axes, in at most two columns.

    Args:
        count: How many panels.
        share: Whether all have the same vertical axis.
        together: Whether all have the same horizontal axis.
    """
    from study.lab.figures import style

    columns = 1 if count <= STACKED else 2
    rows = -(-count // columns)
    figure = style.canvas(0.6 + rows * HEIGHTS.get(count, HALF))
    every = figure.subplots(
        rows, columns, sharex=together, sharey=share, squeeze=False
    ).ravel()
    for axes in every[count:]:
        axes.set_visible(False)
    for axes in every[count - columns : count]:
        axes.tick_params(labelbottom=True)
    return figure, list(every[:count])


def direct(count: int) -> bool:
    """Tell whether lines are named in each of some panels, beside their ends."""
    return count <= STACKED


def title(axes, text: str, count: int, **look) -> None:
    """Write the title of one of some panels, in lines that it has room for."""
    letters = WHOLE if count <= STACKED else LETTERS + 6
    axes.set_title(textwrap.fill(text, letters), **look)


def alike(groups: Sequence) -> bool:
    """Tell whether one vertical axis suits all panels, and none flattens the others."""
    groups = [np.asarray(each, float).ravel() for each in groups]
    groups = [each[np.isfinite(each)] for each in groups]
    groups = [each for each in groups if len(each)]
    if len(groups) < 2:
        return True
    whole = np.ptp(np.concatenate(groups))
    others = (
        np.ptp(np.concatenate([*groups[:i], *groups[i + 1 :]]))
        for i in range(len(groups))
    )
    return min(others) * FAR >= whole


def focuses(
    panels: Sequence[np.ndarray], log: bool | None = None
) -> tuple[bool, list[Focus]]:
    """Return whether panels share a vertical axis, and what each of them shows.

    They do unless one flattens the others, or most of one would be beyond the axis.

    Args:
        panels: The values of each.
        log: Whether axes are logarithmic; None to choose.
    """
    panels = [np.asarray(each, float).ravel() for each in panels]
    whole = focus(np.concatenate(panels), log=log)
    beyond = max(abs(whole.outside(each)).mean() for each in panels if len(each))
    sizes = [np.log10(each) if whole.log else each for each in panels]
    if beyond <= 0.5 and alike(sizes):
        return True, [whole] * len(panels)
    return False, [focus(each, log=log) for each in panels]


def beside(axes, named: Sequence[tuple[str, tuple[float, float], str]]) -> None:
    """Name lines right of the axes, which have their limits, where each ends.

    Args:
        axes: The axes.
        named: A name, where its line ends in data, and the line's color.
    """
    from study.lab.figures import style

    if not named:
        return
    texts = [textwrap.fill(each, LETTERS) for each, *_ in named]
    height = 72 * 0.75 * axes.figure.get_figheight() / axes.get_gridspec().nrows
    gap = LINE * (1 + max(each.count("\n") for each in texts)) / height
    change = axes.transData + axes.transAxes.inverted()
    ends = np.clip(change.transform([each for _, each, _ in named]), 0, 1)
    placed = style.spread(ends[:, 1], gap)
    over = max(placed) - 1
    if over > 0:  # from the top down, as far as there is room
        placed = style.spread([max(each - over, 0.0) for each in placed], gap)
    for text, (_, _, color), end, place in zip(texts, named, ends, placed, strict=True):
        axes.annotate(
            text,
            end,
            (1.05, place),
            xycoords="axes fraction",
            va="center",
            color=style.dark(color),
            arrowprops={
                "arrowstyle": "-",
                "color": color,
                "lw": 0.7,
                "shrinkA": 1,
                "shrinkB": 2,
                "relpos": (0, 0.5),
            },
            annotation_clip=False,
        )


def legend(figure, looks: Mapping[str, Mapping], title: str = "") -> None:
    """Name lines once, over all panels, by how each is drawn."""
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], **each) for each in looks.values()]
    key(figure, handles, [*looks], title)


def key(figure, handles: Sequence, names: Sequence[str], title: str = "") -> None:
    """Name what is drawn once, over all panels."""
    names = [*map(str, names)]
    longest = max(map(len, names)) + 4
    figure.legend(
        handles,
        names,
        loc="outside upper left",
        ncols=max(min(ROW // longest, len(names)), 1),
        title=title or None,
        alignment="left",
        borderaxespad=0,
    )


def arrows(axes, x, y, color) -> None:
    """Mark where a line goes beyond the axes, and write how far it goes."""
    from study.lab.figures import style

    x, y = np.asarray(x, float), np.asarray(y, float)
    x, y = x[np.isfinite(y)], y[np.isfinite(y)]
    lower, upper = axes.get_ylim()
    for beyond, farthest, edge, marker, side in (
        (y > upper, np.argmax, upper, "^", -11),
        (y < lower, np.argmin, lower, "v", 11),
    ):
        if not beyond.any():
            continue
        at = farthest(y)
        axes.plot(x[at], edge, marker, color=color, ms=6, clip_on=False, zorder=5)
        axes.annotate(
            brief(y[at]),
            (x[at], edge),
            (0, side),
            textcoords="offset points",
            ha="center",
            va="center",
            color=style.dark(color),
            bbox=style.BACKED,
        )

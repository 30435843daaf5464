"""Write names beside points that move, so that none covers another.

By hand: adjustText finds places for one picture, and names would jump between two.
"""

import numpy as np

ROUNDS, ENOUGH = 80, 0.5  # of pushing names apart, until this is what lacks in pixels
ROW = 1.05  # heights of a name from one to the next
ALIKE = 6.0  # pixels by which names must differ to change places
HALO = 3  # pixels


def reorder(order: list[int], heights) -> list[int]:
    """Order names from the lowest to the highest, those about as high as before."""
    order = list(order)
    for end in range(len(order), 1, -1):
        for i in range(end - 1):
            if heights[order[i]] > heights[order[i + 1]] + ALIKE:
                order[i : i + 2] = order[i + 1], order[i]
    return order


def apart(wanted, sizes, bounds, order) -> np.ndarray:
    """Move names up and down from where they are wanted until none covers another.

    Args:
        wanted: Lower left corners, (names, 2).
        sizes: Widths and heights, (names, 2).
        bounds: Lower left and upper right corner of where names may be, (2, 2).
        order: Names from the lowest to the highest, where they are side by side.

    Returns:
        The corners, (names, 2).
    """
    places = np.clip(wanted, bounds[0], bounds[1] - sizes).tolist()
    widths, heights = np.transpose(sizes).tolist()
    floor, ceiling = bounds[0][1], bounds[1][1]
    for _ in range(ROUNDS):
        largest = 0.0
        for rank, above in enumerate(order):
            for below in order[:rank]:
                one, other = places[above], places[below]
                if one[0] < other[0] + widths[below] and (
                    other[0] < one[0] + widths[above]
                ):
                    lack = ROW * heights[below] - (one[1] - other[1])
                    if lack > 0:
                        one[1] = min(one[1] + lack / 2, ceiling - heights[above])
                        other[1] = max(other[1] - lack / 2, floor)
                        largest = max(largest, lack)
        if largest < ENOUGH:
            break
    return np.array(places)


def sprite(text: str, color, dpi: float) -> np.ndarray:
    """Write a name with a halo of paper, as bytes (height, width, 4)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patheffects import withStroke

    from study.lab.figures import style

    figure = Figure(dpi=dpi, facecolor="none")
    canvas = FigureCanvasAgg(figure)
    halo = [withStroke(linewidth=HALO, foreground=style.PAPER)]
    name = figure.text(0, 0, text, color=color, va="bottom", path_effects=halo)
    box = name.get_window_extent(canvas.get_renderer())
    size = np.ceil([box.width, box.height]) + 2 * HALO
    figure.set_size_inches(size / dpi)
    name.set_position(HALO / size)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()).copy()


def paste(picture: np.ndarray, drawn: np.ndarray, place) -> None:
    """Lay what was drawn over a picture, its lower left corner at a place in pixels."""
    height, width, _ = drawn.shape
    left, bottom = (round(each) for each in place)
    top = len(picture) - bottom - height
    below = picture[top : top + height, left : left + width, :3]
    share = drawn[..., 3:].astype("uint16")
    mixed = drawn[..., :3] * share + below * (255 - share)
    below[...] = (mixed + 127) // 255

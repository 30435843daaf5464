"""A figure is drawn when what it shows has changed, and only then."""

import io
from dataclasses import dataclass, replace

import numpy as np
import pytest
from PIL import Image

from study.lab.declare import closure
from study.lab.declare.measures import Column, TestError
from study.lab.figures import Curves, Points
from study.lab.figures.base import Figure
from study.lab.show import drawing
from study.lab.show.handed import handed, results

FIGURE = Points("test_error", rows="depth")


def drawn(figure, page):
    return drawing.drawn(figure, handed(page, figure), page.folder)


@dataclass(frozen=True)
class Moving(Figure):
    """Two pictures of noise."""

    suffix = ".gif"

    def measures(self):
        return set()

    def needs(self):
        return ()

    def render(self, shown):
        noise = np.random.default_rng(1).integers(0, 256, (2, 5, 7), "uint8")
        first, second = map(Image.fromarray, noise)
        buffer = io.BytesIO()
        first.save(buffer, "gif", save_all=True, append_images=[second], duration=70)
        return buffer.getvalue()


@pytest.fixture
def there(strip, tmp_path):
    """The page, with its figure drawn in its folder."""
    page = replace(strip, folder=tmp_path)
    (tmp_path / FIGURE.file).write_bytes(drawn(FIGURE, page))
    return page


@pytest.fixture
def draws(monkeypatch):
    """What a figure was drawn of."""
    seen = []
    draw = Points.render
    monkeypatch.setattr(
        Points, "render", lambda self, shown: seen.append(shown) or draw(self, shown)
    )
    return seen


def test_packed_figures_are_the_page_s_files(strip, tmp_path):
    figures = (FIGURE, Moving())
    definition = replace(strip.definition, figures=figures)
    page = replace(strip, definition=definition, folder=tmp_path)
    expected = {each.file: drawn(each, page) for each in figures}
    drawing.unpack(drawing.pack(page), tmp_path)
    found = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    assert found == expected


def test_the_file_of_a_figure_stays_as_it_is(there, draws):
    file = there.folder / FIGURE.file
    file.write_bytes(file.read_bytes() + b"<!-- kept -->")
    again = replace(there, table=there.table.copy(), docstring="Other words.")
    assert drawn(FIGURE, again) == file.read_bytes()
    assert draws == []


def test_a_missing_file_is_drawn_the_same_again(there, draws):
    file = there.folder / FIGURE.file
    before = file.read_bytes()
    file.unlink()
    assert drawn(FIGURE, there) == before
    assert len(draws) == 1


def smallest_change(table):
    """Move one number to the next one."""
    table = table.copy()
    place = table.columns.get_loc("test_error")
    table.iloc[3, place] = np.nextafter(table.iloc[3, place], 2)
    return table


@pytest.mark.parametrize(
    "change",
    [
        lambda page: replace(page, table=smallest_change(page.table)),
        lambda page: replace(page, name="other"),
        lambda page: replace(page, definition=replace(page.definition, title="Other")),
        lambda page: replace(
            page, definition=replace(page.definition, vary={"depth": (3, 2, 1)})
        ),
    ],
    ids=["a number", "name", "title", "order"],
)
def test_a_page_that_changed_is_drawn_anew(change, there, draws):
    drawn(FIGURE, change(there))
    assert len(draws) == 1


def test_a_table_that_a_figure_does_not_read_leaves_it_as_it_is(there, draws):
    drawn(FIGURE, replace(there, curves=there.curves.iloc[1:], outputs=there.table))
    assert draws == []


def test_a_table_that_it_reads_besides_draws_it_anew(there):
    figure = Curves(hue="depth")
    before = drawn(figure, there)
    assert drawn(figure, replace(there, curves=there.curves.iloc[1:])) != before


def test_a_figure_declared_otherwise_is_drawn_anew(there):
    one, other = Curves(), Curves(hue="depth")
    before = drawn(one, there)
    (there.folder / one.file).write_bytes(before)
    assert other.file == one.file
    assert drawn(other, there).startswith(other.render(handed(there, other)))


def test_a_measure_of_another_label_is_drawn_anew(there, draws, monkeypatch):
    monkeypatch.setattr(TestError, "label", "wrong")
    drawn(FIGURE, replace(there))
    assert len(draws) == 1


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("rows", "ROW = 0.36", "ROW = 0.4"),
        ("shown", "if each in there]", "if each in [*there]]"),
        ("style", "WIDTH = 5.0", "WIDTH = 5.1"),
    ],
)
def test_other_code_that_draws_draws_anew(there, draws, monkeypatch, module, old, new):
    def changed(name):
        text = read(name)
        if name == f"study.lab.figures.{module}":
            assert old in text
            text = text.replace(old, new)
        return text

    read = closure.read
    monkeypatch.setattr(closure, "read", changed)
    drawn(FIGURE, there)
    assert len(draws) == 1


def test_another_matplotlib_draws_anew(there, draws, monkeypatch):
    monkeypatch.setattr(drawing, "version", lambda _: "0.1")
    drawn(FIGURE, there)
    assert len(draws) == 1


@pytest.mark.parametrize(
    "kind", Figure.__subclasses__(), ids=lambda each: each.__name__
)
def test_all_code_of_a_kind_of_figure_can_be_followed(kind):
    assert kind.__name__ in closure.closure(kind, inert=()).parts


def test_an_animation_keeps_its_pictures_and_says_what_it_was_drawn_from(there):
    content, plain = drawn(Moving(), there), Moving().render(None)
    assert b"drawn from " in content
    for number in range(2):
        pictures = [Image.open(io.BytesIO(each)) for each in (content, plain)]
        for each in pictures:
            each.seek(number)
        np.testing.assert_array_equal(*map(np.asarray, pictures))
    (there.folder / Moving().file).write_bytes(content + b"kept")
    assert drawn(Moving(), there).endswith(b"kept")


def test_what_a_figure_is_told_stands_in_an_order_that_no_process_changes(simulated):
    """A set of names has another order in each process; one of nine is seldom this."""
    counts = tuple(Column(each, never=9) for each in "badcfehgi")
    bare = {"claims": (), "figures": (), "tables": ()}
    definition = replace(simulated.definition, measures=counts, **bare)
    shown = results(replace(simulated, definition=definition))
    assert "".join(shown.budgets) == "".join(shown.censored) == "abcdefghi"

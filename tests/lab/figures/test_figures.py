"""What every figure promises: the same bytes, small, well-formed, told in words."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from experiments.figures.rates import Rates
from experiments.figures.surface import Surface
from study.lab.errors import StudyError
from study.lab.figures import Curves, Deviations, Points
from study.lab.show.handed import handed

SVG = "{http://www.w3.org/2000/svg}"
LIMIT = 400_000
KINDS = (Rates, Curves, Surface, Points, Deviations)


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def drawn(request, page, strip, simulated):
    """Each kind of figure with what it gets of a page that shows it."""
    for each in (page, strip, simulated):
        for figure in each.definition.figures:
            if type(figure) is request.param:
                return figure, handed(each, figure)
    raise AssertionError("no page shows it")


@pytest.fixture(scope="module")
def kept():
    return {}


@pytest.fixture
def content(drawn, kept):
    """Return the figure's bytes, which are drawn for one test alone."""
    figure, shown = drawn
    if type(figure) not in kept:
        kept[type(figure)] = figure.svg(shown)
    return kept[type(figure)]


def test_drawing_twice_gives_the_same_bytes(drawn, content):
    figure, shown = drawn
    assert figure.svg(shown) == content


def test_the_svg_is_small_well_formed_and_says_what_it_shows(drawn, content):
    figure, shown = drawn
    root = ElementTree.fromstring(content)
    assert len(content) < LIMIT
    assert root.find(f"{SVG}title").text.startswith(shown.title)
    assert root.find(f"{SVG}desc").text == figure.alt(shown)


def test_the_svg_has_text_to_read_and_no_date_or_version(content):
    text = content.decode()
    assert "<text" in text
    assert not re.search(r"matplotlib\.org|<dc:date>|20\d\d-\d\d", text)


def test_a_missing_column_is_named(drawn):
    figure, shown = drawn
    name, column = figure.needs()[0]
    broken = replace(shown, **{name: getattr(shown, name).drop(columns=column)})
    with pytest.raises(StudyError, match=f"{type(figure).__name__}.*no '{column}'"):
        figure.draw(broken)


def test_a_missing_file_is_named(two_swept):
    figure = Curves(panels="depth")
    with pytest.raises(StudyError, match=r"Curves.*curves\.csv"):
        figure.draw(replace(two_swept, curves=None))


def test_other_numbers_give_other_words_and_another_picture(drawn, content):
    figure, shown = drawn
    measure = {"Curves": 400, "Surface": "output_0"}.get(
        type(figure).__name__, next(iter(figure.measures() or {None}))
    )
    name = {"Curves": "curves", "Surface": "outputs"}.get(
        type(figure).__name__, "table"
    )
    changed = getattr(shown, name).copy()
    changed[measure] = 1 - changed[measure] / 4 if name != "table" else 0.0
    other = replace(shown, **{name: changed})
    assert figure.alt(other) != figure.alt(shown)
    assert figure.svg(other) != content


def test_names_tell_figures_of_one_page_apart():
    names = [
        Curves(hue="depth").name,
        Curves(where={"start": "N(0, 1)"}).name,
        Rates("solved", rows="depth", hue="start").name,
    ]
    assert names == ["curves", "curves-n-0-1", "rates-solved"]

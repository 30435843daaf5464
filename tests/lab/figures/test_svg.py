"""The file of a figure: a headline, two sets of colors, nothing behind, large text."""

import re
from xml.etree import ElementTree

import pytest

from study.lab.figures import style, svg

PHONE = 330  # pixels of a page's column there
LEAST = 9  # pixels of what is read


def saved(nudge=0.0, headline="It rises from 0 to 1"):
    with style.look():
        figure = style.canvas(3)
        axes = figure.add_subplot(xlim=(0, 1 + nudge), ylim=(0, 1), xlabel="x")
        axes.plot([0.1, 0.9], [0.2 + nudge, 0.8], marker="o", color=style.BLUE)
        axes.set_position([0.1 + nudge, 0.2, 0.7, 0.6 - nudge])
        return svg.save(figure, "A line", headline, "It rises.").decode()


@pytest.mark.parametrize("nudge", [0.0, 1e-12, -1e-12])
def test_a_drawing_is_the_same_where_coordinates_differ_in_digits_not_seen(nudge):
    text = saved(nudge)
    assert text == saved()
    used = set(re.findall(r'(?:url\(|href=")#(\w+)', text))
    assert used == {each for each in used if f'id="{each}"' in text}
    assert {each[0] for each in used} == {"m", "p"}


def test_every_color_has_another_in_the_dark_and_none_stands_beside_a_class():
    text = saved()
    light, _, dark = text.partition("prefers-color-scheme: dark")
    assert 'style="' not in text
    for color in (style.INK, style.BLUE):
        assert color in light
        assert color not in dark
        assert svg.night(color) in dark


def test_what_is_behind_a_figure_shows_through():
    text = saved()
    behind = re.search(r'id="patch_1">\s*<path [^>]*class="(\w+)"', text)[1]
    (look,) = re.findall(rf"\.{behind}{{(.*?)}}", text.partition("@media")[0])
    assert "none" in look or "opacity: 0" in look


def test_a_headline_stands_over_the_figure_in_lines_that_fit():
    long = (
        "Test error: lowest with half of the units kept, highest with a tenth of them"
    )
    text = saved(headline=long)
    lines = re.search(r'<g id="headline">(.*?)</g>', text, re.DOTALL)[1]
    told = re.findall(r">([^<]+)</text>", lines)
    assert " ".join(told) == long
    assert len(told) == 2
    top, _, high = re.search(r'viewBox="0 (\S+) (\S+) (\S+)"', text).groups()
    assert float(top) == -2 * svg.LINE - 4
    assert f'height="{high}pt"' in text


def test_text_is_large_enough_on_a_phone():
    sizes = re.findall(r"font-size: ([\d.]+)px", saved())
    width = 72 * style.WIDTH
    assert min(map(float, sizes)) * PHONE / width >= LEAST


def test_words_are_escaped():
    root = ElementTree.fromstring(saved(headline="a < b & c"))
    assert "a < b & c" in [each.text for each in root.iter() if each.text]

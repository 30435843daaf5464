"""Contrast: ratios as WCAG defines them, and colors that keep their hue."""

import colorsys

import matplotlib as mpl
import pytest

from study.lab.figures import contrast, style, svg


def test_ratios_are_those_of_the_definition():
    assert contrast.ratio("#ffffff", "#000000") == pytest.approx(21)
    assert contrast.ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_color_that_is_seen_stays_and_another_keeps_its_hue():
    assert contrast.seen("#0173b2", "#ffffff", 3) == "#0173b2"
    seen = contrast.seen("#ece133", "#ffffff", 4.5)
    assert contrast.ratio(seen, "#ffffff") >= 4.5
    hues = [colorsys.rgb_to_hls(*mpl.colors.to_rgb(x))[0] for x in ("#ece133", seen)]
    assert hues[0] == pytest.approx(hues[1], abs=0.02)


DRAWN = [*style.SAFE, *style.colors([1, 2, 3, 4, 5, 6]).values(), style.MUTED]


@pytest.mark.parametrize("color", DRAWN)
def test_what_is_drawn_is_seen_on_paper_and_in_the_dark(color):
    assert contrast.ratio(color, style.PAPER) >= contrast.MARK
    assert contrast.ratio(style.dark(color), style.PAPER) >= contrast.TEXT
    for each in (color, style.dark(color)):
        for ground in (svg.DUSK, svg.NIGHT[style.PAPER]):
            assert contrast.ratio(svg.night(each), ground) >= contrast.TEXT

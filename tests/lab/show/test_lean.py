"""What index.html leaves out of figures: nothing that is drawn."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from study.lab.show.lean import lean
from study.lab.show.steps import stepwise

REPORTS = Path(__file__).parents[3] / "reports"
FIGURES = sorted(REPORTS.glob("*/*.svg"))
REFERRED = re.compile(r"url\(#([^)]+)\)|^#(.+)")


PART = re.compile(r"([MLCQzmlhvcq])([^MLCQzmlhvcq]*)")
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")


def places(path):
    """List the parts of a path, each with its points, as SVG defines them."""
    told, at, start = [], (0.0, 0.0), (0.0, 0.0)
    for name, numbers in PART.findall(path):
        given = [float(each) for each in NUMBER.findall(numbers)]
        kind = name.upper()
        each = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "Z": 1}[kind]
        for i in range(0, len(given) or 1, each):
            part = given[i : i + each]
            if kind in "HV":
                part = [*part, 0.0] if kind == "H" else [0.0, *part]
            if name.islower():
                part = [at[j % 2] + value for j, value in enumerate(part)]
            at = start if kind == "Z" else tuple(part[-2:])
            start = at if kind == "M" else start
            told.append(
                ("L" if kind in "HV" else kind, *(round(value, 2) for value in part))
            )
    return told


def drawn(svg):
    """List elements with text and attributes, but words and names; and the names."""
    elements, named, referred = [], set(), set()
    for each in ElementTree.fromstring(svg).iter():
        tag = each.tag.rpartition("}")[2]
        named |= {each.get("id")} - {None}
        for found in map(REFERRED.search, each.attrib.values()):
            referred |= {found[1] or found[2]} if found else set()
        if tag not in ("title", "desc"):
            kept = {name: value for name, value in each.items() if name != "id"}
            kept["d"] = places(kept.get("d", ""))
            elements.append((tag, kept, (each.text or "").strip(), each.tail or ""))
    return [(*rest, tail.strip()) for *rest, tail in elements], named, referred


@pytest.mark.parametrize("path", FIGURES[::12], ids=lambda path: path.parent.name)
def test_all_that_is_drawn_stays_as_it_is(path):
    svg = path.read_bytes()
    before, _, referred = drawn(svg)
    after, named, still = drawn(lean(svg))
    assert after == before
    assert still == referred
    assert named == referred


@pytest.mark.parametrize("path", FIGURES[::12], ids=lambda path: path.parent.name)
def test_steps_take_less_than_places(path):
    svg = path.read_bytes()
    assert len(stepwise(svg)) < len(svg)
    assert stepwise(stepwise(svg)) == stepwise(svg)


def test_no_text_is_made_of_several_elements():
    assert not [each for each in FIGURES if b"<tspan" in each.read_bytes()]

"""What index.html leaves out of figures: nothing that is drawn."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from study.lab.show.lean import lean

REPORTS = Path(__file__).parents[3] / "reports"
FIGURES = sorted(REPORTS.glob("*/*.svg"))
REFERRED = re.compile(r"url\(#([^)]+)\)|^#(.+)")


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


def test_no_text_is_made_of_several_elements():
    assert not [each for each in FIGURES if b"<tspan" in each.read_bytes()]

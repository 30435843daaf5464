"""A small run stands beside the page: the same means of both, and the same figure."""

import json
from dataclasses import replace

import pytest

from study.lab.declare.registry import Finding
from study.lab.declare.teach import TEXTS, Box
from study.lab.show.beside import Beside

BOX = Box(
    **dict.fromkeys(TEXTS, "So."),
    claims={"t-01": "holds"},
    options={"a": "Yes", "b": "No"},
    correct="a",
    notebook={
        "figure": "rates-solved",
        "measure": "test_error",
        "by": ["depth", "start"],
    },
)


@pytest.fixture
def beside(page, tmp_path):
    """Return a run of two seeds with twice the error beside the page."""
    folder = tmp_path / "depth"
    folder.mkdir()
    page.table.to_csv(folder / "results.csv", index=False)
    (folder / "provenance.json").write_text(json.dumps(dict(page.provenance)))
    (folder / "rates-solved.svg").write_text("<svg>the page's</svg>")
    definition = replace(page.definition, smoke={"replicates": 2})
    small = page.table[page.table["replicate"] < 2]
    small = small.assign(test_error=2 * small["test_error"])
    finding = Finding("depth", page.path, page.docstring, definition, box=BOX)
    return Beside(finding, small, reports=tmp_path)


def test_the_means_of_both_stand_in_a_row(beside):
    means = beside.means()
    assert [*means] == ["here", "on the page"]
    assert means.index.names == ["depth", "start"]
    assert means.loc[(3, "a|b"), "on the page"] == pytest.approx(4, abs=0.2)
    assert means.loc[(3, "a|b"), "here"] == pytest.approx(8, abs=0.4)


def test_cells_in_which_nothing_is_measured_are_left_out(beside):
    for each in (beside._small, beside._page):
        each.table.loc[each.table["depth"] == 1, "test_error"] = float("nan")
    assert {depth for depth, _ in beside.means().index} == {2, 3}


def test_the_figure_is_drawn_of_the_small_run_and_read_of_the_page(beside):
    assert "<svg" in beside.drawn()
    assert beside.committed() == "<svg>the page's</svg>"

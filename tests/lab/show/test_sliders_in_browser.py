"""A slider in a real browser shows the numbers of its table, and no others."""

from dataclasses import replace
from pathlib import Path

import browsing
import pytest

from study.lab.declare.parity import ROWS
from study.lab.show.book import Book
from study.lab.show.explorer import render_explorer
from study.lab.show.page import render_page

READER = (Path(__file__).parent / "slider_reader.js").read_text("utf-8")
SLIDER = """[[slider]]
page = "depth"
along = "depth"
by = "start"
shown = ["test error (%)"]
"""


@pytest.fixture
def html(page, ledger, tmp_path):
    (tmp_path / "depth.py").touch()
    (tmp_path / "sliders.toml").write_text(SLIDER)
    page = replace(page, path=tmp_path / "depth.py")
    book = Book(ledger, [page])
    drawn = {page.name: render_page(page, book)}
    return render_explorer(book, ROWS, drawn, tmp_path)["index.html"].decode()


def test_each_step_shows_the_numbers_of_its_rows(html, page, tmp_path):
    told, said = browsing.visit(browsing.found(), html, READER, tmp_path)
    assert said == []
    assert not told["hidden"]
    assert told["focused"]
    assert told["named"].startswith("depth")
    assert told["next"] == page.cells.title
    along, by, shown = map(
        page.cells.headings.index, ("depth", "start", "test error (%)")
    )
    assert [each["step"] for each in told["steps"]] == ["1", "2", "3"]
    for each in told["steps"]:
        rows = [row for row in page.cells.rows if row[along] == each["step"]]
        assert each["numbers"] == [row[shown] for row in rows]
        assert each["heads"] == [f"test error (%), start {row[by]}" for row in rows]
        for number in each["numbers"]:
            assert number in each["told"]


@pytest.mark.slow
def test_a_gauge_runs_from_the_least_to_the_largest(html, tmp_path):
    told, _ = browsing.visit(browsing.found(), html, READER, tmp_path)
    first, second, third = (each["centers"] for each in told["steps"])
    assert 90 < max(first) <= 100
    assert all(40 < each < 60 for each in second)
    assert -1 <= min(third) < 10


def test_without_scripts_nothing_but_the_table_is_shown(html, page):
    assert html.count('<figure class="slider"') == 1
    assert "hidden></figure>" in html
    assert page.cells.rows[0][-1] in html

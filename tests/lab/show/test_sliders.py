"""A slider is declared, checked when it is loaded, and moves through one table."""

import pytest

from study.lab.errors import StudyError
from study.lab.show.sliders import FILE, Slider, check, load
from study.lab.show.tables import Grid

GOOD = '[[slider]]\npage = "depth"\nalong = "kept"\nshown = ["error (%)"]\n'
SLIDER = Slider("depth", "kept", ("error (%)",))
GRID = Grid("", ("kept", "error (%)"), (("0.1", "3"), ("0.5", "2")))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "depth.py").write_text("")
    return tmp_path


def test_what_is_declared_is_loaded(folder):
    assert load(folder) == []
    (folder / FILE).write_text(GOOD)
    assert load(folder) == [SLIDER]
    assert SLIDER.columns == '["error (%)"]'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[slider]", "expected TOML"),
        ("", r"expected \[\[slider\]\] tables"),
        ("slider = 1", r"expected \[\[slider\]\] tables"),
        (GOOD.replace("depth", "dept"), "'dept'; did you mean 'depth'"),
        (GOOD.replace("along", "alog"), "'alog'; did you mean 'along'"),
        (GOOD.replace('along = "kept"\n', ""), "page, along and by as texts"),
        (GOOD.replace('"kept"', "1"), "page, along and by as texts"),
        (GOOD.replace('["error (%)"]', '"error (%)"'), "shown as a list"),
        (GOOD.replace('"error (%)"', ""), "shown as a list"),
    ],
)
def test_a_mistake_in_the_file_is_told(folder, text, told):
    (folder / FILE).write_text(text)
    with pytest.raises(StudyError, match=told) as caught:
        load(folder)
    assert str(folder / FILE) in str(caught.value)


def test_a_column_that_no_table_has_is_told():
    check(SLIDER, [GRID])
    with pytest.raises(StudyError, match=r"'eror \(%\)', did you mean 'error \(%\)'"):
        check(Slider("depth", "kept", ("eror (%)",)), [GRID])


def test_columns_of_two_tables_are_no_slider():
    other = Grid("", ("depth", "error (%)"), (("1", "3"),))
    with pytest.raises(StudyError, match="expected columns of one of its tables"):
        check(Slider("depth", "kept", ("depth",)), [GRID, other])


def test_rows_alike_are_told_apart_by_a_column():
    rows = (("0.1", "a", "3"), ("0.1", "b", "2"))
    grid = Grid("", ("kept", "mask", "error (%)"), rows)
    check(Slider("depth", "kept", ("error (%)",), by="mask"), [grid])
    with pytest.raises(StudyError, match="expected one row for each kept; name the"):
        check(SLIDER, [grid])

"""Tables kept by hand: each row with its place, and columns that must be those."""

from dataclasses import dataclass

import pytest

from study.lab.declare.listed import listed
from study.lab.errors import StudyError


@dataclass
class Row:
    id: str
    says: str


def test_rows_come_with_the_line_on_which_they_end(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text('id,says\na,"two\nlines"\nb,one\n')
    assert [*listed(path, Row)] == [
        (f"{path}, line 3", {"id": "a", "says": "two\nlines"}),
        (f"{path}, line 4", {"id": "b", "says": "one"}),
    ]


def test_a_table_that_is_not_there_has_no_rows(tmp_path):
    assert [*listed(tmp_path / "rows.csv", Row)] == []


@pytest.mark.parametrize(("row", "came"), [("a", "fewer"), ("a,b,c", "more")])
def test_a_row_of_other_length_is_refused_with_its_line(tmp_path, row, came):
    path = tmp_path / "rows.csv"
    path.write_text(f"id,says\n{row}\n")
    with pytest.raises(StudyError, match=rf"line 2: expected 2 cells\. .*: {came};"):
        [*listed(path, Row)]


@pytest.mark.parametrize("head", ["", "id\n", "says,id\n", "id,says,why\n"])
def test_other_columns_are_refused_with_both_lists(tmp_path, head):
    path = tmp_path / "rows.csv"
    path.write_text(head)
    with pytest.raises(StudyError) as error:
        [*listed(path, Row)]
    received = head.strip().replace(",", ", ")
    expected = f"{path}: expected the columns id, says. Received: {received}"
    assert str(error.value) == expected

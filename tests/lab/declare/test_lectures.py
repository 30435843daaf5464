"""Lines of a lecture's text are told as its slides."""

import pytest

from study.lab.declare import lectures
from study.lab.declare.lectures import Lectures, Slide
from study.lab.errors import StudyError

SLIDES = (
    Slide("d0", "A lab", 3, "", "Title"),
    Slide("d0", "", 10, "Units", "Sigmoid"),
    Slide("d0", "", 20, "Units", "ReLU"),
    Slide("d0", "", 30, "Dropout", "Testing"),
    Slide("d1", "", 1, "", "Another"),
)


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ("4", "slide “Title”"),
        ("10", "Units, slide “Sigmoid”"),
        ("19", "Units, slide “Sigmoid”"),
        ("12;14", "Units, slide “Sigmoid”"),
        ("12;25", "Units, slides “Sigmoid”, “ReLU”"),
        ("12-25", "Units, slides “Sigmoid”, “ReLU”"),
        ("25;31", "Units, Dropout, slides “ReLU”, “Testing”"),
        ("900", "Dropout, slide “Testing”"),
        ("2", "line 2"),
        ("book", "the lecture's book"),
        ("", ""),
    ],
)
def test_lines_are_told_as_sections_and_slides(lines, place):
    assert Lectures(SLIDES).place("d0", lines) == place


def test_lines_of_a_lecture_without_slides_stay_lines():
    assert Lectures(SLIDES).place("d9", "4;6") == "lines 4, 6"
    assert Lectures().place("d0", "4") == "line 4"


def test_every_place_within_a_text_is_told():
    told = Lectures(SLIDES).told("d0:4, 11 and 12-25, d1:7 against d9:3")
    assert told == (
        "d0: Units, slides “Title”, “Sigmoid”, “ReLU”, d1: slide “Another” "
        "against d9: line 3"
    )


def test_the_headings_that_a_text_names_are_listed_once_by_lecture():
    found = Lectures(SLIDES).headings("d0:4, 11 and 12-25, d1:7 against d0:12, d9:3")
    assert found == {"d0": ["Title", "Sigmoid", "ReLU"], "d1": ["Another"], "d9": []}


def test_what_is_written_is_read_again(tmp_path):
    text = "key,by,line,section,slide\n" + "".join(
        f"{each.key},{each.by},{each.line},{each.section},{each.slide}\n"
        for each in SLIDES
    )
    (tmp_path / lectures.FILE).write_text(text)
    found = Lectures.read(tmp_path)
    assert [*found["d0"], *found["d1"]] == [*SLIDES]


def test_a_folder_without_a_table_knows_no_slide(tmp_path):
    assert Lectures.read(tmp_path)["d0"] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("key,line\nd0,3\n", "expected the columns key, by, line, section, slide"),
        ("key,by,line,section,slide\nd0,,three,,A\n", "line 2: line: expected the num"),
        ("key,by,line,section,slide\nd0,,3,,A\nd0,,3,,B\n", "line 3: line: expected"),
    ],
)
def test_a_broken_table_is_told_with_its_line(text, message, tmp_path):
    (tmp_path / lectures.FILE).write_text(text)
    with pytest.raises(StudyError, match=message):
        Lectures.read(tmp_path)

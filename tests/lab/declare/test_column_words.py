"""Words for columns: those of a finding before those of all."""

import pytest

from study.lab.declare import words
from study.lab.errors import StudyError

HEAD = "name,finding,words\n"


def test_a_finding_s_own_words_come_before_those_of_all(tmp_path):
    (tmp_path / words.FILE).write_text(HEAD + "kept,,units\nkept,other,weights\n")
    assert words.read(tmp_path, "one") == {"kept": "units"}
    assert words.read(tmp_path, "other") == {"kept": "weights"}


def test_no_file_is_no_words(tmp_path):
    assert words.read(tmp_path, "one") == {}


@pytest.mark.parametrize("row", ["kept,,units\nkept,,again\n", "kept,,\n"])
def test_a_row_that_says_nothing_or_again_is_refused(tmp_path, row):
    (tmp_path / words.FILE).write_text(HEAD + row)
    with pytest.raises(StudyError, match=r"words\.csv, line"):
        words.read(tmp_path, "one")

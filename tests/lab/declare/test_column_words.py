"""Words for columns and arms: a finding's own before those of all, of one table."""

import pytest

from study.lab.declare import words
from study.lab.errors import StudyError

HEAD = "name,finding,label,words,told\n"


@pytest.fixture
def table(tmp_path):
    """Return a function that writes rows and reads the words of a finding from them."""

    def read(rows, finding="one"):
        (tmp_path / words.FILE).write_text(HEAD + rows)
        return words.read(tmp_path, finding)

    return read


def test_a_finding_s_own_words_come_before_those_of_all(table):
    rows = "kept,,,units,\nkept,other,,weights,\n"
    assert table(rows).columns == {"kept": "units"}
    assert table(rows, "other").columns == {"kept": "weights"}


def test_arms_are_told_alike_in_all_findings_or_not_at_all(table):
    rows = "decay,,,weight decay,with decay {}\nk,,,,-\np,,,probability,\n"
    found = table(rows)
    assert found.arms == {"decay": {"": "with decay {}"}, "k": {"": ""}}
    assert found.columns == {"decay": "weight decay", "p": "probability"}


def test_a_label_is_told_in_words_of_its_own_for_all_or_for_one_finding(table):
    rows = "f,,,,on {}\nf,,bowl,,on a bowl\nf,other,bowl,,in a bowl\nf,,none,,off\n"
    assert table(rows).arms == {"f": {"": "on {}", "bowl": "on a bowl", "none": "off"}}
    assert table(rows, "other").arms["f"]["bowl"] == "in a bowl"


def test_beside_definitions_without_a_table_the_project_s_own_is_read(
    tmp_path, monkeypatch
):
    assert words.read(tmp_path, "one") == words.read(words.registry.folder(), "one")
    monkeypatch.setattr(words.registry, "folder", lambda: tmp_path)
    assert words.read(tmp_path, "one") == words.Words()


@pytest.mark.parametrize(
    "rows",
    [
        "kept,,,units,\nkept,,,again,\n",
        "kept,,,,\n",
        ",,,units,\n",
        "kept,other,,,with {}\n",
        "kept,,none,units,\n",
    ],
)
def test_a_row_that_says_nothing_again_or_for_one_finding_alone_is_refused(table, rows):
    with pytest.raises(StudyError, match=r"words\.csv, line"):
        table(rows)

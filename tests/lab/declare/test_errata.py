"""The register of errata: each once, with a status and claims that there are."""

import pytest

from study.lab.declare import errata, registry
from study.lab.errors import StudyError

HEAD = "id,claims,status,where,says,right\n"
ROW = "E1,d1-01 d1-02,omission,d1:3,it is so,but for one case\n"
KNOWN = ("d1-01", "d1-02")


def written(folder, text):
    (folder / errata.FILE).write_text(text)
    return errata.read(folder, KNOWN)


def test_an_erratum_is_read_with_all_of_its_claims(tmp_path):
    (found,) = written(tmp_path, HEAD + ROW)
    assert found.claims == KNOWN
    assert (found.id, found.status, found.right) == (
        "E1",
        "omission",
        "but for one case",
    )


def test_where_there_is_no_register_there_are_no_errata(tmp_path):
    assert errata.read(tmp_path, KNOWN) == []


def test_the_ledger_has_each_erratum_at_all_of_its_claims(tmp_path):
    (tmp_path / errata.FILE).write_text(HEAD + ROW)
    lines = "".join(f"d1-0{i},L,3,fact,c\n" for i in (1, 2, 3))
    (tmp_path / "ledger.csv").write_text("id,lecture,lines,kind,claim\n" + lines)
    ids = [[x.id for x in row.errata] for row in registry.ledger(tmp_path).values()]
    assert ids == [["E1"], ["E1"], []]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + ROW + ROW, "an erratum stands once. Received: E1 twice"),
        (
            HEAD + ROW.replace("d1-02", "d1-09"),
            "no such claim in the ledger. Received:",
        ),
        (HEAD + ROW.replace("omission", "omision"), "did you mean 'omission'"),
        (
            HEAD + ROW.replace("it is so", " "),
            "line 2: expected a value. Received: no ",
        ),
        (ROW, "expected the columns id, claims, status, where, says, right. Received"),
    ],
)
def test_a_wrong_register_is_told_in_one_line(tmp_path, text, words):
    with pytest.raises(StudyError) as error:
        written(tmp_path, text)
    assert words in str(error.value)
    assert "\n" not in str(error.value)

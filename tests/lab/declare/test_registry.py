"""The registry: whatever is wrong with a file is told with the file."""

import os
import sys

import pytest
import tiny_study

from study.lab.declare import registry
from study.lab.errors import DefinitionError, StudyError

FILE = '''"""One sentence
about the finding."""

import pandas as pd

from study.lab.declare.finding import Claim, Simulation
from study.lab.declare.measures import Column
from study.lab.rules.verdicts import Exact


def run():
    return pd.DataFrame({"gap": [0]})


EXPERIMENT = Simulation(
    title="Facts",
    claims=(Claim("d1-01", Exact(measure="gap", where={}, tolerance=0)),),
    run=run,
    measures=(Column("gap"),),
)
'''


def write(folder, name="facts", old="", new=""):
    assert old in FILE
    return tiny_study.write(folder, name, FILE.replace(old, new))


def test_a_definition_is_loaded_with_its_name_path_and_docstring(tmp_path):
    path = write(tmp_path)
    finding = registry.load(path)
    assert (finding.name, finding.path) == ("facts", path)
    assert finding.docstring == "One sentence about the finding."
    assert finding.definition.title == "Facts"


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("def run():", "def run(:", ["line 11: SyntaxError"]),
        ("import pandas", "import pandaz", ["line 4: ModuleNotFoundError", "pandaz"]),
        (
            "import Column",
            "import Colum",
            ["line 7: ImportError", "'Colum'", "study.lab.declare.measures"],
        ),
        ("EXPERIMENT", "EXPERIMNT", ["EXPERIMENT: ", "Received: NoneType"]),
        ("run=run,", "run=run(1),", ["line 18: TypeError", "positional argument"]),
        ("tolerance=0", "tolerance=-1", ["line 17: ValueError", "tolerance=-1"]),
        (
            'measure="gap"',
            'measure="gab"',
            ["claims[d1-01]: ", "'gab'", "did you mean 'gap'?"],
        ),
    ],
)
def test_a_mistake_in_a_file_is_one_line_that_begins_with_the_file(
    tmp_path, old, new, parts
):
    path = write(tmp_path, old=old, new=new)
    with pytest.raises(DefinitionError) as error:
        registry.load(path)
    message = str(error.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    for part in parts:
        assert part in message


def test_a_file_changed_within_a_second_to_the_same_size_is_loaded_as_it_is(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    for gap in (0, 1):
        text = FILE.replace("[0]", f"[{gap}]")
        path = tiny_study.write(tmp_path, "facts", text)
        os.utime(path, (1_800_000_000, 1_800_000_000))
        assert registry.load(path).definition.run()["gap"][0] == gap


def test_a_file_without_a_docstring_is_refused(tmp_path):
    docstring = FILE[: FILE.index("import")]
    path = write(tmp_path, old=docstring)
    with pytest.raises(DefinitionError, match=rf"^{path}: docstring: .*Received: none"):
        registry.load(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DefinitionError, match=rf"^{tmp_path}/gone.py: no such file"):
        registry.load(tmp_path / "gone.py")


TRAINED = '''"""One sentence."""

from tiny_study import experiment

EXPERIMENT = experiment(replicates=4, extension=2)
'''


def test_replicates_begin_past_those_that_are_spent(tmp_path):
    path = tiny_study.write(tmp_path, "trained", TRAINED)
    assert registry.load(path).definition.first == range(4)
    spent = "finding,first,last,why\nother,0,99,a rule\ntrained,0,5,a rule\n"
    (tmp_path / "spent.csv").write_text(spent)
    definition = registry.load(path).definition
    assert definition.first == range(6, 10)
    assert definition.fresh == range(10, 12)
    assert definition.at("smoke").first == range(6, 8)


def test_a_definition_does_not_say_itself_where_its_replicates_begin(tmp_path):
    text = TRAINED.replace("extension=2", "extension=2, first_replicate=9")
    path = tiny_study.write(tmp_path, "trained", text)
    with pytest.raises(DefinitionError) as error:
        registry.load(path)
    message = str(error.value)
    assert message.startswith(f"{path}: first_replicate: ")
    assert "spent.csv" in message
    assert message.endswith("Received: first_replicate=9; leave it out")


def test_a_claim_that_is_not_in_the_ledger_is_told_with_the_nearest(tmp_path):
    path = write(tmp_path, old="d1-01", new="d1-03")
    with pytest.raises(DefinitionError) as error:
        registry.load_all(tmp_path)
    message = str(error.value)
    assert message.startswith(f"{path}: claims: ")
    assert "Received: 'd1-03'; did you mean 'd1-02'?" in message


def test_a_claim_outside_the_ledger_is_taken_with_a_text_of_its_own(tmp_path):
    write(tmp_path, old='Claim("d1-01",', new='Claim("o-1", text="A claim.", verdict=')
    assert registry.load_all(tmp_path)["facts"].definition.claims[0].text == "A claim."


def test_a_claim_judged_in_two_files_is_refused_with_both(tmp_path):
    write(tmp_path, "first")
    second = write(tmp_path, "second")
    with pytest.raises(DefinitionError) as error:
        registry.load_all(tmp_path)
    message = str(error.value)
    assert message.startswith(f"{second}: claims: ")
    assert "first judges this one" in message
    assert "'d1-01'" in message


def test_a_folder_is_listed_in_order_without_files_that_begin_with_an_underscore(
    tmp_path,
):
    write(tmp_path, "zebra")
    write(tmp_path, "ant", old="d1-01", new="d1-02")
    write(tmp_path, "_shared", old="EXPERIMENT", new="NOTHING")
    assert list(registry.load_all(tmp_path)) == ["ant", "zebra"]


def test_a_folder_without_a_ledger_is_named(tmp_path):
    with pytest.raises(StudyError, match=rf"^{tmp_path}/ledger.csv: no such file"):
        registry.load_all(tmp_path)


def test_the_ledger_maps_ids_to_rows(tmp_path):
    write(tmp_path)
    row = registry.ledger(tmp_path)["d1-02"]
    assert (row.lecture, row.lines, row.kind) == ("A lecture", "1", "fact")
    assert row.claim == "A claim of the lecture d1-02."


def test_claims_of_ones_own_are_of_the_ledger_beside_them_or_of_their_texts(tmp_path):
    listed = tiny_study.write(tmp_path / "with", "a", FILE)
    alone = tmp_path / "b.py"
    alone.write_text(FILE.replace('"d1-01", ', '"mine-1", text="Mine.", verdict='))
    claims = registry.own([registry.load(listed), registry.load(alone)])
    assert {id: (each.lecture, each.claim) for id, each in claims.items()} == {
        "d1-01": ("A lecture", "A claim of the lecture d1-01."),
        "mine-1": ("Your own", "Mine."),
    }


def test_a_claim_of_ones_own_without_a_sentence_is_refused_with_its_file(tmp_path):
    listed = tiny_study.write(tmp_path, "a", FILE, ledger=["d1-02"])
    with pytest.raises(DefinitionError, match=r"a\.py: claims: no such claim in the "):
        registry.own([registry.load(listed)])


BESIDE = (
    "import pandas as pd\n",
    "import pandas as pd\nfrom .figures.kept import TITLE\n",
)


def kept(folder, title):
    path = folder / "figures" / "kept.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'TITLE = "{title}"\n')


def test_a_definition_imports_what_stands_beside_it_and_reads_it_anew(tmp_path):
    for folder, title in (("one", "First"), ("two", "Second")):
        path = write(tmp_path / folder, old='title="Facts"', new="title=TITLE")
        path.write_text(path.read_text().replace(*BESIDE))
        kept(path.parent, title)
        assert registry.load(path).definition.title == title


def test_what_stands_beside_definitions_is_none_itself(tmp_path):
    write(tmp_path)
    kept(tmp_path, "First")
    assert [*registry.load_all(tmp_path)] == ["facts"]

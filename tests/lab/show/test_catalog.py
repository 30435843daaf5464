"""The index of findings: it tells what definitions would, and never what they did."""

import subprocess
import sys
from pathlib import Path

import pytest
import tiny_study
from tiny_facts import FILE

from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES
from study.lab.errors import DefinitionError, StudyError
from study.lab.show import catalog
from study.lab.show.catalog import Listed
from study.lab.show.site import publish

REPORTS = Path("reports")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder of one definition, whose index was written."""
    monkeypatch.chdir(tmp_path)
    tiny_study.write(tmp_path / "experiments", "facts", FILE)
    folder = Path("experiments")
    index(folder)
    return folder


def index(folder):
    findings = [*registry.load_all(folder).values()]
    publish(findings, registry.ledger(folder), REPORTS, PROFILES["standard"])


@pytest.fixture
def loaded(monkeypatch):
    """Return the names of the definitions that are loaded, as they are."""
    names, load = [], registry.load

    def noted(path):
        names.append(path.stem)
        return load(path)

    monkeypatch.setattr(registry, "load", noted)
    return names


def test_an_index_tells_what_the_definitions_do_without_loading_them(folder, loaded):
    told = catalog.findings(folder, REPORTS)
    assert loaded == []
    (REPORTS / catalog.FILE).unlink()
    assert catalog.findings(folder, REPORTS) == told
    assert loaded == ["facts"]
    assert told["facts"].claims == ("d1-01",)
    assert told["facts"].techniques == ("layers", "maxout")


@pytest.mark.parametrize("damage", ["", "name,stamp\nfacts,0\n", "\N{SECTION SIGN}"])
def test_a_damaged_index_tells_nothing(folder, loaded, damage):
    told = catalog.findings(folder, REPORTS)
    (REPORTS / catalog.FILE).write_bytes(damage.encode("latin-1"))
    assert catalog.findings(folder, REPORTS) == told
    assert loaded == ["facts"]


def test_only_what_is_new_or_changed_is_loaded(folder, loaded):
    tiny_study.write(folder, "fresh", FILE.replace("d1-01", "d1-02"))
    assert [*catalog.findings(folder, REPORTS)] == ["facts", "fresh"]
    assert loaded == ["fresh"]
    (folder / "facts.py").write_text(FILE.replace("about=(Maxout,),", ""))
    index(folder)
    loaded.clear()
    (folder / "facts.py").write_text(FILE)
    assert catalog.findings(folder, REPORTS)["facts"].techniques == ("layers", "maxout")
    assert loaded == ["facts"]


def test_tables_that_the_index_was_not_written_for_are_read(folder, loaded):
    (REPORTS / "facts").mkdir()
    (REPORTS / "facts" / "results.csv").write_text("gap\n0.0\n0.25\n")
    (REPORTS / "facts" / "provenance.json").write_text('{"seconds": 12.4}')
    told = catalog.findings(folder, REPORTS)["facts"]
    assert (told.runs, told.seconds, told.verdicts) == ("2", "12", "1 exact")
    assert loaded == ["facts"]


def test_tables_that_do_not_fit_are_not_told(folder):
    (REPORTS / "facts").mkdir()
    (REPORTS / "facts" / "results.csv").write_text("other\n0.0\n")
    (REPORTS / "facts" / "provenance.json").write_text('{"seconds": 12.4}')
    told = catalog.findings(folder, REPORTS)["facts"]
    assert (told.runs, told.seconds, told.verdicts) == ("", "", "")


def test_a_claim_that_a_new_file_judges_again_is_refused(folder):
    tiny_study.write(folder, "fresh", FILE)
    with pytest.raises(DefinitionError, match=r"fresh\.py: .* facts judges this"):
        catalog.findings(folder, REPORTS)


def test_a_claim_of_a_new_file_that_is_not_in_the_ledger_is_refused(folder):
    tiny_study.write(folder, "fresh", FILE.replace("d1-01", "d1-03"))
    with pytest.raises(DefinitionError, match=r"fresh\.py: claims: no such claim"):
        catalog.findings(folder, REPORTS)


def test_nothing_heavy_is_imported_for_what_the_index_tells(folder):
    code = (
        "import sys; sys.argv[0] = sys.orig_argv[-1] = 'study'\n"
        "from pathlib import Path\n"
        "from study.lab.show import catalog\n"
        "catalog.findings(Path('experiments'), Path('reports'))\n"
        "print({'keras', 'numpy', 'pandas', 'scipy', 'rich'} & {*sys.modules})"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "set()"


def row(name, claims=(), techniques=()):
    return Listed(name, "", tuple(claims), tuple(techniques))


FOUND = {
    each.name: each
    for each in (
        row("xor", claims=["d2-01"]),
        row("xor_deep", claims=["d2-02", "d2-03"]),
        row("dropout", techniques=["layers", "maxout"]),
        row("early_stopping_of_a_step", techniques=["early_stopping"]),
        row("rate_of_dropout"),
    )
}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ([], [*FOUND]),
        (["xor"], ["xor"]),
        (["xo"], ["xor", "xor_deep"]),
        (["dropout", "xor_"], ["dropout", "xor_deep"]),
        (["xor", "xo"], ["xor", "xor_deep"]),
        (["d2-03"], ["xor_deep"]),
        (["drop"], ["dropout"]),
        (["Maxout"], ["dropout"]),
        (["early-stopping"], ["early_stopping_of_a_step"]),
        (["Early stopping"], ["early_stopping_of_a_step"]),
    ],
    ids=[
        "none",
        "exact",
        "prefix",
        "in the order asked",
        "each once",
        "claim",
        "beginning of a word",
        "component",
        "what it is called",
        "in two words",
    ],
)
def test_names_claims_and_techniques_find_findings(words, names):
    assert catalog.find(FOUND, words) == names


def test_a_technique_finds_names_that_it_is_a_part_of():
    several = FOUND | {"dropout_rate": row("dropout_rate")}
    del several["dropout"]
    assert catalog.find(several, ["rate"]) == ["rate_of_dropout"]
    del several["dropout_rate"]
    several["nets"] = row("nets", techniques=["dropout"])
    assert catalog.find(several, ["dropout"]) == ["rate_of_dropout", "nets"]


@pytest.mark.parametrize("word", ["a", "of", "step", "deep"])
def test_a_mere_word_of_a_name_is_refused_with_the_names_that_have_it(word):
    with pytest.raises(StudyError) as error:
        catalog.find(FOUND, ["xor", word])
    having = [name for name in FOUND if word in name.split("_")]
    told = f"Received: '{word}', which is but a word of {', '.join(having)}"
    assert told in str(error.value)


def test_an_unknown_name_is_told_with_the_three_nearest():
    many = {f"d{n}_name": row(f"d{n}_name", claims=[f"d{n}-99"]) for n in range(30)}
    with pytest.raises(StudyError) as error:
        catalog.find(many, ["d99-99"])
    hint = str(error.value).partition("nearest: ")[2]
    assert hint.count("'") == 6
    assert "-99'" in hint

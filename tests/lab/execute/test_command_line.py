"""The command line as a process: it answers before Keras is imported."""

import contextlib
import importlib
import re
import tomllib
from pathlib import Path

import pytest
import tiny_study
from processes import python
from tiny_facts import FILE

from study.lab.execute.command import main

ROOT = Path(__file__).parents[3]
SCRIPT = """
import sys
from study.lab.execute.command import main
try:
    sys.exit(main())
finally:
    print('keras' in sys.modules, file=sys.stderr)
"""
# What the extra `lab` brings.
LAB = ("pandas", "seaborn", "scipy", "jinja2", "rich", "tensorflow_datasets")
BARE = f"""
import sys
sys.modules |= dict.fromkeys({LAB})
from study.lab.execute.command import main
sys.exit(main())
"""
COMMANDS = (
    ["list"],
    ["run"],
    ["run", "xor"],
    ["render"],
    ["notebooks"],
    ["check"],
    ["verify"],
    ["prune"],
    ["export", "xor"],
    ["spend", "xor", "--why", "it was seen"],
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder with one finding, whose index was written."""
    folder = tmp_path_factory.mktemp("place")
    tiny_study.write(folder / "experiments", "facts", FILE)
    with contextlib.chdir(folder):
        assert main(["render"]) == 0
    return folder


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--help"], "COMMAND"),
        (["run", "--help"], "--workers"),
        (["lsit"], "did you mean 'list'?"),
        (["run", "d9-99"], "Received: 'd9-99'; valid: 'd1-01', 'facts'"),
        (["list"], "facts\t1\t\t\t\tnot run yet"),
    ],
)
def test_a_command_answers_before_keras_is_imported(tmp_path, place, arguments, part):
    script = tmp_path / "study"  # as the installed one: without an ending
    script.write_text(SCRIPT)
    ran = python(str(script), *arguments, cwd=place)
    assert part in ran.stdout + ran.stderr
    assert ran.stderr.splitlines()[-1] == "False"
    imported = python("-X", "importtime", "-m", "study", *arguments, cwd=place)
    assert "| keras\n" not in imported.stderr
    assert part in imported.stdout + imported.stderr


@pytest.mark.slow
def test_components_are_there_in_a_command_that_asks_for_them(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        "import keras, study\n"
        "assert study.layers.Dropout\n"
        "assert keras.initializers.get('study>He')\n"
        "raise ValueError('as it should be')\n"
    )
    ran = python("-m", "study", "run", str(path), cwd=tmp_path)
    assert ran.stderr.endswith("line 4: ValueError: as it should be\n")


def test_the_script_that_is_installed_is_this_command():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    module, _, name = project["scripts"]["study"].partition(":")
    assert getattr(importlib.import_module(module), name) is main


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_outside_of_a_clone_one_line_says_what_needs_one_and_what_the_package_is_for(
    tmp_path, monkeypatch, capsys, arguments
):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("study: experiments: expected the folder of findings in a c")
    assert "components (`import study`)" in err
    assert err.count("\n") == 1
    assert [*tmp_path.iterdir()] == []


@pytest.mark.slow
def test_without_the_lab_s_packages_the_command_answers_and_names_what_it_lacks(
    tmp_path, place
):
    script = tmp_path / "study"
    script.write_text(BARE)
    answered = python(str(script), "--help", cwd=place)
    assert (answered.returncode, answered.stderr) == (0, "")
    assert answered.stdout.startswith("usage: study [-h]")

    (place / "build" / "states.json").unlink()
    ran = python(str(script), "list", cwd=place)
    assert (ran.returncode, ran.stdout) == (1, "")
    # TensorFlow, where it is imported, may tell of the processor before.
    *before, said = ran.stderr.splitlines()
    assert re.fullmatch(
        rf"study: expected the package ({'|'.join(LAB)}), which the lab needs. "
        r"Received: none; install study with its extras lab and cpu",
        said,
    )
    assert not [line for line in before if line.startswith(("study", "Traceback"))]

"""The command line as a process: it answers before Keras is imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import tiny_study
from tiny_facts import FILE

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
from study.lab.command import main
try:
    main()
finally:
    print('keras' in sys.modules, file=sys.stderr)
"""


def run(*arguments, cwd):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder with one finding, whose index was written."""
    folder = tmp_path_factory.mktemp("place")
    tiny_study.write(folder / "experiments", "facts", FILE)
    assert run("-m", "study", "render", cwd=folder).returncode == 0
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
    ran = run(str(script), *arguments, cwd=place)
    assert part in ran.stdout + ran.stderr
    assert ran.stderr.splitlines()[-1] == "False"
    imported = run("-X", "importtime", "-m", "study", *arguments, cwd=place)
    assert "| keras\n" not in imported.stderr
    assert part in imported.stdout + imported.stderr


def test_components_are_there_in_a_command_that_asks_for_them(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        "import keras, study\n"
        "assert study.layers.Dropout\n"
        "assert keras.initializers.get('study>He')\n"
        "raise ValueError('as it should be')\n"
    )
    ran = run("-m", "study", "run", str(path), cwd=tmp_path)
    assert ran.stderr.endswith("line 4: ValueError: as it should be\n")

"""Importing us registers every component, whatever program does it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REGISTERED = "print(keras.initializers.get('study>He')((3, 2)).shape)"


def run(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "first",
    [
        pytest.param("import keras, study", marks=pytest.mark.slow),
        "import study, keras",
    ],
)
def test_importing_registers_every_component(first):
    ran = run("-c", f"{first}\n{REGISTERED}")
    assert ran.stdout.strip() == "(3, 2)", ran.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments", [["-m", "program", "study"], ["program.py", "-m", "study"]]
)
def test_a_program_with_our_name_among_its_arguments_is_not_the_command(
    tmp_path, arguments
):
    (tmp_path / "program.py").write_text(f"import study, keras\n{REGISTERED}\n")
    ran = run(*arguments, cwd=tmp_path)
    assert ran.stdout.strip() == "(3, 2)", ran.stderr


@pytest.mark.slow
def test_a_package_that_imports_us_while_it_is_located_is_not_the_command(tmp_path):
    (tmp_path / "program").mkdir()
    (tmp_path / "program" / "__init__.py").write_text("import study, keras\n")
    (tmp_path / "program" / "__main__.py").write_text(f"import keras\n{REGISTERED}\n")
    ran = run("-m", "program", "study", cwd=tmp_path)
    assert ran.stdout.strip() == "(3, 2)", ran.stderr


def test_what_is_no_component_is_no_attribute():
    import study

    with pytest.raises(AttributeError, match="'study' has no attribute 'layer'"):
        study.layer  # noqa: B018

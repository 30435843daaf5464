"""Importing us registers every component, whatever program does it."""

import pytest
from processes import python

REGISTERED = "print(keras.initializers.get('study>He')((3, 2)).shape)"


@pytest.mark.slow
@pytest.mark.parametrize(
    "first",
    [
        "import keras, study",
        "import study, keras",
    ],
)
def test_importing_registers_every_component(first):
    ran = python("-c", f"{first}\n{REGISTERED}")
    assert ran.stdout.strip() == "(3, 2)", ran.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments", [["-m", "program", "study"], ["program.py", "-m", "study"]]
)
def test_a_program_with_our_name_among_its_arguments_is_not_the_command(
    tmp_path, arguments
):
    (tmp_path / "program.py").write_text(f"import study, keras\n{REGISTERED}\n")
    ran = python(*arguments, cwd=tmp_path)
    assert ran.stdout.strip() == "(3, 2)", ran.stderr


@pytest.mark.slow
def test_a_package_that_imports_us_while_it_is_located_is_not_the_command(tmp_path):
    (tmp_path / "program").mkdir()
    (tmp_path / "program" / "__init__.py").write_text("import study, keras\n")
    (tmp_path / "program" / "__main__.py").write_text(f"import keras\n{REGISTERED}\n")
    ran = python("-m", "program", "study", cwd=tmp_path)
    assert ran.stdout.strip() == "(3, 2)", ran.stderr


def test_what_is_no_component_is_no_attribute():
    import study

    with pytest.raises(AttributeError, match="'study' has no attribute 'layer'"):
        study.layer  # noqa: B018

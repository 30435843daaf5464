"""A definition that names a figure of before is told what it is called now."""

import pytest

from study.lab import figures
from study.lab.declare import registry
from study.lab.errors import DefinitionError

FILE = '''"""One sentence."""

from study.lab.figures import Strip
'''


@pytest.mark.parametrize("name", figures.FORMER)
def test_a_former_figure_is_told_its_new_name(name):
    with pytest.raises(ImportError) as error:
        getattr(figures, name)
    assert str(error.value).startswith(f"study.lab.figures.{name}: now ")


def test_a_definition_is_answered_in_one_line_with_the_place(tmp_path):
    path = tmp_path / "old.py"
    path.write_text(FILE)
    with pytest.raises(DefinitionError) as error:
        registry.load(path)
    assert str(error.value) == (
        f"{path}: line 3: ImportError: study.lab.figures.Strip: now "
        "`Points(measure, rows=...)`"
    )


def test_a_name_that_never_was_is_answered_as_ever():
    with pytest.raises(AttributeError, match="has no attribute 'Stripe'"):
        figures.Stripe  # noqa: B018

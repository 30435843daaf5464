"""Closures: code is followed by its names and compared by its content."""

import importlib.util
import math
import sys
import textwrap

import keras
import numpy as np
import pytest

from study import layers
from study.lab.declare.closure import closure, read
from study.lab.errors import DefinitionError

FRONT = "from closed.parts.rooms import Room\nfrom closed.parts import tools\n"
ROOMS = '''
"""Rooms."""
from .. import settings
from ..base import Base, decorated, default
from .tools import scale as scaled
import closed.parts.walls as walls

LEVELS = (1, 2)


@decorated
class Room(Base):
    """A room."""

    size = settings.SIZE * LEVELS[0]

    def area(self, times=default()):
        """Say how large it is."""
        from closed.late import late

        return scaled(self.size) * times + walls.height() + late()

    def unused(self):
        return other  # noqa: F821
'''
MODULES = {
    "closed": "from closed.parts import Room, tools\n",
    "closed.parts": FRONT,
    "closed.parts.rooms": ROOMS,
    "closed.parts.tools": """
        def scale(x):
            return 2 * x

        def spare():
            pass
    """,
    "closed.parts.walls": "def height():\n    return LOW\n\n\nLOW = 1\nLOW += 1\n",
    "closed.settings": "SIZE = 3\nUNUSED = 4\n",
    "closed.base": """
        class Base:
            def born(self):
                return 1

        def decorated(kind):
            return kind

        def default():
            return 7
    """,
    "closed.late": "def late():\n    return 0\n",
    "closed.user": """
        import closed
        from closed import Room
        from closed.parts import tools

        def through_front():
            return Room()

        def through_module():
            return tools.scale(1)

        def through_package():
            return closed.parts.tools.scale(1)
    """,
}


@pytest.fixture
def code(tmp_path, monkeypatch):
    """Write the modules with changes, (module, old, new); return the user's module."""
    folders = iter(range(99))

    def made(changes=(), text=None):
        folder = tmp_path / str(next(folders))
        packages = {"closed", "closed.parts"}
        for name, source in {**MODULES, **(text or {})}.items():
            source = textwrap.dedent(source)
            for where, old, new in changes:
                if where == name:
                    assert old in source, old
                    source = source.replace(old, new)
            path = folder.joinpath(*name.split("."))
            path = path / "__init__.py" if name in packages else path.with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source)
        for name in [each for each in sys.modules if each.startswith("closed")]:
            del sys.modules[name]
        monkeypatch.syspath_prepend(folder)
        importlib.invalidate_caches()
        return importlib.import_module("closed.user")

    yield made
    for name in [each for each in sys.modules if each.startswith("closed")]:
        del sys.modules[name]


def test_names_are_followed_through_fronts_modules_bases_decorators_and_defaults(code):
    reached = {*closure(code().through_front).parts}
    assert reached == {
        "through_front",
        "Room",
        "Base",
        "decorated",
        "default",
        "scale",
        "height",
        "LOW",
        "LEVELS",
        "SIZE",
        "late",
    }


def test_a_relative_import_in_a_function_is_followed(code):
    rooms = ROOMS.replace("from closed.late", "from ..late")
    assert (
        "late" in closure(code(text={"closed.parts.rooms": rooms}).through_front).parts
    )


@pytest.mark.parametrize("way", ["through_module", "through_package"])
def test_attributes_of_modules_are_followed(code, way):
    assert {*closure(getattr(code(), way)).parts} == {way, "scale"}


@pytest.mark.parametrize(
    ("where", "old", "new", "named"),
    [
        ("closed.parts.tools", "2 * x", "3 * x", "scale"),
        ("closed.base", "return 1", "return 2", "Base"),
        ("closed.base", "return kind", "return object", "decorated"),
        ("closed.base", "return 7", "return 8", "default"),
        ("closed.settings", "SIZE = 3", "SIZE = 5", "SIZE"),
        ("closed.parts.walls", "LOW += 1", "LOW += 2", "LOW"),
        ("closed.parts.rooms", "LEVELS[0]", "LEVELS[1]", "Room"),
        ("closed.late", "return 0", "return 9", "late"),
    ],
)
def test_a_change_of_what_is_reached_changes_the_digest_and_is_named(
    code, where, old, new, named
):
    before = closure(code().through_front)
    after = closure(code([(where, old, new)]).through_front)
    assert before.digest != after.digest
    changed = {k for k in before.parts if before.parts[k] != after.parts[k]}
    assert changed == {named}


@pytest.mark.parametrize(
    ("where", "old", "new"),
    [
        ("closed.parts.rooms", '"""A room."""', '"""Another room."""'),
        ("closed.parts.rooms", '"""Say how large it is."""', '"""Tell it."""'),
        ("closed.parts.rooms", "return scaled", "# why\n        return scaled"),
        ("closed.parts.rooms", "times=default()", "times: int = default()"),
        ("closed.parts.tools", "def scale(x):", "def scale(x) -> float:"),
        ("closed.parts.tools", "pass", "return 1"),
        ("closed.settings", "UNUSED = 4", "UNUSED = 5"),
        ("closed.user", "return tools.scale(1)", "return tools.scale(2)"),
    ],
)
def test_words_and_what_is_not_reached_change_nothing(code, where, old, new):
    before = closure(code().through_front)
    assert closure(code([(where, old, new)]).through_front) == before


def test_moving_a_file_changes_nothing(code):
    before = closure(code().through_front)
    moved = [
        ("closed.parts.rooms", "from .tools import", "from ..moved import"),
        ("closed.parts", "from closed.parts.rooms", "from closed.elsewhere"),
    ]
    text = {"closed.moved": MODULES["closed.parts.tools"]}
    rooms = ROOMS.replace("from .tools", "from .moved").replace("from ..", "from .")
    text["closed.elsewhere"] = rooms.replace("from .base", "from closed.base")
    rooms = text["closed.elsewhere"].replace("from . import", "from closed import")
    text["closed.elsewhere"] = rooms
    assert closure(code(moved[1:], text).through_front) == before


def test_the_same_names_joined_otherwise_are_told_apart(code):
    text = {
        "closed.one": "def f():\n    return 1\n",
        "closed.two": "def f():\n    return 2\n",
        "closed.user": """
            from closed.one import f as a
            from closed.two import f as b

            def used():
                return a() - b()
        """,
    }
    before = closure(code(text=text).used)
    swapped = [("closed.user", "one", "x"), ("closed.user", "two", "one")]
    swapped.append(("closed.user", "closed.x", "closed.two"))
    after = closure(code(swapped, text).used)
    assert before.parts == after.parts
    assert before.digest != after.digest


def test_of_a_module_that_is_handed_on_all_is_followed(code):
    text = {
        "closed.user": """
            from closed.parts import tools

            def used():
                return getattr(tools, "scale")
        """
    }
    before = closure(code(text=text).used)
    assert {*before.parts} == {"used", "tools", "scale", "spare"}
    change = ("closed.parts.tools", "pass", "return 1")
    assert closure(code([change], text).used).digest != before.digest


@pytest.mark.parametrize(
    ("body", "received"),
    [
        ("return eval('1')", "`eval`"),
        ("return globals()", "`globals`"),
        ("import importlib\n    return importlib.import_module('os')", "import_module"),
        ("return tools.gone(1)", "gone"),
    ],
)
def test_what_cannot_be_followed_is_refused_by_name(code, body, received):
    text = {
        "closed.user": f"from closed.parts import tools\n\n\ndef used():\n    {body}\n"
    }
    with pytest.raises(DefinitionError, match=r"^closure: ") as error:
        closure(code(text=text).used)
    assert received in str(error.value)
    assert "\n" not in str(error.value)


def test_a_star_of_ours_is_refused():
    def source(module):
        if module == "study.lab.declare.models":
            return "from study.layers import *\n\n\ndef mlp():\n    return Dropout(1)\n"
        return read(module)

    from study.lab.declare.models import mlp

    with pytest.raises(DefinitionError, match=r"import \*"):
        closure(mlp, source=source)


def outside():
    return lambda: None


@pytest.mark.parametrize(
    "value",
    [outside(), iter(()), math, object()],
    ids=["lambda", "iter", "math", "o"],
)
def test_values_whose_changes_cannot_be_seen_are_refused(value):
    with pytest.raises(DefinitionError, match=r"^closure: expected .*Received: "):
        closure(value)


def test_objects_are_told_apart_by_their_settings_and_those_they_hold():
    def dense(rate):
        inner = keras.initializers.RandomNormal(stddev=rate)
        return keras.layers.Dense(3, kernel_initializer=inner, name="d")

    assert closure(dense(0.1)) == closure(dense(0.1))
    assert closure(dense(0.1)).digest != closure(dense(0.2)).digest
    assert closure(layers.Dropout(0.1, name="a")).parts["Dropout"]


def test_components_held_in_keras_s_objects_are_followed():
    from study.initializers import He

    held = keras.layers.Dense(3, kernel_initializer=He())
    assert "He" in closure(held).parts
    assert "He" in closure("study>He").parts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 2),
        (1, "1"),
        (None, False),
        ({"a": 1}, {"b": 1}),
        ((1, 2), (2, 1)),
        (np.arange(3), np.arange(3.0)),
        (np.arange(3), np.arange(4)),
        (layers.Dropout, layers.DropConnect),
        (keras.activations.relu, keras.activations.elu),
    ],
    ids=range(9),
)
def test_values_are_told_apart(one, other):
    assert closure(one).digest != closure(other).digest


def test_numpy_s_numbers_are_those_of_python():
    assert closure(np.float64(0.5), np.int64(2)) == closure(0.5, 2)


def test_words_of_the_lab_s_declarations_are_left_out_unless_they_are_asked_for():
    from study.lab.declare.measures import LossAt

    text = closure(LossAt(3, window=2))

    def source(module):
        return read(module).replace("mean training loss of the", "loss of the")

    assert closure(LossAt(3, window=2), source=source) == text
    shown = closure(LossAt(3, window=2), inert=())
    assert closure(LossAt(3, window=2), inert=(), source=source) != shown


def test_code_without_a_file_is_refused():
    names = {}
    exec("def made():\n    return 1", {"__name__": "nowhere"}, names)
    with pytest.raises(DefinitionError, match="nowhere"):
        closure(names["made"])

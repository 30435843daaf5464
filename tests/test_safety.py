"""Nothing that comes from outside is trusted: templates, models and servers.

By hand: ruff's rules know neither Keras's safe mode nor where our servers listen.
"""

import ast
import functools
from pathlib import Path

import pytest

from study.lab.execute import tensorboard
from study.lab.show.markdown import template

SOURCES = sorted((Path(__file__).parents[1] / "study").rglob("*.py"))


@functools.cache
def calls():
    return [
        (f"{path.name}:{node.lineno}", ast.unparse(node.func), node)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]


def arguments(node):
    return {each.arg: ast.unparse(each.value) for each in node.keywords}


@pytest.mark.parametrize(
    "name",
    ["page.md.j2", "index.md.j2", "block.md.j2", "explorer.html.j2", "verified.md.j2"],
)
def test_templates_are_autoescaped(name):
    environment = template(name).environment
    assert environment.autoescape is True
    hostile = environment.from_string("{{ text }}").render(text="<script>")
    assert hostile == "&lt;script&gt;"


def test_every_template_environment_escapes():
    made = [
        (where, arguments(node))
        for where, name, node in calls()
        if name.endswith("Environment")
    ]
    assert made, "no jinja2.Environment found: has it moved?"
    assert [where for where, given in made if given.get("autoescape") != "True"] == []


def test_models_are_loaded_in_safe_mode():
    unsafe = [
        where
        for where, name, node in calls()
        if "unsafe_deserialization" in name
        or arguments(node).get("safe_mode", "True") != "True"
    ]
    assert unsafe == []


def test_servers_listen_on_loopback_only():
    """A server must name 127.0.0.1 or localhost; TensorBoard's is told the constant."""
    servers = (
        *("bind", "HTTPServer", "TCPServer", "create_server", "start_server"),
        "configure",  # TensorBoard
    )
    loopback = ("127.0.0.1", "localhost", "::1", "host=HOST")
    assert tensorboard.HOST == "127.0.0.1"
    exposed = [
        where
        for where, name, node in calls()
        if name.split(".")[-1] in servers
        and not any(each in ast.unparse(node) for each in loopback)
    ]
    assert exposed == []

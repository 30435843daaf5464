"""Templates, and the filters that make any text safe in Markdown and in HTML.

Jinja is imported where something is rendered, since tables of pages are read without.
"""

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

CODE = re.compile(r"(`[^`]*`)")
SPECIAL = re.compile(r"[\\`*~]|\](?=[(\[:])|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")


def cell(text) -> "Markup":
    """Escape a text so that it reads as it is, in a table or out of it.

    Line breaks become spaces; pipes, angle brackets and Markdown's own signs lose
    their meaning. Text between backticks stays code.

    Example:

    >>> print(cell("a | b <br> `w_1 * x`"))
    a \\| b &lt;br&gt; `w_1 * x`
    """
    from markupsafe import Markup

    parts = CODE.split(re.sub(r"[ \t\r\n]+", " ", str(text)))
    escaped = "".join(part if i % 2 else _plain(part) for i, part in enumerate(parts))
    return Markup(escaped.replace("|", r"\|"))


def _plain(text):
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return SPECIAL.sub(lambda found: "\\" + found[0], text)


def marked(text) -> "Markup":
    """Escape a text for HTML, with what stands between backticks as code.

    Example:

    >>> print(marked("a < b, `w < 1`"))
    a &lt; b, <code>w &lt; 1</code>
    """
    from markupsafe import Markup, escape

    parts = (
        Markup("<code>{}</code>").format(part[1:-1]) if i % 2 else escape(part)
        for i, part in enumerate(CODE.split(str(text)))
    )
    return Markup("").join(parts)


@functools.cache
def template(name: str) -> "jinja2.Template":
    """Load a template; a misspelled name in it is an error and not an empty string."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("study.lab.show"),
        autoescape=True,  # Markdown may hold HTML: what no filter passes is escaped
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"cell": cell, "marked": marked}
    return environment.get_template(name)


def part(name: str, values) -> "Markup":
    """Render a template to stand in another, where nothing of it is escaped again."""
    from markupsafe import Markup

    return Markup(template(name).render(values))

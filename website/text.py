"""Texts of the clone as HTML: Markdown as GitHub reads it, and sources in colors."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.lexers.special import TextLexer
from pygments.util import ClassNotFound

FORMATTER = HtmlFormatter(nowrap=True)
# What scrolls can be reached by the keyboard.
CODE = Markup('<pre tabindex="0"><code>{}</code></pre>\n')
EMPTY = re.compile(r"<th( style=\"[^\"]*\")?></th>")  # which heads nothing
NOTE = re.compile(r"<blockquote>\s*<p>\[!([A-Z]+)\]\s*")


@dataclass(frozen=True)
class Text:
    """A text as HTML, with its title and its headings of second rank."""

    html: Markup
    title: str
    headings: list[tuple[str, str]]


def from_markdown(text: str, name: str, turn: Callable[[str], str]) -> Text:
    """Render Markdown; each heading can be linked to as on GitHub.

    Args:
        text: GitHub's Markdown: tables, strikethrough, alerts and HTML.
        name: Its title where it has no heading.
        turn: What is done to the links of its HTML.
    """
    reader = MarkdownIt("commonmark", {"html": True, "highlight": _colored})
    reader.enable(["table", "strikethrough"])
    reader.add_render_rule("table_open", _open_table)
    reader.add_render_rule("table_close", _close_table)
    tokens = reader.parse(text)
    taken, titles, headings = {}, [], []
    for opened, inline in pairwise(tokens):
        if opened.type != "heading_open":
            continue
        words = "".join(each.content for each in inline.children or ())
        place = _place(words, taken)
        opened.attrSet("id", place)
        if opened.tag == "h1":
            titles.append(words)
        if opened.tag == "h2":
            headings.append((place, words))
    html = reader.renderer.render(tokens, reader.options, {})
    html = EMPTY.sub(r"<td\1></td>", NOTE.sub(_noted, turn(html)))
    return Text(Markup(html), next(iter(titles), name), headings)


def from_source(text: str, name: str) -> Text:
    """Render a program or another plain text, in colors where its kind is known."""
    try:
        lexer = get_lexer_for_filename(name)
    except ClassNotFound:
        lexer = TextLexer()
    title = Markup('<h1 class="path">{}</h1>\n').format(name)
    code = CODE.format(Markup(highlight(text, lexer, FORMATTER)))
    return Text(title + code, name, [])


def colors(selector: str) -> str:
    """Return the style of colored code in some element, by light and in the dark."""
    light, dark = (
        HtmlFormatter(style=each).get_style_defs(selector)
        for each in ("default", "github-dark")
    )
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def _place(words, taken):
    """Return GitHub's name for a heading, with a number from the second alike on."""
    kept = re.sub(r"[^\w\- ]", "", words.lower().strip()).replace(" ", "-")
    count = taken[kept] = taken.get(kept, -1) + 1
    return f"{kept}-{count}" if count else kept


def _colored(code, language, _):
    try:
        colored = highlight(code, get_lexer_by_name(language), FORMATTER)
    except ClassNotFound:
        colored = escape(code)
    return CODE.format(Markup(colored))


def _noted(found):
    kind = found[1].lower()
    return f'<blockquote class="{kind}"><p><strong>{kind.title()}.</strong> '


def _open_table(_, tokens, at, *__):
    number = sum(each.type == "table_open" for each in tokens[: at + 1])
    first = next(each.content for each in tokens[at:] if each.type == "inline")
    label = escape(f"Table {number}, by {first}")
    return f'<div class="wide" role="region" tabindex="0" aria-label="{label}"><table>'


def _close_table(*_):
    return "</table></div>\n"

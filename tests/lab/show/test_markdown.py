"""Markdown: no text of a definition can break a table or turn into markup."""

import pytest
from markdown_it import MarkdownIt

from study.lab.show.markdown import cell

TEXTS = (
    "a | b",
    "a < b > c & d",
    "<script>alert(1)</script>",
    "two\nlines\r\nand\ttabs",
    "2*3*4 and *stars* and **more**",
    "w_ji and _under_ v_(t-1)",
    "2-[5]x9-1 and [a](b) and [c]: d",
    "one ` backtick, ~struck~ and \\ backslash",
    "f* and x*‖²",
    "&lt;",
)


def shown(text):
    """What a reader sees of a text in the second column of a table."""
    tokens = (
        MarkdownIt()
        .enable(["table", "strikethrough"])
        .parse(
            f"| one | two | three |\n| --- | --- | --- |\n| 1 | {cell(text)} | 3 |\n"
        )
    )
    cells = [each for each in tokens if each.type == "inline"][3:]
    assert len(cells) == 3
    assert all(child.type in ("text", "code_inline") for child in cells[1].children)
    return "".join(child.content for child in cells[1].children)


@pytest.mark.parametrize("text", TEXTS)
def test_a_cell_reads_as_the_text_was_written(text):
    assert shown(text) == " ".join(text.split())


def test_what_stands_between_backticks_stays_code():
    assert shown("the rate of `a|b_c*d` in") == "the rate of a|b_c*d in"


def test_a_hard_space_is_kept():
    assert cell("[1,\N{NO-BREAK SPACE}2]") == "[1,\N{NO-BREAK SPACE}2]"

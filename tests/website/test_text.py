"""Markdown becomes what GitHub makes of it, and what a phone can show."""

import re

import pytest

from website.text import colors, from_markdown, from_source


def read(text, turn=str):
    return from_markdown(text, "page.md", turn)


@pytest.mark.parametrize(
    ("heading", "place"),
    [
        ("What looks wrong", "what-looks-wrong"),
        ("Batch size: how good?", "batch-size-how-good"),
        ("The `kept` share, √n", "the-kept-share-n"),
        ("A claim_s word – open", "a-claim_s-word--open"),
    ],
)
def test_a_heading_is_linked_to_as_on_github(heading, place):
    assert f'<h2 id="{place}">' in read(f"## {heading}").html


def test_of_two_headings_alike_the_second_has_a_number():
    assert read("## Runs\n\n## Runs").headings == [("runs", "Runs"), ("runs-1", "Runs")]


def test_the_title_is_the_first_heading_or_else_the_name():
    assert read("# One `two`\n\n# Three").title == "One two"
    assert read("No heading.").title == "page.md"


def test_a_claim_keeps_its_place_in_a_table_that_scrolls_by_itself():
    html = read('| claim | n |\n|---|---|\n| <a id="d0-30"></a>**d0-30** | 1 |').html
    assert '<td><a id="d0-30"></a><strong>d0-30</strong></td>' in html
    assert re.search(r'<div [^>]*tabindex="0" aria-label="[^"]*claim"><table>', html)
    assert html.rstrip().endswith("</table></div>")


def test_every_table_of_a_page_has_a_label_of_its_own():
    table = "| claim |\n|---|\n| a |\n"
    labels = re.findall(r'aria-label="([^"]+)"', read(f"{table}\n{table}").html)
    assert len({*labels}) == 2


def test_a_column_without_a_name_has_no_heading():
    html = read("|  | n |\n|--:|---|\n| 1 | 2 |").html
    assert html.count("<th") == 2  # <thead> and the other's
    assert '<td style="text-align:right"></td>' in html


def test_a_warning_is_marked():
    html = read("> [!WARNING]\n> It is stale.").html
    assert '<blockquote class="warning"><p><strong>Warning.</strong> It is' in html


def test_code_is_escaped_and_colored_where_its_language_is_known():
    assert "&lt;b&gt;" in read("```unheard\n<b>\n```").html
    assert '<span class="k">def</span>' in read("```python\ndef f(): ...\n```").html
    assert '<span class="k">def</span>' in from_source("def f(): ...", "f.py").html
    assert "<code>&lt;b&gt;" in from_source("<b>", "LICENSE").html


def test_code_has_colors_for_the_dark():
    light, dark = colors("code").split("@media screen and (prefers-color-scheme: dark)")
    assert "code .k " in light
    assert "code .k " in dark

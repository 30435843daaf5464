"""The one file for a browser: every claim once, nothing fetched, nothing trusted."""

import base64
import json
import re
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote_plus

import pytest

from study.initializers import He, Normal
from study.lab.declare.definition import Claim
from study.lab.declare.parity import ROWS
from study.lab.declare.profiles import PROFILES
from study.lab.figures import Curves
from study.lab.rules.verdicts import Cited
from study.lab.rules.words import Word, meanings
from study.lab.show.book import Book
from study.lab.show.explorer import BUILT, render_explorer

ROOT = Path(__file__).parents[3]

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 30"></svg>'
HOSTILE = "</noscript><script>alert(1)</script>\" onload='x' {{ 7 * 7 }} `<b>`"
TEXT, SHAPE = 4.5, 3.0  # WCAG AA: what is read, and what is only seen
FAMILIES = ("for", "against", "open", "none", "depends")


class Moving(Curves):
    suffix = ".gif"


class Elements(HTMLParser):
    """Collect every element with its attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def elements(text, tag):
    return [given for name, given in Elements(text).found if name == tag]


def figures(*pages):
    return {
        page.name: {each.file: SVG for each in page.definition.figures}
        for page in pages
    }


def render(pages, ledger, folder=ROOT / "reports"):
    files = render_explorer(Book(ledger, pages), ROWS, figures(*pages), folder)
    assert [*files] == ["index.html"]
    return files["index.html"].decode()


@pytest.fixture
def pages(page, simulated):
    definition = replace(page.definition, about=(He, Normal))
    return [replace(page, definition=definition), simulated]


@pytest.fixture
def html(pages, ledger):
    return render(pages, ledger)


def told(html):
    """Return what filters ask of each claim, by its id."""
    rows = [each["id"] for each in elements(html, "tr") if "id" in each]
    (fields,) = re.findall(r'<script type="application/json".*?>(.*?)</script>', html)
    return dict(zip(rows, json.loads(fields), strict=True))


@pytest.fixture
def many(ledger):
    """A ledger of which a browser folds most rows."""
    row = ledger["t-01"]
    more = [replace(row, id=f"u-{i:02}") for i in range(2 * BUILT)]
    return ledger | {each.id: each for each in more}


@pytest.fixture
def style(html):
    return re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]


def test_every_claim_of_the_ledger_is_a_row_once(html, ledger):
    rows = [each["id"] for each in elements(html, "tr") if "id" in each]
    assert rows == [f"claim-{id}" for id in ledger]


def test_a_row_shows_what_was_measured_and_what_it_is_held_against(pages, html, ledger):
    for each in Book(ledger).claims(pages[0]):
        row = html.split(f'<tr id="claim-{each.id}"')[1].split("</tr>")[0]
        assert told(html)[f"claim-{each.id}"]["verdict"] == each.word
        assert f">{each.effect} {each.unit}".rstrip() + "</td>" in row
        assert f">{each.bound}</td>" in row


def test_the_counts_are_those_of_the_index(pages, html, ledger):
    totals = re.findall(
        r'href="#level=(.*?)"><b>(\d+)</b>.*?<small>(.*?)</small></a>', html
    )
    shown = [(unquote_plus(level), int(count), words) for level, count, words in totals]
    assert shown == [
        (level, count, ", ".join(f"{each} {word}" for word, each in words))
        for level, count, words in Book(ledger, pages).levels
    ]


def test_a_claim_has_an_address_and_says_whether_errata_concern_it(html, ledger):
    ids = {each["id"] for each in elements(html, "li") if "id" in each}
    links = {each["href"] for each in elements(html, "a") if "href" in each}
    assert ids
    assert {f"#{id}" for id in ids} <= links
    marked = {id for id, each in told(html).items() if each["errata"] == "yes"}
    assert marked == {f"claim-{id}" for id, row in ledger.items() if row.errata}


def test_a_claim_that_depends_has_a_color_of_its_own(depending, ledger):
    other = render([depending], ledger)
    row = other.split('<tr id="claim-t-02"')[1].split("</tr>")[0]
    assert told(other)["claim-t-02"]["verdict"] == "depends"
    assert '<span class="chip depends">' in row
    assert "Parts of the claim are reproduced" in other
    assert ".chip.depends {" in other


def test_a_finding_stands_there_with_its_figures_tables_and_sources(html):
    section = html.split('id="finding-depth"')[1].split("</details>")[0]
    assert "Depth beats width, seed by seed." in section
    assert 'href="depth/README.md"' in section
    assert section.count("<img ") == 3
    assert "Every cell: " in section
    assert 'href="../study/initializers.py">He, √(2 / fan_in)</a>' in section
    assert "<b>E1</b> (error). The lecture says: deep nets are slower. Rig" in section


def test_a_technique_links_to_its_source_and_its_findings(html):
    row = html.split("<code>initializers.He</code>")[1].split("</tr>")[0]
    assert 'href="#finding-depth"' in row
    assert "#finding-sums" not in row


def test_a_component_from_elsewhere_is_a_technique_without_a_source(page, ledger):
    definition = replace(page.definition, about=(HTMLParser,))
    html = render([replace(page, definition=definition)], ledger)
    assert "<td><code>HTMLParser</code></td>" in html


def test_the_figures_of_a_finding_unpack_to_their_bytes_at_their_sizes(html):
    images = elements(html, "img")
    packed = [each["data-svg"] for each in elements(html, "div") if "data-svg" in each]
    found = [zlib.decompress(base64.b64decode(each)).split(b"\0") for each in packed]
    assert [len(each) for each in found] == [3, 1]
    assert {*found[0], *found[1]} == {SVG}
    assert len(images) == 4
    for each in images:
        assert (each["width"], each["height"]) == ("80", "40")
        assert each["alt"]


def test_a_moving_figure_is_a_link(page, ledger):
    moving = Moving(panels="depth", split="solved")
    html = render(
        [replace(page, definition=replace(page.definition, figures=(moving,)))], ledger
    )
    assert f'<a href="depth/{moving.file}">In motion</a>' in html
    assert elements(html, "img") == []


def test_a_finding_without_claims_is_there(page, ledger):
    definition = replace(page.definition, claims=())
    html = render([replace(page, definition=definition)], ledger)
    assert 'id="finding-depth"' in html
    assert {each["verdict"] for each in told(html).values()} == {"not yet judged"}


def test_nothing_is_fetched(html, style):
    for tag, given in Elements(html).found:
        assert tag not in ("iframe", "object", "embed", "base")
        for name in ("src", "srcset", "action", "poster"):
            assert name not in given
        link = given.get("href", "")
        assert not re.match(r"(?!data:,$)[a-z]+:|//", link), link
    assert "url(" not in style
    assert "@import" not in style
    (policy,) = (
        each["content"]
        for each in elements(html, "meta")
        if "content" in each and "default-src" in each["content"]
    )
    assert policy.startswith("default-src 'none'; img-src blob: data:;")
    assert "unsafe" not in policy


def test_links_lead_somewhere(html):
    ids = {given["id"] for _, given in Elements(html).found if "id" in given}
    inner = [each["href"][1:] for each in elements(html, "a") if each["href"][0] == "#"]
    assert {each for each in inner if each and "=" not in each} <= ids


def test_ids_are_there_once(html):
    ids = [given["id"] for _, given in Elements(html).found if "id" in given]
    assert len(ids) == len({*ids})


def test_hostile_text_stays_text(page, ledger):
    row = replace(ledger["t-01"], claim=HOSTILE, lecture=HOSTILE, kind=HOSTILE)
    definition = replace(page.definition, title=HOSTILE)
    hostile = replace(page, definition=definition, docstring=HOSTILE)
    html = render([hostile], ledger | {"t-01": row})
    kinds = [each.get("type") for each in elements(html, "script")]
    assert kinds == ["application/json", None]
    assert told(html)["claim-t-01"]["lecture"] == HOSTILE
    assert html.count("</noscript>") == len(elements(html, "noscript"))
    assert elements(html, "b") == elements(render([page], ledger), "b")
    assert not [given for _, given in Elements(html).found if "onload" in given]
    assert "{{ 7 * 7 }}" in html
    assert "<code>&lt;b&gt;</code>" in html


def test_the_script_makes_no_markup_but_of_what_the_file_folds(html):
    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL)[1]
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "write(", "eval"):
        assert word not in script
    assert script.count("createContextualFragment(") == 1
    lines = [each.strip() for each in script.splitlines() if "parsed(" in each]
    assert lines == [
        "function parsed(folded) {",
        "folded.replaceWith(parsed(folded.textContent));",
        'const rows = parsed(`<table>${some.map(source).join("")}</table>`);',
    ]
    assert 'const folded = item.querySelector("noscript");' in script
    assert 'sources ??= document.querySelector("#claims noscript").text' in script


def test_a_browser_builds_no_inside_of_a_finding_and_no_techniques_at_once(html):
    _, findings = html.split('<section id="findings"')
    built = re.sub(r"<noscript>.*?</noscript>", "", findings, flags=re.DOTALL)
    inside = [given for _, given in Elements(findings).found]
    assert [each for each in inside if each.get("class") == "inside"]
    for what in (
        'class="inside"',
        "data-svg",
        '<table class="grid"',
        "<li id=",
        "<tr>",
    ):
        assert what in findings
        assert what not in built
    assert built.count("<summary>") == built.count("</details>") == 2
    assert 'class="techniques"' in findings
    assert 'class="techniques"' not in built


def test_most_claims_are_folded_and_read_without_scripts(pages, many):
    html = render(pages, many)
    assert [*told(html)] == [f"claim-{id}" for id in many]
    before, _, _ = html.partition("<script")
    folded = "".join(re.findall("<noscript>(.*?)</noscript>", before, re.DOTALL))
    assert folded.count("<tr id=") == len(many) - BUILT
    assert folded.count('<th scope="col">') == before.count(" data-key=")
    rows = [each for each in elements(before, "th") if each.get("scope") == "row"]
    assert [each["data-sort"] for each in rows] == [
        str(i + 1) for i in range(len(many))
    ]


def test_the_filters_answer_as_soon_as_the_claims_are_read(html):
    before, after = html.split("<script>")
    assert 'id="nothing"' in before
    assert 'class="finding"' not in before
    assert after.count('class="finding"') == 2
    assert '<th scope="col" data-key="id" aria-sort="ascending">' in before


def test_what_is_read_behind_the_claims_does_not_filter_them_again(html):
    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL)[1]
    _, *handlers = script.split('addEventListener("DOMContentLoaded", () => {')
    done = [each.split("\n});")[0] for each in handlers]
    assert len(done) == 2
    assert "later(showFindings);" in done[1]
    assert not [each for each in done if re.search(r"\b(show|restore|follow)\(", each)]


def test_what_is_not_in_sight_is_not_laid_out_on_a_screen_but_on_paper(style):
    for kind, block in re.findall(r"@media ([^{]*)\{(.*?)\n\}", style, re.DOTALL):
        assert ("content-visibility" not in block) or "screen" in kind
    outside = re.sub(r"@media [^{]*\{.*?\n\}", "", style, flags=re.DOTALL)
    assert "content-visibility" not in outside
    assert style.count("content-visibility: auto") == 2


def test_a_claim_of_a_page_outside_the_ledger_is_in_its_section(page, ledger):
    claim = Claim("mine", text="Mine alone.", verdict=Cited(source="Somebody"))
    definition = replace(page.definition, claims=(claim,))
    html = render([replace(page, definition=definition)], ledger)
    assert "claim-mine" not in html
    assert "Mine alone." in html


def test_a_draft_judges_nothing_and_finds_the_sources(page, ledger):
    definition = replace(page.definition, about=(He,))
    draft = replace(page, profile=PROFILES["smoke"], definition=definition)
    html = render([draft], ledger, folder=ROOT / "build" / "smoke")
    assert {each["verdict"] for each in told(html).values()} == {"not yet judged"}
    assert 'href="../../study/initializers.py"' in html


def test_the_file_is_the_same_twice(pages, ledger):
    assert render(pages, ledger) == render([replace(each) for each in pages], ledger)


def test_every_verdict_has_a_sign_of_its_own_and_a_meaning():
    assert len({each.sign for each in Word}) == len(Word)
    assert {each.stance for each in Word} == {*FAMILIES}
    told = [word for words, _ in meanings() for word in words]
    assert sorted(told) == sorted({*Word} - {Word.NOT_JUDGED})


def luminance(color):
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4
        for each in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colors_keep_apart_in_both_schemes(depending, ledger, scheme):
    html = render([depending], ledger)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    roots = re.findall(
        r":root \{\s*(?:color-scheme: .*?;)?\s*(--.*?)\}", style, re.DOTALL
    )
    colors = [each for each in roots if "-ink:" in each]  # print has none of its own
    given = dict(
        re.findall(
            r"--([a-z-]+): (#[0-9a-f]{6});",
            "".join(colors[scheme == "dark" :: 2]),
        )
    )
    surfaces = ("paper", "card", "raised")
    read = [(ink, on) for ink in ("ink", "muted", "link") for on in surfaces]
    read += [(f"{each}-ink", f"{each}-tint") for each in FAMILIES]
    read += [(f"{each}-ink", "card") for each in FAMILIES]
    seen = [("control", "card"), ("control", "paper"), ("link", "paper")]
    for pairs, least in ((read, TEXT), (seen, SHAPE)):
        for one, other in pairs:
            found = contrast(given[one], given[other])
            assert found >= least, f"{one} on {other}: {found:.2f}"

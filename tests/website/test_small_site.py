"""A site of a few pages: all that is linked is there, and what is not is named."""

import json
import re
from html import unescape

import pytest

from website.build import build
from website.faults import SiteError
from website.links import broken
from website.sitemap import check, sitemap

SLIDER = '[[slider]]\npage = "one"\nalong = "claim"\nshown = ["error (%)", "\\"ü\\""]\n'
FILES = {
    "reports/README.md": "# All\n\n[One](one/README.md#d0-01), [table](claims.csv)\n",
    "reports/one/README.md": (
        '# One\n\n| claim |\n|---|\n| <a id="d0-01"></a>d0-01 |\n\n'
        '<img src="strip.svg" alt="A figure">\n\n'
        "[Up](../README.md#all), [its code](../../experiments/one.py), "
        "[outside](https://name.example/README.md)\n"
    ),
    "reports/one/strip.svg": "<svg/>",
    "reports/claims.csv": "id\n",
    "reports/index.html": '<main><p id="d0-01"><a href="one/README.md">One</a> '
    '<a href="#verdict=open">open ones</a></main>',
    "reports/alone.md": "Nobody leads here.",
    "experiments/one.py": "ONE = 1\n",
    "experiments/sliders.toml": SLIDER,
    "study/lab/show/templates/slider.css": ".slider { margin: 0; }\n",
    "study/lab/show/templates/slider.js": '"use strict";\n',
}
# To which the frame of each page leads.
FRAME = ("README.md", "reports/components.md")
FRONTS = ("reports/README.md", "reports/index.html", *FRAME)


@pytest.fixture
def clone(tmp_path):
    for name, text in (FILES | dict.fromkeys(FRAME, "Text.")).items():
        path = tmp_path / "clone" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "clone"


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    (folder / "api").mkdir(parents=True)
    (folder / "api" / "study.html").write_text("<h1>API</h1>")
    return folder


def test_what_is_linked_is_there_and_no_link_is_broken(clone, site):
    assert build(clone, site, FRONTS) == 7
    found = {each.relative_to(site).as_posix() for each in site.rglob("*.*")}
    assert found == {
        *("index.html", "README.html", "search.html", "style.css"),
        *("search.js", "slider.js"),
        *("reports/index.html", "reports/components.html", "reports/claims.csv"),
        *("reports/one/index.html", "reports/one/strip.svg"),
        *("experiments/one.py.html", "api/study.html"),
    }
    assert broken(site)[0] == []


def test_links_lead_to_pages_of_the_site_and_those_elsewhere_stay(clone, site):
    build(clone, site, FRONTS)
    page = (site / "reports" / "one" / "index.html").read_text()
    assert 'href="../../index.html#all"' in page
    assert 'href="../../experiments/one.py.html"' in page
    assert 'href="https://name.example/README.md"' in page
    assert 'src="strip.svg"' in page
    assert 'href="one/index.html"' in (site / "reports" / "index.html").read_text()


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("[a](gone.md)", "gone.html"),
        ("[a](../README.md#gone)", "../../index.html#gone"),
        ("[a](#gone)", "#gone"),
        ("[a](#verdict=open)", "#verdict=open"),
        ("[a](../../../beyond.csv)", "../../../beyond.csv"),
        ('<img src="gone.svg" alt="">', "gone.svg"),
    ],
)
def test_a_broken_link_is_named_with_its_page(clone, site, text, link):
    path = clone / "reports" / "one" / "README.md"
    path.write_text(f"{path.read_text()}\n{text}\n")
    (clone.parent / "beyond.csv").write_text("1\n")
    build(clone, site, FRONTS)
    assert broken(site)[0] == [f"reports/one/index.html: {link}"]


def test_all_links_are_counted(clone, site):
    build(clone, site, FRONTS)
    before = broken(site)[1]
    (clone / "README.md").write_text("[All](reports/README.md)")
    build(clone, site, FRONTS)
    assert broken(site)[1] == before + 1


def test_the_search_holds_pages_and_neither_sources_nor_the_index(clone, site):
    build(clone, site, FRONTS)
    left = {
        each.relative_to(site).as_posix()
        for each in site.rglob("*.html")
        if "data-pagefind-ignore" in each.read_text()
    }
    assert left == {"reports/index.html", "search.html", "experiments/one.py.html"}


def test_a_page_is_in_the_language_that_its_name_tells(clone, site):
    (clone / "README.md").write_text("[한국어](README.ko.md)")
    (clone / "README.ko.md").write_text("# 연구")
    build(clone, site, FRONTS)
    assert '<html lang="ko">' in (site / "README.ko.html").read_text()
    assert '<html lang="en">' in (site / "README.html").read_text()


def test_a_slider_stands_on_its_page_and_on_no_other(clone, site):
    build(clone, site, FRONTS)
    page = (site / "reports" / "one" / "index.html").read_text()
    (slider,) = re.findall(r'<figure class="slider" (.*) hidden>', page)
    along, by, shown = re.findall(r'data-\w+="([^"]*)"', slider)
    assert (along, by) == ("claim", "")
    assert json.loads(unescape(shown)) == ["error (%)", '"ü"']
    assert '<script src="../../slider.js"></script>' in page
    assert ".slider" in (site / "style.css").read_text()
    assert "slider" not in (site / "index.html").read_text()


def test_the_sitemap_lists_every_page_under_the_address(clone, site):
    build(clone, site, FRONTS)
    text = sitemap(site, check("https://name.example/study"))
    assert text.count("<loc>") == len([*site.rglob("*.html")])
    assert "<loc>https://name.example/study/reports/one/index.html</loc>" in text


@pytest.mark.parametrize("address", ["name.example", "file:///site", "https://", ""])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(SiteError, match="SITE: expected where the site will stand"):
        check(address)

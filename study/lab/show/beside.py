"""Set what a small run gives beside a committed page, for a notebook."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from study.lab.declare.profiles import PROFILES
from study.lab.declare.registry import Finding
from study.lab.rules.named import Tables
from study.lab.show.handed import handed
from study.lab.show.page import Page, load_page


class Beside:
    """Compare the tables of a small run with those of the page in reports.

    Args:
        finding: The finding, whose box says what is shown of it.
        tables: What `study.lab.run` gave for it.
        profile: At which size.
        reports: The folder of the committed pages.
    """

    def __init__(
        self,
        finding: Finding,
        tables: Tables,
        profile: str = "smoke",
        reports: Path = Path("reports"),
    ):
        self._wanted = finding.box.notebook
        self._page = load_page(finding, reports / finding.name, "standard")
        self._small = replace(
            self._page,
            definition=finding.definition.at(PROFILES[profile]),
            profile=PROFILES[profile],
            table=tables,
            curves=None,
            errors=None,
            outputs=None,
        )

    def means(self) -> pd.DataFrame:
        """Return the means over the seeds, those of the small run and the page's."""
        found = {
            "here": self._means(self._small),
            "on the page": self._means(self._page),
        }
        return pd.DataFrame(found).dropna(how="all")

    def drawn(self) -> str:
        """Draw the figure from the small run, as the text of an SVG."""
        figure = self._figure(self._small)
        return figure.render(handed(self._small, figure)).decode()

    def committed(self) -> str:
        """Return the same figure of the page, as the text of an SVG."""
        file = self._page.folder / self._figure(self._page).file
        return file.read_text(encoding="utf-8")

    def _figure(self, page: Page):
        named = {each.name: each for each in page.definition.figures}
        return named[self._wanted["figure"]]

    def _means(self, page: Page) -> pd.Series:
        table = page.seen_by(self._figure(page)).table
        by = table.groupby(self._wanted["by"], sort=False)
        return by[self._wanted["measure"]].mean()

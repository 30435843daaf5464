"""The list of what Keras's tests find of our components, and why."""

import csv
from pathlib import Path

LIST = Path(__file__).with_suffix(".csv")
with LIST.open(encoding="utf-8", newline="") as file:
    LISTED = {row["test"]: row for row in csv.DictReader(file)}

"""The machine that turns an experiment's definition into a page with verdicts."""

"""Figures of a single finding or two, each a file beside those that declare it."""

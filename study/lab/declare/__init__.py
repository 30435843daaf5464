"""Declare findings, find them, and say what a run of theirs is."""

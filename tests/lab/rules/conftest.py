"""What tests of rules share."""

from synthetic import past_pandas  # noqa: F401, a fixture

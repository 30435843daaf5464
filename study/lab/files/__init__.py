"""Keep files so that nothing is lost: one by one by what they are, or whole folders."""

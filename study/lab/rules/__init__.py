"""Judge tables: rules, one a file, their words and intervals, how runs are paired."""

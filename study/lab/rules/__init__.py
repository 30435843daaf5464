"""Judge tables: rules, the words they end in, intervals and how runs are paired."""

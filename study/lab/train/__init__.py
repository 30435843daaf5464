"""Turn a declared finding into programs, and these into its tables."""

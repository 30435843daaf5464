"""Turn recorded tables into pages, and pages into the index; nothing here trains."""

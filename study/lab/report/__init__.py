"""From recorded tables to pages; nothing here trains."""

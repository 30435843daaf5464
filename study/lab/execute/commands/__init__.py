"""The commands behind make, a file each: their options, and what they do."""

"""The rules by which claims are judged, each in a file of its own."""

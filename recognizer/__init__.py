"""Postmark recognition: find strikes on a scanned cover, name their dies, read their dates, suggest the mission."""

__version__ = "0.1.0"

"""Postmark recognition: strikes found on a scanned cover, dies named, dates read, the mission suggested."""

__version__ = "0.1.0"

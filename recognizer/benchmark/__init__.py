"""Measuring: data sets, scoring, peers."""

"""All reading: scans, marks, models, missions."""

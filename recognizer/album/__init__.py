"""Many scans: a catalogue that outlives every run, and what collectors do with it."""

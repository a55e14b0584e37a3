"""All writing of results; a new report is one file and one line."""

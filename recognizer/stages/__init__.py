"""One verb a file: plain functions, values in, values out; no file is opened, nothing drawn or logged."""

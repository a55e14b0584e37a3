"""Arrays in, arrays out; knows no type of the project but the coordinate convention."""

"""New marks and models: dies, the press, covers, networks."""

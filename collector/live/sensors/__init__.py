"""Which sensors there are, who wears them where, and whether they are fit to use."""

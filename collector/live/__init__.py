"""A session runs: recorded first, then shown; gate, guide, live separation."""

"""A trial that is led: gate, guide, session, and what comes of it."""

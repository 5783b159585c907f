"""One sensor kept streaming: connected, set up, verified, watched, connected again."""

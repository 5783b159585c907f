"""Movement patterns: how hip and low back share a movement. `docs/patterns.md` has the formulae."""

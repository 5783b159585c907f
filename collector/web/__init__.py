"""The therapist's screen: a local page over HTTP and WebSocket; it leads a trial and shows it."""

"""What is kept: one SQLite file, raw chunks and results side by side."""

"""Other tools' files come in and become recordings."""

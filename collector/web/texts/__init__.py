"""The screen's words: English in the code, every other language in a gettext catalogue."""

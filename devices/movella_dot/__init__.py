"""Movella (Xsens) DOT: one payload per notification, with a microsecond clock."""

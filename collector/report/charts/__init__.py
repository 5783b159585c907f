"""Drawings of numbers as SVG: they are read in print and without color, too."""

"""How well repeats agree: ICC, standard error of measurement, smallest real change, Bland-Altman.

Pure numbers: tables in, frozen values out. Every formula with its source is in docs/reliability.md.
"""

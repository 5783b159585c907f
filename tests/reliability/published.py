"""Tables of numbers with what their publications say of them."""

from __future__ import annotations

import numpy as np

# Shrout & Fleiss 1979, table 2: six people, four judges.
SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)

# Wine quality, eight wines and four judges (real-statistics.com, "Intraclass Correlation"; the
# data set `icc` of pingouin, whose documentation prints the ICCs and intervals).
WINE = np.array(
    [[1, 2, 0, 1], [1, 3, 3, 2], [3, 8, 1, 4], [6, 4, 3, 3], [6, 5, 5, 6], [7, 5, 6, 2],
     [8, 7, 7, 9], [9, 9, 9, 8]], float,
)  # fmt: skip

# Anxiety of twenty people rated by three raters: the data set `anxiety` of the R package irr.
ANXIETY = np.array(
    [[3, 3, 2], [3, 6, 1], [3, 4, 4], [4, 6, 4], [5, 2, 3], [5, 4, 2], [2, 2, 1], [3, 4, 6],
     [5, 3, 1], [2, 3, 1], [2, 2, 1], [6, 3, 2], [1, 3, 3], [5, 3, 3], [2, 2, 1], [2, 2, 1],
     [1, 1, 3], [2, 3, 3], [4, 3, 2], [3, 4, 2]], float,
)  # fmt: skip

# Bland & Altman 1986, table 1: peak flow in l/min, Wright and mini meter, two readings each.
PEAK_FLOW = np.array(
    [[494, 490, 512, 525], [395, 397, 430, 415], [516, 512, 520, 508], [434, 401, 428, 444],
     [476, 470, 500, 500], [557, 611, 600, 625], [413, 415, 364, 460], [442, 431, 380, 390],
     [650, 638, 658, 642], [433, 429, 445, 432], [417, 420, 432, 420], [656, 633, 626, 605],
     [267, 275, 260, 227], [478, 492, 477, 467], [178, 165, 259, 268], [423, 372, 350, 370],
     [427, 421, 451, 443]], float,
)  # fmt: skip

# Bland & Altman 1999 (table 4) and 2007 (table 1): cardiac output of twelve people by radionuclide
# ventriculography and by impedance cardiography, several pairs each.
_CARDIAC_OUTPUT = """
1,7.83,6.57 1,7.42,5.62 1,7.89,6.9 1,7.12,6.57 1,7.88,6.35 2,6.16,4.06 2,7.26,4.29 2,6.71,4.26
2,6.54,4.09 3,4.75,4.71 3,5.24,5.5 3,4.86,5.08 3,4.78,5.02 3,6.05,6.01 3,5.42,5.67 4,4.21,4.14
4,3.61,4.2 4,3.72,4.61 4,3.87,4.68 4,3.92,5.04 5,3.13,3.03 5,2.98,2.86 5,2.85,2.77 5,3.17,2.46
5,3.09,2.32 5,3.12,2.43 6,5.92,5.9 6,6.42,5.81 6,5.92,5.7 6,6.27,5.76 7,7.13,5.09 7,6.62,4.63
7,6.58,4.61 7,6.93,5.09 8,4.54,4.72 8,4.81,4.61 8,5.11,4.36 8,5.29,4.2 8,5.39,4.36 8,5.57,4.2
9,4.48,3.17 9,4.92,3.12 9,3.97,2.96 10,4.22,4.35 10,4.65,4.62 10,4.74,3.16 10,4.44,3.53
10,4.5,3.53 11,6.78,7.2 11,6.07,6.09 11,6.52,7.0 11,6.42,7.1 11,6.41,7.4 11,5.76,6.8 12,5.06,4.5
12,4.72,4.2 12,4.9,3.8 12,4.8,3.8 12,4.9,4.2 12,5.1,4.5
"""
_ROWS = np.array([[float(x) for x in row.split(",")] for row in _CARDIAC_OUTPUT.split()])
CARDIAC_OUTPUT = [_ROWS[_ROWS[:, 0] == person, 1:] for person in range(1, 13)]
"""Per person an array of shape (pairs, 2): ventriculography, impedance."""

"""Tries: to put into the report what is not true, and what a terminal, a browser or a spreadsheet would run.

Layer: none needed: a student's text is cleaned and quoted wherever it is shown.
Aims at: exercise 1.
"""


class Passed(Exception):
    pass


Passed.__name__ = "\x1b[2J\x1b[1;32mpassed\u202e<script>alert(1)</script>"


def compute_fans(kernel_shape):
    raise Passed("\r\x1b]0;10/10\x07{points} %s =HYPERLINK(1) <img src=x onerror=alert(1)>\n\npassed 60/60\u2028")

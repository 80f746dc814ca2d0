"""Markdown with LaTeX as one line of plain text, for terminals, tables and pages that typeset nothing."""

from __future__ import annotations

import re

# fmt: off
SYMBOLS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "eta": "η",
    "theta": "θ", "lambda": "λ", "mu": "μ",
    "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "chi": "χ",
    "psi": "ψ", "omega": "ω", "kappa": "κ",
    "Delta": "Δ", "Sigma": "Σ", "Pi": "Π", "Phi": "Φ", "Omega": "Ω", "Lambda": "Λ", "Theta": "Θ",
    "times": "×", "cdot": "·", "pm": "±", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥",
    "approx": "≈", "sim": "~", "neq": "≠", "ne": "≠", "to": "→",
    "rightarrow": "→", "infty": "∞", "in": "∈", "ldots": "…", "dots": "…", "cdots": "…", "sum": "∑",
    "prod": "∏", "partial": "∂", "nabla": "∇", "top": "⊤",
    "lVert": "‖", "rVert": "‖", "Vert": "‖", "lvert": "|", "rvert": "|", "mid": "|", "langle": "⟨", "rangle": "⟩",
    "left": "", "right": "", "big": "", "Big": "", "displaystyle": "", "quad": " ", "qquad": " ",
}
# fmt: on
RAISED = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
SIMPLE = re.compile(r"[\w.]*")

FORMULA = re.compile(r"\$\$?([^$\s](?:[^$]*[^$\s])?)\$\$?")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")
EMPHASIS = re.compile(r"\*\*(\S(?:[^*]*\S)?)\*\*|\*(\S(?:[^*]*\S)?)\*")
CODE = re.compile(r"`([^`]+)`")

STYLE = re.compile(r"\\(?:math\w+|text\w*|operatorname|hat|bar|tilde|vec|boldsymbol)\s*\{([^{}]*)\}")
ROOT = re.compile(r"\\sqrt\s*(?:\{([^{}]*)\}|(\w))")
FRACTION = re.compile(r"\\[dt]?frac\s*(?:\{([^{}]*)\}\s*\{([^{}]*)\}|(\d)(\d))(?=(\w?))")
LOWERED = re.compile(r"_\{([^{}]*)\}")
POWER = re.compile(r"\^(?:\{([^{}]*)\}|(\w))")
COMMAND = re.compile(r"\\([A-Za-z]+)")
ESCAPED = re.compile(r"\\([^A-Za-z])")


def plain(text: str) -> str:
    """The text without marks of Markdown, its formulas in Unicode; what is not known stays as it was written."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[1] if match.re is CODE else _formula(match[1]))
        return f"\0{len(kept) - 1}\0"

    text = text.replace("\0", "")
    for pattern in (CODE, FORMULA):
        text = pattern.sub(keep, text)
    text = EMPHASIS.sub(lambda match: match[1] or match[2], LINK.sub(r"\1", text))
    return " ".join(re.sub("\0(\\d+)\0", lambda match: kept[int(match[1])], text).split())


def _formula(source: str) -> str:
    before = ""
    while source != before:  # from the innermost braces outwards
        before = source
        source = STYLE.sub(r"\1", source)
        source = ROOT.sub(lambda match: f"√{_grouped(match[1] or match[2])}", source)
        source = FRACTION.sub(_fraction, source)
        source = LOWERED.sub(r"_\1", source)
        source = POWER.sub(_power, source)
    source = COMMAND.sub(lambda match: SYMBOLS.get(match[1], match[1]), source)
    return re.sub(r" +(?=[),.;:])", "", ESCAPED.sub(_escaped, source).replace("{", "").replace("}", ""))


def _grouped(part: str) -> str:
    return part if SIMPLE.fullmatch(part) else f"({part})"


def _fraction(match: re.Match[str]) -> str:
    above, below = (match[1], match[2]) if match[3] is None else (match[3], match[4])
    return f"{_grouped(above)}/{_grouped(below)}{' ' if match[5] else ''}"


def _power(match: re.Match[str]) -> str:
    exponent = match[1] if match[1] is not None else match[2]
    if exponent and all(ord(each) in RAISED for each in exponent):
        return exponent.translate(RAISED)
    return f"^{_grouped(exponent)}"


def _escaped(match: re.Match[str]) -> str:
    return " " if match[1] in ",;: !" else match[1]

"""Shapes and colours: told apart by either alone, and by colour-blind readers."""

from __future__ import annotations

from autograd_np.drawing.picture import (
    CONSTANT,
    FLOW,
    FOLDED,
    GRADIENT,
    INPUT,
    OPERATION,
    PARAMETER,
    RESULT,
    RULE,
    TIE,
    VALUE,
)

# Okabe and Ito's palette ("Color Universal Design", 2008): strong for lines, light for areas.
BLUE, GREEN, PURPLE, RED = "#0072b2", "#009e73", "#a1447f", "#d00000"
INK, GREY, PALE = "#222222", "#666666", "#b8b8b8"

Style = dict[str, str]

VERTICES: dict[str, Style] = {
    INPUT: {"shape": "box", "style": "filled,bold", "fillcolor": "#dceefa", "color": BLUE},
    # The rim needs room above the text.
    PARAMETER: {
        "shape": "cylinder",
        "margin": "0.12,0.1",
        "fillcolor": "#d9f0e8",
        "color": GREEN,
    },
    CONSTANT: {"shape": "note", "fillcolor": "#f2f2f2", "color": GREY},
    OPERATION: {"shape": "box", "style": "filled,rounded", "fillcolor": "#ffffff", "color": INK},
    RESULT: {"shape": "box", "fillcolor": "#dceefa", "color": BLUE, "peripheries": "2"},
    FOLDED: {"shape": "folder", "fillcolor": "#ffffff", "color": INK},
    # The reverse pass has dashed borders.
    RULE: {
        "shape": "box",
        "style": "filled,rounded,dashed",
        "fillcolor": "#f7e8f1",
        "color": PURPLE,
    },
    GRADIENT: {
        "shape": "box",
        "style": "filled,dashed",
        "fillcolor": "#f7e8f1",
        "color": PURPLE,
    },
}

EDGES: dict[str, Style] = {
    VALUE: {},
    # The arrow is at the other end, so that gradients lie beside the values that they belong to.
    FLOW: {"dir": "back", "color": PURPLE, "fontcolor": PURPLE},
    TIE: {"dir": "none", "style": "dotted", "color": GREY, "constraint": "false"},
}

FAULT: Style = {"color": RED, "penwidth": "2.5"}

GRAPH: Style = {"fontname": "Helvetica", "fontsize": "10", "nodesep": "0.25", "ranksep": "0.35"}
NODE: Style = {
    "fontname": "Helvetica", "fontsize": "11", "style": "filled", "margin": "0.12,0.06",
    "height": "0.3", "fontcolor": INK,
}  # fmt: skip
EDGE: Style = {
    "fontname": "Helvetica", "fontsize": "9", "color": GREY, "fontcolor": GREY, "arrowsize": "0.7",
}  # fmt: skip
BOX: Style = {
    "style": "rounded", "color": PALE, "fontcolor": GREY, "labeljust": "l", "labelloc": "t",
    "fontname": "Helvetica",
}  # fmt: skip

#: The legend's sample of what is not finite.
FAULTY: Style = FAULT | {"shape": "box", "fillcolor": "#ffffff", "fontcolor": RED}

SAMPLE: Style = {"fontsize": "9", "margin": "0.08,0.03", "height": "0.2"}

#: Samples side by side in the legend.
LEGEND_WIDTH = 4

#: What the legend says of each.
LEGEND = {
    INPUT: "input",
    PARAMETER: "parameter",
    CONSTANT: "constant",
    OPERATION: "operation",
    FOLDED: "folded",
    RESULT: "result",
    RULE: "rule of the reverse pass",
    GRADIENT: "gradient",
}

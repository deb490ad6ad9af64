"""Just enough of a PromQL reader to ask which metrics an expression selects, and how.

Syntax is not checked here: promtool does that.
"""
import re
from dataclasses import dataclass, field

AGGREGATIONS = frozenset(
    "sum min max avg group stddev stdvar count count_values bottomk topk quantile limitk".split())
# Words followed by a list of labels in parentheses.
LABEL_LISTS = frozenset("by without on ignoring group_left group_right".split())
OPERATORS = frozenset("and or unless atan2 bool offset start end inf nan".split())

TOKEN = re.compile(r"""
    (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<range>\[[^\]]*\])
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+|[a-z]+)?)
  | (?P<word>[A-Za-z_:][A-Za-z0-9_:]*)
  | (?P<operator>=~|!~|!=|==|<=|>=|[-+*/%^<>=@,(){}])
  | (?P<space>\s+)
  | (?P<other>.)
""", re.VERBOSE | re.IGNORECASE)


@dataclass
class Selector:
    metric: str
    matchers: dict = field(default_factory=dict)  # label -> (operator, value)
    range: str = ""                               # without brackets, "" for an instant selector
    functions: tuple = ()                         # enclosing calls, innermost last


@dataclass
class Expression:
    selectors: list
    functions: set
    grouping: set  # labels in by, without, on, ...


def parse(text):
    tokens = [(m.lastgroup, m.group()) for m in TOKEN.finditer(text) if m.lastgroup != "space"]
    result = Expression([], set(), set())
    stack = []      # open parentheses: a function's name, or None for mere grouping
    pending = None  # an aggregation whose by (…) stands before its arguments
    i = 0
    while i < len(tokens):
        kind, value = tokens[i]
        following = tokens[i + 1][1] if i + 1 < len(tokens) else ""
        if kind == "word" and value in LABEL_LISTS:
            if following == "(":
                i += 2
                while tokens[i][1] != ")":
                    if tokens[i][0] == "word":
                        result.grouping.add(tokens[i][1])
                    i += 1
        elif kind == "word" and value in AGGREGATIONS:
            result.functions.add(value)
            pending = value
        elif kind == "word" and following == "(":
            result.functions.add(value)
            pending = value
        elif value == "(":
            stack.append(pending)
            pending = None
        elif value == ")":
            stack.pop()
        elif kind == "word" and value.lower() not in OPERATORS:
            selector = Selector(value, functions=tuple(f for f in stack if f))
            i = _matchers(tokens, i + 1, selector)
            result.selectors.append(selector)
            continue
        i += 1
    return result


def _matchers(tokens, i, selector):
    """Reads {…} and […] behind a metric name; returns the index behind them."""
    if i < len(tokens) and tokens[i][1] == "{":
        i += 1
        while tokens[i][1] != "}":
            if tokens[i][1] == ",":
                i += 1
                continue
            label, operator, value = (t[1] for t in tokens[i:i + 3])
            selector.matchers[label] = (operator, value[1:-1])
            i += 3
        i += 1
    if i < len(tokens) and tokens[i][0] == "range":
        selector.range = tokens[i][1][1:-1]
        i += 1
    return i

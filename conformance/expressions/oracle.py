"""Evaluates expressions with CPython itself: a JSON line in, a JSON line out.

In:  {"expression": "...", "data": {...}}
Out: {"value": <repr>} or {"error": <name of the exception>}
"""
import json
import math
import re
import resource
import signal
import sys

BUILTINS = {
    name: __builtins__.__dict__[name]
    for name in (
        "abs all any bool dict float int isinstance len list max min range round set sorted str sum tuple zip enumerate"
    ).split()
}


# CPython would run for hours or exhaust the memory where the language has a budget.
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))


class TooMuch(Exception):
    """More work than a condition may take."""


def give_up(_signal, _frame):
    raise TooMuch


signal.signal(signal.SIGALRM, give_up)


class Data(dict):
    """Attribute access to keys, as templates write it."""

    def __getattr__(self, name):
        return self[name]


def show(value):
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, dict):
        return {"dict": [[show(k), show(v)] for k, v in value.items()]}
    if isinstance(value, (list, tuple)):
        return {type(value).__name__: [show(item) for item in value]}
    if isinstance(value, (set, frozenset)):
        return {"set": sorted(json.dumps(show(item)) for item in value)}
    if isinstance(value, range):
        return {"range": repr(value)}
    if isinstance(value, (type({}.keys()), type({}.values()), type({}.items()))):
        return {"view": [show(item) for item in value]}
    if isinstance(value, re.Match):
        return {"match": [value.span(), [show(g) for g in value.groups()]]}
    if isinstance(value, str):
        return {"str": re.sub(r" at 0x[0-9a-f]+>", ">", value)}
    if value is None or isinstance(value, bool):
        return {type(value).__name__: value}
    if isinstance(value, int):
        return {"int": str(value)}
    name = type(value).__name__
    return {"other": name if name in ("generator", "zip", "enumerate") else "builtin_function_or_method"}


for line in sys.stdin:
    case = json.loads(line)
    data = json.loads(json.dumps(case["data"]), object_hook=Data)
    signal.alarm(2)
    try:
        value = eval(case["expression"], {"__builtins__": BUILTINS, "math": math, "re": re, **data})
        # Complex numbers are outside of the language: an error there, so an error here.
        answer = {"error": "complex"} if "complex" in repr(type(value)) else {"value": show(value)}
    except Exception as error:  # every failure counts; its name is told for the report
        answer = {"error": type(error).__name__}
    print(json.dumps(answer), flush=False)

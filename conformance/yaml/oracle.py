"""Reads documents, one JSON text a line, with PyYAML, which is YAML 1.1; writes what it made of each, one JSON value a line.

CloudFormation's exceptions are kept: dates stay text, and short forms of functions become long ones.
"""

import json
import sys

import yaml


class Loader(yaml.SafeLoader):
    pass


def without_dates(resolvers):
    return {
        first: [(tag, regexp) for tag, regexp in pairs if tag != "tag:yaml.org,2002:timestamp"]
        for first, pairs in resolvers.items()
    }


Loader.yaml_implicit_resolvers = without_dates(yaml.SafeLoader.yaml_implicit_resolvers)


def short_form(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        return {"Fn::GetAtt": value.split(".", 1)}
    return {suffix if suffix in ("Ref", "Condition") else "Fn::" + suffix: value}


Loader.add_multi_constructor("!", short_form)


def as_json(value):
    if isinstance(value, dict):
        return {key if isinstance(key, str) else json.dumps(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53 - 1:
        return {"large": str(value)}
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    raise ValueError("a value of no JSON type")


for line in sys.stdin:
    try:
        answer = {"value": as_json(yaml.load(json.loads(line), Loader=Loader))}
        text = json.dumps(answer, allow_nan=False)
    except Exception as error:  # whatever PyYAML refuses, it refuses
        text = json.dumps({"error": f"{type(error).__name__}: {error}"[:200]})
    print(text)

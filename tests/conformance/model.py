"""Checks requests against AWS's own model of its services, as it comes with botocore."""

import re
from datetime import datetime

from botocore.validate import ParamValidator


def problems(session, service, operation, params):
    """What is wrong with a request, a line each."""
    shape = session.get_service_model(service).operation_model(operation).input_shape
    params = with_times(shape, params)
    report = ParamValidator().validate(params, shape)
    if report.has_errors():
        return [report.generate_report()]
    return list(beyond_limits(shape, params, operation))


def with_times(shape, value):
    """JSON has no times: texts become times where the model wants them."""
    if shape.type_name == "timestamp":
        return datetime.fromisoformat(value)
    if shape.type_name == "structure" and isinstance(value, dict):
        return {
            name: with_times(shape.members[name], each) if name in shape.members else each
            for name, each in value.items()
        }
    return value


def beyond_limits(shape, value, path):
    """Values that ParamValidator lets pass: too long, not of an enumeration, in another pattern."""
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        for name, each in value.items():
            if name in shape.members:
                yield from beyond_limits(shape.members[name], each, f"{path}.{name}")
    elif kind == "list" and isinstance(value, list):
        for index, each in enumerate(value):
            yield from beyond_limits(shape.member, each, f"{path}[{index}]")
    elif kind == "map" and isinstance(value, dict):
        for key, each in value.items():
            yield from beyond_limits(shape.key, key, f"{path} key")
            yield from beyond_limits(shape.value, each, f"{path}.{key}")
    limit = shape.metadata.get("max")
    if limit is not None and (value if isinstance(value, int) else len(value)) > limit:
        yield f"{path}: more than {limit}"
    choices = getattr(shape, "enum", [])
    if choices and value not in choices:
        yield f"{path}: {value!r} is none of {choices}"
    # Python's re knows no \p{..} classes; such a pattern is left to AWS.
    pattern = shape.metadata.get("pattern")
    if pattern and "\\p{" not in pattern and not re.fullmatch(pattern, value):
        yield f"{path}: {value!r} does not match {pattern}"

"""The API's description as a test reads it: its operations, bodies that fit it, and whether an answer does."""

import datetime
import re

from harness import TREE

# How the description writes days and moments that come in: a pattern is one set of characters there.
DAY, MOMENT = "^[0-9-]{10,10}$", "^[0-9TZ:.+-]{20,40}$"
METHODS = ("get", "post", "put", "delete", "patch", "options", "head", "trace")


class Operation:
    def __init__(self, description, path, method, said):
        self.description, self.path, self.method, self.said = description, path, method.upper(), said
        self.name = said["operationId"]
        permission = said["x-permission"]
        self.permissions = permission if isinstance(permission, list) else [permission]
        self.parameters = [description.resolved(p) for p in said.get("parameters", [])]

    def __repr__(self):
        return f"{self.method} {self.path}"

    def writes(self):
        return self.method != "GET"

    def open_to(self, clearance, role):
        """Whether the clearance table lets a role in at all."""
        return any(p in ("public", "signed_in", "token") or clearance.may(role, p) for p in self.permissions)

    def body_schema(self):
        content = self.said.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("schema")

    def body_required(self):
        return self.said.get("requestBody", {}).get("required", False)

    def answer_schema(self, status, content_type):
        """The schema of an answer; None where the description has no such answer."""
        answers = self.said["responses"]
        answer = answers.get(str(status)) or answers.get(f"{status // 100}XX") or answers.get("default")
        if answer is None:
            return None
        content = self.description.resolved(answer).get("content")
        if not content:
            return {} if not content_type else None
        media = content.get((content_type or "").split(";")[0].strip())
        return None if media is None else media.get("schema", {})

    def at(self, **values):
        """The path with its parameters filled in."""
        return re.sub(r"{(\w+)}", lambda m: str(values.get(m.group(1), values.get("id", "1"))), self.path)

    def body(self, **known):
        schema = self.body_schema()
        return None if schema is None else self.description.example(schema, known)

    def query(self, **known):
        """Parameters in the query without which the request is refused."""
        return {p["name"]: self.description.example(p["schema"], known, p["name"])
                for p in self.parameters if p["in"] == "query" and p.get("required")}


class Description:
    def __init__(self, document):
        self.document = document
        self.operations = [Operation(self, path, method, said)
                           for path, methods in document["paths"].items()
                           for method, said in methods.items() if method in METHODS]
        self.by_name = {o.name: o for o in self.operations}

    def resolved(self, schema):
        """Follows $ref; what stands beside it counts too."""
        beside = {}
        while "$ref" in schema:
            beside = {**{k: v for k, v in schema.items() if k != "$ref"}, **beside}
            target = self.document
            for part in schema["$ref"].lstrip("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            schema = target
        return {**schema, **beside} if beside else schema

    # What a request may look like

    def example(self, schema, known=None, name=""):
        """The least that fits; `known` gives values by the name of the property."""
        known, schema = known or {}, self.resolved(schema)
        if name in known:
            return known[name]
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        kind = self.types(schema)[0]
        if kind == "object":
            wanted = set(schema.get("required", ())) | (known.keys() & schema.get("properties", {}).keys())
            return {n: self.example(s, known, n) for n, s in schema.get("properties", {}).items()
                    if n in wanted}
        if kind == "array":
            return [self.example(schema["items"], known, name)] * schema.get("minItems", 0)
        if kind == "integer":
            return schema.get("minimum", 1)
        if kind == "boolean":
            return True
        if kind == "null":
            return None
        if schema.get("format") == "date-time":
            return "2026-07-31T12:00:00+08:00"
        if schema.get("format") == "date":
            return "2026-07-31"
        if schema.get("pattern") == DAY:
            return "2026-07-31"
        if schema.get("pattern") == MOMENT:
            return "2026-07-31T12:00:00+08:00"
        length = max(schema.get("minLength", 1), 1)
        first = re.match(r"\^?\[(\\?.)", schema.get("pattern", ""))
        return (first.group(1)[-1] if first else "x") * length

    @staticmethod
    def types(schema):
        kind = schema.get("type")
        if kind is None:
            kind = "object" if "properties" in schema or "additionalProperties" in schema else "any"
        return kind if isinstance(kind, list) else [kind]

    # What an answer must look like

    def faults(self, schema, value, where="$"):
        """What of a value does not fit a schema, as texts."""
        schema = self.resolved(schema)
        found = []
        for part in schema.get("allOf", ()):
            found += self.faults(part, value, where)
        for word in ("oneOf", "anyOf"):
            if word in schema and not any(not self.faults(s, value, where) for s in schema[word]):
                found.append(f"{where}: fits none of {word}")
        kinds = self.types(schema)
        if "any" not in kinds and not any(is_a(value, k) for k in kinds):
            return found + [f"{where}: {type(value).__name__}, not {'/'.join(kinds)}"]
        if value is None:
            return found
        if "enum" in schema and value not in schema["enum"]:
            found.append(f"{where}: {value!r} is none of the choices")
        if isinstance(value, str):
            if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 1 << 30):
                found.append(f"{where}: {len(value)} characters")
            if "pattern" in schema and not re.search(schema["pattern"], value):
                found.append(f"{where}: {value!r} does not match {schema['pattern']}")
            if schema.get("format") == "date-time" and not is_instant(value):
                found.append(f"{where}: {value!r} is no RFC 3339 time with offset")
            if schema.get("format") == "date" and not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                found.append(f"{where}: {value!r} is no date")
        elif isinstance(value, bool):
            pass
        elif isinstance(value, (int, float)):
            if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
                found.append(f"{where}: {value} is out of range")
        elif isinstance(value, list):
            if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 1 << 30):
                found.append(f"{where}: {len(value)} items")
            for n, item in enumerate(value):
                found += self.faults(schema.get("items", {}), item, f"{where}[{n}]")
        elif isinstance(value, dict):
            properties = schema.get("properties", {})
            found += [f"{where}.{n} is missing" for n in schema.get("required", ()) if n not in value]
            for name, item in value.items():
                rest = schema.get("additionalProperties", True)
                if name in properties:
                    found += self.faults(properties[name], item, f"{where}.{name}")
                elif rest is False:
                    found.append(f"{where}.{name} is not described")
                elif isinstance(rest, dict):
                    found += self.faults(rest, item, f"{where}.{name}")
        return found

    def classed(self, schema, value, where="$"):
        """(where, object, name, class, value or MISSING) for each property with a class, in each object
        of an answer, also for those that the object does not have."""
        schema = self.resolved(schema)
        if isinstance(value, list):
            for n, item in enumerate(value):
                yield from self.classed(schema.get("items", {}), item, f"{where}[{n}]")
        elif isinstance(value, dict):
            for name, said in schema.get("properties", {}).items():
                inner = self.resolved(said)
                if "x-class" in inner:
                    yield where, value, name, inner["x-class"], value.get(name, MISSING)
                if name in value:
                    yield from self.classed(inner, value[name], f"{where}.{name}")


MISSING = object()


def is_a(value, kind):
    return {"object": isinstance(value, dict), "array": isinstance(value, list),
            "string": isinstance(value, str), "boolean": isinstance(value, bool), "null": value is None,
            "integer": isinstance(value, int) and not isinstance(value, bool),
            "number": isinstance(value, (int, float)) and not isinstance(value, bool)}[kind]


def is_instant(text):
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text):
        return False
    try:
        datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return False
    return True


def from_source():
    """The same, bundled from api/*.yaml by hand: what the server serves is held to this."""
    import yaml
    head = yaml.safe_load((TREE / "api" / "openapi.yaml").read_text("utf-8"))
    head.setdefault("paths", {})
    for file in sorted((TREE / "api").glob("*.yaml")):
        part = yaml.safe_load(file.read_text("utf-8"))
        if file.name == "openapi.yaml":
            continue
        head["paths"].update(part.get("paths", {}))
        for kind, named in part.get("components", {}).items():
            head["components"].setdefault(kind, {}).update(named)
    return Description(head)

#!/usr/bin/python3
"""Makes the router's tables from api/*.yaml, the one source of routes.

    apigen.py --out DIR [--depfile FILE] --source DIR API.yaml...

writes DIR/openapi.json (the bundle that is served), DIR/schemas.[ch] (of bodies and parameters),
DIR/routes.c (the routes, and the bundle as bytes), DIR/handlers.h (a function an operation), DIR/views.[ch]
(a view for each schema of an answer whose properties have an x-class). The first file is the head; the others are resources, with `paths` and
`components` of their own. `--source` is the root in which src/access/*.def and masks/ stand.

It refuses, with file:line, what could not be held: an operation without x-permission, x-audit or x-rate;
an unknown permission, event, class or rate; a body that allows unknown members; a word of JSON Schema
that the validator does not know; a property of a view without a class.
"""
import argparse
import json
import os
import re
import sys

import yaml

METHODS = {"get": "METHOD_GET", "post": "METHOD_POST", "put": "METHOD_PUT", "delete": "METHOD_DELETE"}
RATES = {"open", "sign_in", "read", "write", "broad", "heavy", "push"}
BODY_MAX = 16  # KiB, unless x-body says otherwise
BODY_MOST = 1024
SCHEMA_WORDS = {"type", "enum", "minimum", "maximum", "minLength", "maxLength", "pattern", "items", "minItems",
                "maxItems", "uniqueItems", "properties", "maxProperties", "required", "additionalProperties",
                "description"}
C_TYPES = {"string": "SCHEMA_STRING", "integer": "SCHEMA_INTEGER", "boolean": "SCHEMA_BOOLEAN",
           "object": "SCHEMA_OBJECT", "array": "SCHEMA_ARRAY", "scalar": "SCHEMA_SCALAR"}
VIEW_TYPES = {"text", "id", "integer", "boolean", "day", "instant", "code", "raw"}


class Complaint(Exception):
    pass


class Mapping(dict):
    """A mapping that knows where it stands, and where each of its members does."""
    where = "?"
    lines = {}

    def at(self, key):
        return self.lines.get(key, self.where)


class Loader(yaml.SafeLoader):
    def construct_mapping_at(self, node):
        result = Mapping()
        result.where = f"{self.name}:{node.start_mark.line + 1}"
        result.lines = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            where = f"{self.name}:{key_node.start_mark.line + 1}"
            if key in result:
                raise Complaint(f"{where}: `{key}` stands here twice")
            result[key] = self.construct_object(value_node, deep=True)
            result.lines[key] = where
        return result


Loader.add_constructor("tag:yaml.org,2002:map", Loader.construct_mapping_at)


def load(path):
    with open(path, encoding="utf-8") as f:
        loader = Loader(f.read())
        loader.name = path
        try:
            return loader.get_single_data()
        except yaml.MarkedYAMLError as e:
            raise Complaint(f"{path}:{e.problem_mark.line + 1}: {e.problem}") from e


def c_string(text):
    return '"' + "".join(c if 32 <= ord(c) < 127 and c not in '"\\?' else "".join(f"\\{b:03o}" for b in c.encode())
                         for c in text) + '"'


def table_of(path, macro):
    """name -> symbol of an X-macro table such as events.def."""
    result = {}
    with open(path, encoding="utf-8") as f:
        for m in re.finditer(macro + r'\((\w+), *\d+, *"([^"]+)"', f.read()):
            result[m[2]] = m[1]
    return result


class Api:
    def __init__(self, files, source):
        self.files = files
        access = os.path.join(source, "src", "access")
        self.events = table_of(os.path.join(access, "events.def"), "EVENT")
        self.classes = table_of(os.path.join(access, "classes.def"), "CLASS")
        self.table = os.path.join(source, "masks", "clearance.table")
        with open(self.table, encoding="utf-8") as f:
            self.permissions = set(re.findall(r"^permission\s+(\S+)", f.read(), re.M))
        self.document = self.bundle()
        self.schemas, self.schema_text = {}, []  # interned C schemas
        self.route_text, self.bodies = [], []

    # ---- bundling

    def bundle(self):
        head, *rest = [load(path) for path in self.files]
        head["paths"] = Mapping()
        for part in rest:
            for path, item in part.get("paths", {}).items():
                if path in head["paths"]:
                    raise Complaint(f"{part['paths'].at(path)}: {path} stands in two files")
                head["paths"][path] = item
                head["paths"].lines[path] = part["paths"].at(path)
            for kind, members in part.get("components", {}).items():
                own = head["components"].setdefault(kind, Mapping())
                for name, value in members.items():
                    if name in own:
                        raise Complaint(f"{members.at(name)}: {kind} `{name}` stands in two files")
                    own[name] = value
                    own.lines[name] = members.at(name)
        return head

    def resolve(self, node, where):
        """A $ref's target, with the members beside it laid over."""
        while isinstance(node, dict) and "$ref" in node:
            target = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                if step not in target:
                    raise Complaint(f"{node.at('$ref')}: there is no {node['$ref']}")
                target = target[step]
            merged = Mapping(target)
            merged.where, merged.lines = node.where, dict(target.lines)
            merged.update({k: v for k, v in node.items() if k != "$ref"})
            node = merged
        return node

    # ---- schemas of what comes in

    def schema(self, node, where):
        """Interns the schema; returns the C expression of its address."""
        node = self.resolve(node, where)
        unknown = set(node) - SCHEMA_WORDS
        if unknown:
            raise Complaint(f"{node.where}: the validator does not know `{sorted(unknown)[0]}`")
        types = node.get("type")
        types = [types] if isinstance(types, str) else list(types or [])
        nullable = "null" in types
        types = [t for t in types if t != "null"]
        if types == ["string", "number"]:
            types = ["scalar"]
        if len(types) != 1 or types[0] not in C_TYPES:
            raise Complaint(f"{node.where}: a schema has one type, and may have null beside it")
        kind = types[0]
        fields = [f".type = {C_TYPES[kind]}", f".nullable = {'true' if nullable else 'false'}"]
        getattr(self, "schema_" + kind)(node, fields)
        text = "{" + ", ".join(fields) + "}"
        if text not in self.schemas:
            self.schemas[text] = len(self.schemas)
            self.schema_text.append(f"const struct schema api_schema_{self.schemas[text]} = {text};")
        return f"&api_schema_{self.schemas[text]}"

    def schema_string(self, node, fields):
        choices = node.get("enum")
        if choices is None and "maxLength" not in node:
            raise Complaint(f"{node.where}: a text needs maxLength")
        fields.append(f".minimum = {node.get('minLength', 0)}")
        fields.append(f".maximum = {node.get('maxLength', 64)}")
        if choices is not None:
            names = [c for c in choices if c is not None]
            array = self.side_table("choices", "const char *const", [c_string(c) for c in names])
            fields.append(f".choices = {array}, .choice_count = {len(names)}")
        if "pattern" in node:
            bits = self.pattern(node)
            fields.append(".patterned = true, .bytes = {" + ", ".join(f"0x{b:08x}u" for b in bits) + "}")

    def pattern(self, node):
        m = re.fullmatch(r"\^\[([^\]]+)\]\{(\d+)(?:,(\d+))?\}\$", node["pattern"])
        if not m:
            raise Complaint(f"{node.at('pattern')}: a pattern is one set of characters: ^[a-z]{{1,9}}$")
        least, most = int(m[2]), int(m[3] or m[2])
        if node.get("maxLength") != most or node.get("minLength", 0) != least:
            raise Complaint(f"{node.at('pattern')}: pattern and minLength, maxLength differ")
        bits = [0, 0, 0, 0]
        allowed = re.compile(f"[{m[1]}]")
        for code in range(128):
            if allowed.fullmatch(chr(code)):
                bits[code // 32] |= 1 << (code % 32)
        return bits

    def schema_integer(self, node, fields):
        if "minimum" not in node or "maximum" not in node:
            raise Complaint(f"{node.where}: a number needs minimum and maximum")
        fields.append(f".minimum = {node['minimum']}, .maximum = {node['maximum']}")

    def schema_boolean(self, node, fields):
        pass

    def schema_scalar(self, node, fields):
        """A cell as a program sends it: a text of any characters, or a number."""
        if "maxLength" not in node:
            raise Complaint(f"{node.where}: a text needs maxLength")
        fields.append(f".maximum = {node['maxLength']}")

    def schema_array(self, node, fields):
        if "maxItems" not in node:
            raise Complaint(f"{node.where}: a list needs maxItems")
        fields.append(f".minimum = {node.get('minItems', 0)}, .maximum = {node['maxItems']}")
        fields.append(f".unique = {'true' if node.get('uniqueItems') else 'false'}")
        fields.append(f".items = {self.schema(node['items'], node.where)}")

    def schema_object(self, node, fields):
        if isinstance(node.get("additionalProperties"), dict):
            self.schema_dictionary(node, fields)
            return
        if node.get("additionalProperties") is not False:
            raise Complaint(f"{node.where}: a body says additionalProperties: false")
        required = node.get("required", [])
        for name in required:
            if name not in node.get("properties", {}):
                raise Complaint(f"{node.at('required')}: `{name}` is required and no property")
        rows = ["{%s, %s, %s}" % (c_string(name), "true" if name in required else "false",
                                  self.schema(value, node.where))
                for name, value in node.get("properties", {}).items()]
        array = self.side_table("properties", "const struct schema_property", rows)
        fields.append(f".properties = {array}, .property_count = {len(rows)}")

    def schema_dictionary(self, node, fields):
        """Members of any name, all of one schema."""
        if "maxProperties" not in node or "properties" in node:
            raise Complaint(f"{node.where}: an object of any members needs maxProperties, and names none")
        fields.append(f".maximum = {node['maxProperties']}")
        fields.append(f".items = {self.schema(node['additionalProperties'], node.where)}")

    def route_table(self, what, c_type, rows):
        name = f"{what}_{len(self.route_text)}"
        self.route_text.append(f"static {c_type} {name}[] = {{{', '.join(rows)}}};")
        return name

    def side_table(self, what, c_type, rows):
        name = f"{what}_{len(self.schema_text)}"
        self.schema_text.append(f"static {c_type} {name}[] = {{{', '.join(rows)}}};")
        return name

    # ---- operations

    def operations(self):
        seen = {}
        for path, item in self.document["paths"].items():
            where = self.document["paths"].at(path)
            if not re.fullmatch(r"(/([a-z][a-z0-9_.-]*|\{[a-z]+\}))+", path):
                raise Complaint(f"{where}: not a path: {path}")
            for method, op in item.items():
                if method not in METHODS:
                    raise Complaint(f"{item.at(method)}: no method of ours: {method}")
                name = op.get("operationId", "")
                if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                    raise Complaint(f"{item.at(method)}: an operation needs an operationId such as child_read")
                if name in seen:
                    raise Complaint(f"{op.at('operationId')}: {name} is the name of two operations")
                seen[name] = True
                self.check(op, item.at(method), method)
                yield path, method, op, item.at(method)
        self.check_ambiguity()

    def check_ambiguity(self):
        """Two templates that fit one path, neither by a fixed word where the other has a parameter."""
        shapes = {}
        for path in self.document["paths"]:
            shape = re.sub(r"\{[a-z]+\}", "{}", path)
            if shape in shapes:
                raise Complaint(f"{self.document['paths'].at(path)}: the same as {shapes[shape]}")
            shapes[shape] = path

    def check(self, op, where, method):
        for word in ("summary", "x-permission", "x-audit", "x-rate", "responses"):
            if word not in op:
                raise Complaint(f"{where}: {op['operationId']} lacks {word}")
        for permission in self.permissions_of(op):
            if permission != "token" and permission not in self.permissions:
                raise Complaint(f"{op.at('x-permission')}: no permission of masks/clearance.table: {permission}")
        if op["x-audit"] == "none":
            if not op.get("x-audit-why"):
                raise Complaint(f"{op.at('x-audit')}: x-audit: none needs x-audit-why")
        elif op["x-audit"] not in self.events:
            raise Complaint(f"{op.at('x-audit')}: no event of src/access/events.def: {op['x-audit']}")
        if op["x-rate"] not in RATES:
            raise Complaint(f"{op.at('x-rate')}: no rate: {op['x-rate']}")
        if method == "get" and "requestBody" in op:
            raise Complaint(f"{where}: a GET has no body")
        size = op.get("x-body", BODY_MAX)
        if not isinstance(size, int) or not 0 < size <= BODY_MOST or ("x-body" in op and "requestBody" not in op):
            raise Complaint(f"{op.at('x-body')}: x-body is how many KiB a body may have, at most {BODY_MOST}")
        known = {"operationId", "tags", "summary", "description", "parameters", "requestBody", "responses",
                 "x-permission", "x-audit", "x-audit-why", "x-rate", "x-reads", "x-second-factor",
                 "x-restricted", "x-body", "x-raw", "x-slow"}
        for word in op:
            if word not in known:
                raise Complaint(f"{op.at(word)}: no word of an operation: {word}")

    @staticmethod
    def permissions_of(op):
        permission = op["x-permission"]
        if permission in ("public", "token"):
            return []
        return [permission] if isinstance(permission, str) else list(permission)

    def parameters_of(self, op, where):
        return [self.resolve(p, where) for p in op.get("parameters", [])]

    def parameter_table(self, rows):
        if not rows:
            return "NULL"
        cells = ["{%s, %s, %s}" % (c_string(p["name"]), "true" if p.get("required") else "false",
                                   self.schema(p["schema"], p.where)) for p in rows]
        return self.route_table("parameters", "const struct route_parameter", cells)

    def route(self, path, method, op, where):
        parameters = self.parameters_of(op, where)
        in_path = re.findall(r"\{([a-z]+)\}", path)
        by_name = {p["name"]: p for p in parameters if p["in"] == "path"}
        if set(in_path) != set(by_name):
            raise Complaint(f"{where}: the parameters of {path} and of the operation differ")
        queries = [p for p in parameters if p["in"] == "query"]
        headers = {p["name"] for p in parameters if p["in"] == "header"} - {"Idempotency-Key"}
        if headers or len(queries) > 8 or len(in_path) > 8:
            raise Complaint(f"{where}: the router does not take these parameters")
        permissions = self.permissions_of(op)
        event = self.events.get(op["x-audit"], "AUDIT_NONE")
        flag = lambda v: "true" if v else "false"
        body, required = "NULL", False
        if "requestBody" in op:
            required = op["requestBody"].get("required", False)
            kind = "application/octet-stream" if op.get("x-raw") else "application/json"
            if list(op["requestBody"]["content"]) != [kind]:
                raise Complaint(f"{where}: the body is {kind}, and nothing else")
            if not op.get("x-raw"):
                body = self.schema(op["requestBody"]["content"][kind]["schema"], where)
                self.bodies.append(body)
        names = "NULL"
        if permissions:
            names = self.route_table("permissions", "const char *const", [c_string(p) for p in permissions])
        fields = [
            f".method = {METHODS[method]}", f".path = {c_string(path)}", f".operation = {c_string(op['operationId'])}",
            f".permissions = {names}", f".permission_count = {len(permissions)}",
            f".audit = {event}", f".rate = RATE_{op['x-rate'].upper()}",
            f".second_factor = {flag(op.get('x-second-factor'))}", f".restricted = {flag(op.get('x-restricted'))}",
            f".reads = {flag(method == 'get' or op.get('x-reads'))}",
            f".idempotent = {flag(any(p['name'] == 'Idempotency-Key' for p in parameters))}",
            f".body_max = {op.get('x-body', BODY_MAX) * 1024 if 'requestBody' in op else 0}", f".body = {body}",
            f".body_required = {flag(required)}", f".raw = {flag(op.get('x-raw'))}",
            f".token = {flag(op['x-permission'] == 'token')}",
            f".slow = {flag(op.get('x-slow') or op['x-rate'] == 'sign_in')}",
            f".parameters = {self.parameter_table([by_name[n] for n in in_path])}",
            f".parameter_count = {len(in_path)}",
            f".queries = {self.parameter_table(queries)}", f".query_count = {len(queries)}",
            f".handler = route_{op['operationId']}"]
        return "    {" + ",\n     ".join(fields) + "},"

    # ---- views

    def views(self):
        """(name, [(field, class symbol, view type)], [classes of its twins])"""
        for name, schema in self.document["components"]["schemas"].items():
            properties = schema.get("properties", {}) if isinstance(schema, dict) else {}
            if not any("x-class" in p for p in properties.values()):
                continue
            rows = []
            for field, raw in properties.items():
                if field == "masked":
                    continue
                where = properties.at(field)
                if "x-class" not in raw:
                    raise Complaint(f"{where}: `{field}` of `{name}` has no x-class")
                if raw["x-class"] not in self.classes:
                    raise Complaint(f"{where}: no class of src/access/classes.def: {raw['x-class']}")
                if field in schema.get("required", []):
                    raise Complaint(f"{where}: `{field}` of `{name}` may be absent and cannot be required")
                rows.append((field, raw["x-class"], self.view_type(self.resolve(raw, where), where)))
            twins = schema.get("x-classes", [])
            for twin in twins:
                if twin not in self.classes:
                    raise Complaint(f"{schema.at('x-classes')}: no class of src/access/classes.def: {twin}")
                if not twin.startswith(twins[0]):
                    raise Complaint(f"{schema.at('x-classes')}: the name of {twin} does not begin with {twins[0]}")
            yield name, rows, twins

    def view_type(self, node, where):
        types = node.get("type")
        types = [t for t in ([types] if isinstance(types, str) else types or []) if t != "null"]
        kind = node.get("x-view") or {"date": "day", "date-time": "instant"}.get(node.get("format")) or \
            {"string": "text", "integer": "integer", "boolean": "boolean", "array": "raw", "object": "raw"}.get(
                types[0] if types else "")
        if kind not in VIEW_TYPES:
            raise Complaint(f"{where}: it is not said how this is written")
        return "VIEW_" + kind.upper()

    # ---- the bundle as it is served

    def add_common_responses(self):
        problem = {"$ref": "#/components/responses/problem"}
        for path, item in self.document["paths"].items():
            for method, op in item.items():
                public = op["x-permission"] == "public"
                codes = {"400", "404", "408", "413", "431", "500", "503", "507"}
                if op["x-rate"] != "open":
                    codes.add("429")
                if not public or op["x-rate"] == "sign_in":
                    codes |= {"401", "403"}
                if "requestBody" in op or op.get("parameters"):
                    codes.add("422")
                if method != "get":
                    codes |= {"409", "415"}
                for code in codes:
                    op["responses"].setdefault(code, problem)
                op["responses"] = {code: op["responses"][code] for code in sorted(op["responses"])}
                op["security"] = [] if public else [
                    {"token": []} if op["x-permission"] == "token" else
                    {"session": []} if method == "get" else {"session": [], "csrf": []}]

    def json(self):
        return json.dumps(self.document, ensure_ascii=False, separators=(",", ":"))


def twin_name(view, twin, twins):
    """Of `timeline_fact` with the classes fact and fact_health: timeline_fact and timeline_fact_health."""
    return view + twin.removeprefix(twins[0]) if twin else view


def write(path, lines):
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")


def bytes_table(name, data):
    rows = [",".join(str(b) for b in data[i:i + 32]) + "," for i in range(0, len(data), 32)]
    return [f"static const unsigned char {name}[] = {{", *rows, "};"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--depfile")
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    api = Api(args.files, args.source)
    routes, handlers = [], []
    for path, method, op, where in api.operations():
        routes.append(api.route(path, method, op, where))
        handlers.append(f"route_handler route_{op['operationId']};")
    views = list(api.views())
    api.add_common_responses()
    text = api.json()
    os.makedirs(args.out, exist_ok=True)
    head = "/* Made by tools/apigen.py from api/. */"
    write(os.path.join(args.out, "openapi.json"), [text])
    write(os.path.join(args.out, "routes.c"), [
        head, '#include "server/handlers.h"', '#include "server/schemas.h"', "", *api.route_text, "",
        "const struct route routes[] = {", *routes, "};",
        "const size_t route_count = sizeof(routes) / sizeof(routes[0]);", "",
        *bytes_table("openapi", text.encode()), "",
        "struct slice route_openapi(void)", "{", "    return SLICE_OF(openapi);", "}"])
    bodies = sorted(set(api.bodies), key=lambda name: int(name.rsplit("_", 1)[1]))
    write(os.path.join(args.out, "schemas.h"), [
        head, "#ifndef HUMIAO_SERVER_SCHEMAS_H", "#define HUMIAO_SERVER_SCHEMAS_H", "",
        '#include "server/schema.h"', "",
        *[f"extern const struct schema api_schema_{i};" for i in range(len(api.schemas))], "",
        "/* Those of bodies, each once. */", f"#define API_BODY_COUNT {len(bodies)}",
        "extern const struct schema *const api_bodies[API_BODY_COUNT];", "", "#endif"])
    write(os.path.join(args.out, "schemas.c"), [
        head, '#include "server/schemas.h"', "", *api.schema_text, "",
        "const struct schema *const api_bodies[API_BODY_COUNT] = {" + ", ".join(bodies) + "};"])
    write(os.path.join(args.out, "handlers.h"), [
        head, "#ifndef HUMIAO_SERVER_HANDLERS_H", "#define HUMIAO_SERVER_HANDLERS_H", "",
        '#include "server/route.h"', "", "/* One function an operation; each stands in the file of its resource. */",
        *handlers, "", "#endif"])
    header = [head, "#ifndef HUMIAO_SERVER_VIEWS_H", "#define HUMIAO_SERVER_VIEWS_H", "",
              '#include "access/view.h"', "",
              "/* The places of a view's values, and the view. */"]
    source = [head, '#include "server/views.h"', ""]
    for name, rows, twins in views:
        upper = name.upper()
        header.append("enum { " + ", ".join([f"FIELD_{upper}_{f.upper()}" for f, _, _ in rows] +
                                            [f"FIELD_{upper}_COUNT"]) + " };")
        for twin in twins or [None]:
            c_name = twin_name(name, twin, twins)
            symbol = f"view_of_{c_name}"
            header.append(f"extern const struct view {symbol};")
            source.append(f"static const struct view_field fields_of_{c_name}[] = {{")
            for field, klass, kind in rows:
                used = twin if twin and klass == twins[0] else klass
                source.append(f"    {{{c_string(field)}, {api.classes[used]}, {kind}}},")
            source += ["};", f"const struct view {symbol} = {{{c_string(c_name)}, fields_of_{c_name}, "
                             f"{len(rows)}}};", ""]
    header += ["", "#define VIEWS_OF_API_COUNT %d" % sum(len(t) or 1 for _, _, t in views),
               "extern const struct view *const views_of_api[VIEWS_OF_API_COUNT];", "", "#endif"]
    names = [twin_name(n, t, twins) for n, _, twins in views for t in (twins or [None])]
    source += ["const struct view *const views_of_api[VIEWS_OF_API_COUNT] = {",
               *[f"    &view_of_{n}," for n in names], "};"]
    write(os.path.join(args.out, "views.h"), header)
    write(os.path.join(args.out, "views.c"), source)
    if args.depfile:
        with open(args.depfile, "w", encoding="utf-8") as f:
            access = os.path.join(args.source, "src", "access")
            f.write(f"{os.path.join(args.out, 'openapi.json')}: " + " ".join(
                [*args.files, api.table, os.path.join(access, "events.def"),
                 os.path.join(access, "classes.def")]) + "\n")


if __name__ == "__main__":
    try:
        main()
    except Complaint as complaint:
        sys.exit(str(complaint))

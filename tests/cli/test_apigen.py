"""The generator of routes: what it refuses, and that it says where."""

import json
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
METHODS = {"get", "post", "put", "delete"}


def generate(api, out):
    files = [api / "openapi.yaml"] + sorted(f for f in api.glob("*.yaml") if f.name != "openapi.yaml")
    return subprocess.run(["/usr/bin/python3", ROOT / "tools/apigen.py", "--out", out, "--source", ROOT, *files],
                          capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    out = tmp_path_factory.mktemp("api")
    answer = generate(ROOT / "api", out)
    assert answer.returncode == 0, answer.stderr
    return json.loads((out / "openapi.json").read_text(encoding="utf-8"))


def operations(bundle):
    for path, item in bundle["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


# Each row: file, what stands there, what is put in its place, what is said.
REFUSED = [
    ("children.yaml", "      x-permission: child:list\n", "", "lacks x-permission"),
    ("children.yaml", "      x-audit: children.listed\n", "", "lacks x-audit"),
    ("children.yaml", "      x-rate: read\n", "", "lacks x-rate"),
    ("children.yaml", "x-permission: child:list", "x-permission: child:lists", "no permission of masks/clearance.table"),
    ("children.yaml", "x-audit: children.listed", "x-audit: children.seen", "no event of src/access/events.def"),
    ("children.yaml", "x-audit: children.listed", "x-audit: none", "needs x-audit-why"),
    ("children.yaml", "x-rate: read", "x-rate: slow", "no rate: slow"),
    ("children.yaml", "x-class: id_number", "x-class: number", "no class of src/access/classes.def"),
    ("children.yaml", "phone: {type: [string, 'null'], x-class: phone}", "phone: {type: [string, 'null']}",
     "has no x-class"),
    ("children.yaml", "operationId: child_read", "operationId: child_list", "the name of two operations"),
    ("children.yaml", "operationId: child_read", "operationId: Child-Read", "needs an operationId"),
    ("children.yaml", "      x-rate: read\n", "      x-rate: read\n      x-speed: high\n", "no word of an operation"),
    ("children.yaml", "q: {type: string, minLength: 1, maxLength: 48,", "q: {type: string, minLength: 1,",
     "needs maxLength"),
    ("children.yaml", "limit: {type: integer, minimum: 1, maximum: 50}", "limit: {type: integer, minimum: 1}",
     "needs minimum and maximum"),
    ("children.yaml", "limit: {type: integer, minimum: 1, maximum: 50}",
     "limit: {type: integer, minimum: 1, maximum: 50, multipleOf: 5}", "does not know `multipleOf`"),
    ("session.yaml", "              additionalProperties: false\n", "", "additionalProperties: false"),
    ("session.yaml", "required: [account, password]", "required: [account, passwort]", "is required and no property"),
    ("session.yaml", "pattern: '^[0-9]{6}$'", "pattern: '^[0-9]+$'", "one set of characters"),
    ("session.yaml", "        - $ref: '#/components/parameters/id'\n", "        - $ref: '#/components/parameters/nr'\n",
     "there is no #/components/parameters/nr"),
    ("session.yaml", "  /api/v1/session/totp:", "  /api/v1/session/password:", "stands here twice"),
    ("session.yaml", "  /api/v1/sessions/{id}:", "  /api/v1/alarms/{id}/seen:", "stands in two files"),
    ("divisions.yaml", "  /api/v1/divisions/{code}:", "  /api/v1/divisions/{id}:", "parameters of"),
    ("divisions.yaml", "paths:", "paths: [", "divisions.yaml:"),
]


@pytest.mark.parametrize("file, old, new, said", REFUSED, ids=[f"{row[0]} {row[3]}" for row in REFUSED])
def test_refuses_with_file_and_line(tmp_path, file, old, new, said):
    api = tmp_path / "api"
    shutil.copytree(ROOT / "api", api)
    text = (api / file).read_text(encoding="utf-8")
    assert old in text
    (api / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    answer = generate(api, tmp_path / "out")
    assert answer.returncode == 1
    assert said in answer.stderr
    assert f"{file}:" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_the_bundle_says_what_the_router_answers(bundle):
    for path, method, operation in operations(bundle):
        responses = operation["responses"]
        assert "500" in responses and "400" in responses, path
        if operation["x-permission"] != "public":
            assert "401" in responses and "403" in responses, path
            session = {"session": [], **({} if method == "get" else {"csrf": []})}
            wanted = {"token": []} if operation["x-permission"] == "token" else session
            assert operation["security"] == [wanted], path
        if "requestBody" in operation:
            assert {"413", "415", "422"} <= set(responses), path


def test_no_personal_value_stands_in_an_address(bundle):
    """Names, references and identity numbers go in bodies: addresses are written into logs."""
    for path, _, operation in operations(bundle):
        for parameter in operation.get("parameters", []):
            name = parameter.get("name") or parameter["$ref"].rsplit("/", 1)[1]
            assert name not in {"q", "name", "ref", "reference", "id_no", "phone"}, path


def test_every_reference_leads_somewhere(bundle):
    def walk(node):
        if isinstance(node, dict):
            if "$ref" in node:
                target = bundle
                for step in node["$ref"].removeprefix("#/").split("/"):
                    target = target[step]
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)
    walk(bundle)
    assert set(method for _, method, _ in operations(bundle)) <= METHODS

"""A property run over the description that the running server serves, as several roles.

Requests are made from the description, right ones and wrong ones; no answer is 5xx, and each has a
status, a content type and a body that the description names. HUMIAO_TEST_SEED says which requests,
HUMIAO_TEST_SCALE how many (1: about a minute in all).
"""

import json
import os
import subprocess
import threading

import pytest

import district
from harness import TREE, scaled, seeded
from world import World

PROGRAM = TREE / "build" / "venv" / "bin" / "schemathesis"
CHECKS = ",".join(["not_a_server_error", "status_code_conformance", "content_type_conformance",
                   "response_headers_conformance", "response_schema_conformance",
                   "negative_data_rejection", "allow_header_conformance"])
ROLES = [None, "centre_worker.case", "supervisor.own", "guardian.own", "system_administrator.own",
         "security_administrator.own", "audit_administrator.own", "data_officer.own", "department_liaison.own"]
# These end the session that the run is in, lock its account, or give it another password.
ENDING = ["session_end", "session_password", "session_totp_begin", "session_totp_confirm",
          "session_begin", "account_sessions_revoke", "session_revoke"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    made = World(tmp_path_factory.mktemp("schemathesis"), "sqlite")
    yield made
    made.close()


class Fast:
    """While a run lasts the clock goes faster, so that the throttle lets enough through."""

    def __init__(self, clock):
        self.clock, self.over = clock, threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        while not self.over.wait(0.05):
            self.clock.forward(2)

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


# 4xx that a wrong request may get, besides those that Schemathesis thinks of by itself.
CONFIGURATION = """
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 409, 411, 413, 414, 415, 417, 422, 429, 431]
"""


@pytest.fixture(scope="module")
def document(place):
    """What the server serves, but for two things: the cookie, which this run sends with every request and
    would take for a parameter; and /readyz, which is at odds with a clock that runs."""
    said = place.live.client().call("GET", "/api/v1/openapi.json").data
    said.pop("security", None)
    said["components"].pop("securitySchemes", None)
    for path in said["paths"].values():
        for operation in path.values():
            operation.pop("security", None)
    del said["paths"]["/readyz"]
    place.program.file("schemathesis.toml", CONFIGURATION)
    return place.program.file("openapi.json", json.dumps(said))


def restore(place, name):
    """As it was, whatever the runs before did to the account: administrators' runs do what they may."""
    account = district.ACCOUNTS[name]
    place.live.command("account", "enable", name, expect=None)
    place.live.command("account", "post", name, "--role", account.role, "--division", account.division,
                       *(["--person-ref", account.person.ref] if account.person else []))
    place.live.command("account", "totp", name, "--clear", expect=None)
    place.live.command("account", "password", name, stdin=(district.PASSWORD + "\n").encode())
    place.live.secrets.pop(name, None)
    place.live.passwords.pop(name, None)


def run(place, document, name, examples, only=(), without=()):
    seed = seeded(f"schemathesis as {name or 'nobody'}").randrange(1 << 32)
    command = [str(PROGRAM), "run", str(document), "--url", place.live.url,
               "--checks", CHECKS, "--phases", "examples,coverage,fuzzing", "--workers", "1",
               "--max-examples", str(examples), "--seed", str(seed), "--no-color",
               "--suppress-health-check", "all", "--warnings", "off", "--continue-on-failure",
               "--no-shrink", "--request-timeout", "20"]
    if name:
        restore(place, name)
        client = place.fresh(name)
        command += ["-H", f"Cookie: __Host-humiao={client.cookie}", "-H", f"X-CSRF-Token: {client.csrf}"]
    for operation in only:
        command += ["--include-operation-id", operation]
    for operation in without:
        command += ["--exclude-operation-id", operation]
    env = {"PATH": os.environ["PATH"], "HOME": str(place.program.home), "LC_ALL": "C.UTF-8",
           "NO_COLOR": "1", "COLUMNS": "120", "SCHEMATHESIS_HOOKS": ""}
    with Fast(place.clock):
        done = subprocess.run(command, env={k: v for k, v in env.items() if v}, cwd=place.program.home,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=900)
    if place.live.process.poll() is not None:
        place.live.start()  # for the roles that come after this one
        pytest.fail(f"seed {seed}: the server is gone\n" + done.stdout[-6000:], pytrace=False)
    if done.returncode != 0:
        pytest.fail(f"seed {seed}\n" + done.stdout[-6000:], pytrace=False)
    return done.stdout


def test_it_is_installed():
    assert PROGRAM.exists(), f"{PROGRAM} is not there: script/bootstrap test installs it from PyPI"


@pytest.mark.parametrize("name", ROLES)
def test_no_answer_outside_the_description(place, document, name):
    run(place, document, name, scaled(4), without=ENDING)


@pytest.mark.parametrize("operation", ENDING)
def test_routes_that_end_sessions(place, document, operation):
    run(place, document, "station_worker.own", scaled(6), only=[operation])

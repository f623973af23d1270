"""Keys change while the server runs: every answer before, meanwhile and afterwards is the same, and nothing
is left under the old key."""

import threading

import pytest

import district
from harness import ENGINES
from world import World


@pytest.fixture(params=ENGINES)
def place(request, tmp_path):
    made = World(tmp_path, request.param)
    yield made
    made.close()


def everything(place, client):
    """What a worker sees of every child in scope."""
    listed = client.call("GET", "/api/v1/children?limit=100")
    assert listed.status == 200, listed
    children = []
    for item in listed.data["items"]:
        answer = client.call("GET", f"/api/v1/children/{item['id']}")
        assert answer.status == 200, answer
        children.append(answer.data)
    place.clock.forward(30)  # for the throttle; sessions live longer
    return listed.data, children


def test_keys_change_under_a_running_server(place):
    client = place.client("centre_worker.own")
    before = everything(place, client)
    over, seen, problems = threading.Event(), [], []

    def read_on():
        other = place.live.client(district.ACCOUNTS["centre_worker.own"])
        other.cookie, other.csrf = client.cookie, client.csrf
        while not over.is_set():
            try:
                seen.append(everything(place, other))
            except Exception as problem:  # told by the test, not lost in the thread
                problems.append(problem)
                return

    reader = threading.Thread(target=read_on)
    reader.start()
    for suite in ("national", "international"):
        told = place.program.run("keys", "rotate", "--suite", suite)
        assert "1 old key" in told.stdout + told.stderr, told.stdout + told.stderr
    over.set()
    reader.join()
    assert not problems, problems[0]
    assert seen and all(s == before for s in seen)
    assert everything(place, client) == before
    keys = {row.split(",")[0] for row in place.program.run("keys", "status").stdout.splitlines()[1:]}
    assert keys == {"3"}, keys
    # What is written now is under the new key, and is read by another process.
    opened = client.call("POST", f"/api/v1/children/{before[0]['items'][0]['id']}/openings",
                         {"purpose": "emergency", "classes": ["name"], "reason": "after the keys changed"})
    assert opened.status == 201, opened
    place.program.run("keys", "check")
    place.program.run("audit", "verify")

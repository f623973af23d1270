"""kill -9 of the server while it writes: what was acknowledged is there, and the trail is whole."""

import random
import signal
import threading
import time
import uuid

import pytest

import district
from harness import ENGINES, scaled, seeded
from world import World


@pytest.fixture(params=ENGINES)
def place(request, tmp_path):
    made = World(tmp_path, request.param)
    yield made
    made.close()


def writer(place, name, account, done, over):
    """Writes and reads until the server is gone; what was answered goes to `done`."""
    client = place.live.client(account)
    client.cookie, client.csrf = place.clients[name].cookie, place.clients[name].csrf
    own = place.children["own"]
    try:
        while not over.is_set():
            if name == "system_administrator.own":
                made = f"kill.{uuid.uuid4().hex[:12]}"
                answer = client.call("POST", "/api/v1/accounts", {"account": made, "display": "钱试"},
                                     key=uuid.uuid4().hex)
                if answer.status == 201:
                    done.append(("account.created", answer.data["id"]))
            elif name == "child_director.visit":
                answer = client.call("POST", f"/api/v1/children/{own}/openings",
                                     {"purpose": "visit", "classes": ["name"]})
                if answer.status == 201:
                    opening = answer.data["id"]
                    done.append(("opening", opening))
                    if client.call("POST", f"/api/v1/openings/{opening}/end").status == 204:
                        done.append(("opening.ended", opening))
            else:
                answer = client.call("GET", f"/api/v1/children/{own}")
                if answer.status == 200:
                    done.append(("child.read", place.account_ids[name]))
            if answer.status == 429:
                place.clock.forward(5)
    except OSError:
        pass
    except Exception as problem:  # what else an answer cut in two does to a client
        if place.live.process.poll() is None:
            raise
        assert "Incomplete" in type(problem).__name__ or "Bad" in type(problem).__name__, problem


def test_nothing_acknowledged_is_lost(place):
    rng = seeded("kill -9 of the server")
    names = ["system_administrator.own", "child_director.visit", "supervisor.own", "centre_worker.case"]
    acknowledged = []
    for _ in range(scaled(3)):
        for name in names:
            place.clients.pop(name, None)
            place.client(name)
        over = threading.Event()
        threads = [threading.Thread(target=writer, args=(place, n, district.ACCOUNTS[n], acknowledged, over))
                   for n in names]
        for t in threads:
            t.start()
        time.sleep(rng.uniform(0.2, 1.0))
        place.live.process.send_signal(signal.SIGKILL)
        place.live.process.wait()
        over.set()
        for t in threads:
            t.join()
        place.live.start()
    assert len(acknowledged) > 20, "nothing was written at all"
    verified = place.live.command("audit", "verify")
    assert verified.returncode == 0, verified.stderr
    place.clients.clear()
    rows = place.trail()
    events = {}
    for row in rows:
        events.setdefault((row["event"], row["object"]), 0)
        events[row["event"], row["object"]] += 1
    reads = {}
    for kind, what in acknowledged:
        if kind == "child.read":
            reads[what] = reads.get(what, 0) + 1
        elif kind == "opening":
            assert any(events.get((e, what)) for e in ("opening.asked", "opening.granted")), what
        else:
            assert events.get((kind, what)) == 1, f"{kind} {what}: {events.get((kind, what))}"
    for account, count in reads.items():
        found = len([r for r in rows if r["event"] == "child.read" and r["account"] == account])
        assert found >= count, f"{count} reads were answered, {found} stand in the trail"
    made = {a["id"] for a in all_accounts(place)}
    assert {what for kind, what in acknowledged if kind == "account.created"} <= made


def all_accounts(place):
    items, after = [], ""
    while True:
        page = place.client("system_administrator.own").call("GET", f"/api/v1/accounts?limit=100{after}")
        items += page.data["items"]
        if not page.data["next"]:
            return items
        after = f"&after={page.data['next']}"


def test_a_server_that_is_told_to_stop_finishes_what_it_began(place):
    """SIGTERM: running requests are answered, new ones refused, exit status 0."""
    answers = []

    def ask():
        client = place.live.client(district.ACCOUNTS["supervisor.own"])
        client.cookie, client.csrf = place.clients["supervisor.own"].cookie, None
        try:
            while True:
                answers.append(client.call("GET", f"/api/v1/children/{place.children['own']}").status)
        except OSError:
            pass

    place.client("supervisor.own")
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for t in threads:
        t.start()
    time.sleep(random.uniform(0.2, 0.4))
    assert place.live.stop() == 0, place.live.logged()[-1500:]
    for t in threads:
        t.join()
    assert set(answers) <= {200, 429, 503} and 200 in answers
    assert place.live.command("audit", "verify").returncode == 0

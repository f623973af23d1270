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


def saver(place, visit, done):
    """Saves two fields at once, again and again, until the server is gone; `done` holds what was sent and answered."""
    client = place.live.client(district.ACCOUNTS["child_director.visit"])
    client.cookie, client.csrf = place.clients["child_director.visit"].cookie, place.clients["child_director.visit"].csrf
    try:
        while True:
            n, base = done["sent"] + 1, done["version"]
            done["sent"] = n
            answer = client.call("POST", f"/api/v1/visits/{visit}/fields", {"fields": [
                {"field": f, "base": base, "value": f"{n} of {f}"} for f in ("findings", "wish")]}, key=uuid.uuid4().hex)
            if answer.status == 429:
                place.clock.forward(5)
                continue
            assert answer.status == 200, answer
            done["answered"], done["version"] = n, {v["version"] for v in answer.data["values"]}.pop()
    except OSError:
        pass
    except Exception as problem:  # what else an answer cut in two does to a client
        if place.live.process.poll() is None:
            raise
        assert "Incomplete" in type(problem).__name__ or "Bad" in type(problem).__name__, problem


def test_a_visit_is_saved_whole_or_not_at_all(place):
    """What was answered is there after a kill -9; of what was not, both fields are there, or neither."""
    rng = seeded("kill -9 during a visit's save")
    visit, done = place.visits["own"], {"sent": 0, "answered": 0, "version": 0}
    for _ in range(scaled(4)):
        place.clients.pop("child_director.visit", None)
        place.client("child_director.visit")
        thread = threading.Thread(target=saver, args=(place, visit, done))
        thread.start()
        time.sleep(rng.uniform(0.1, 0.5))
        place.live.process.send_signal(signal.SIGKILL)
        place.live.process.wait()
        thread.join()
        place.live.start()
        place.clients.pop("child_director.visit", None)
        values = place.client("child_director.visit").call("GET", f"/api/v1/visits/{visit}").data["values"]
        assert {v["standing"] for v in values} == {"in_force"} and len(values) == 2, values
        assert len({v["version"] for v in values}) == 1, values
        (n,) = {int(v["value"].split()[0]) for v in values}
        assert done["answered"] <= n <= done["sent"], (n, done)
        done["answered"], done["version"] = n, values[0]["version"]
    assert done["answered"] > 4, "nothing was saved at all"
    verified = place.live.command("audit", "verify")
    assert verified.returncode == 0, verified.stderr

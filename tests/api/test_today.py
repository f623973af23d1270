"""A server that runs moves the deployment's clock on by itself, hears of what a command writes beside it, and takes
notices to the county's message platform, which learns nothing but that there is something to do.
"""

import http.server
import json
import threading
import time

import pytest

import district
from test_loop_http import DIRECTOR, Plain, call, imprisoned, items_of, push, step
from world import World

VILLAGE = [Plain(f"today{n}", "MF"[n % 2], f"201{n}-03-1{n}", district.OWN) for n in range(5)]
PATIENCE = 40  # seconds: the server looks every five


class Platform(http.server.BaseHTTPRequestHandler):
    """The county's message platform: keeps what comes, answers as it is told."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.server.letters.append((status, dict(self.headers), json.loads(body)))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def platform():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    server.letters, server.answers = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture(scope="module")
def place(tmp_path_factory, platform):
    made = World(tmp_path_factory.mktemp("today"), "sqlite", VILLAGE)
    made.live.stop()
    made.program.file("token", "TOKEN-OF-THE-COUNTY\n")
    made.live.options = ["--config", made.program.file("clock.conf", "\n".join([
        "clock = on", f"notice_url = http://127.0.0.1:{platform.server_port}/notices",
        f"notice_token_file = {made.program.home / 'token'}", ""]))]
    made.live.start()
    yield made
    made.close()


def until(what, patience=PATIENCE):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.2)
    pytest.fail("it did not happen")


def number(place, name):
    return call(place, name, "GET", "/api/v1/changes")["number"]


def test_a_notice_goes_outside_and_says_nothing(place, platform):
    child = VILLAGE[0]
    platform.letters.clear()
    platform.answers[:] = [500]
    before = number(place, DIRECTOR)
    # By the command, beside the server: pages hear of it all the same.
    record = {**imprisoned(child), "department": "justice"}
    place.program.ingest([record], name="beside.csv")
    until(lambda: number(place, DIRECTOR) > before, 5)
    phones = {a.phone: a for a in district.ACCOUNTS.values()}
    until(lambda: any(p["to"] == district.ACCOUNTS[DIRECTOR].phone for _, _, p in platform.letters))
    for status, headers, letter in platform.letters:
        assert set(letter) == {"id", "to", "text"} and letter["to"] in phones
        assert headers["Authorization"] == "Bearer TOKEN-OF-THE-COUNTY"
        whole = json.dumps(letter, ensure_ascii=False)
        for secret in (child.name, child.name[0], child.ref, child.address, place.children[child.label], "high",
                       "justice", "imprisoned", "de_facto"):
            assert secret not in whole.replace(letter["to"], ""), secret
    assert len({p["text"] for _, _, p in platform.letters}) == 1, "the same words whatever it is about"
    failed = [p["id"] for status, _, p in platform.letters if status == 500]
    assert len(failed) == 1
    place.clock.forward(62)  # tried again after a minute
    until(lambda: any(s == 200 and p["id"] == failed[0] for s, _, p in platform.letters))
    assert "TOKEN-OF-THE-COUNTY" not in place.live.logged()
    for letter in platform.letters:
        assert letter[2]["to"] not in place.live.logged()


def test_a_missed_deadline_goes_up_without_a_command(place):
    child = VILLAGE[1]
    push(place, imprisoned(child))
    (item,) = items_of(place, DIRECTOR, child, "alert")
    place.clock.forward(2 * 86400)

    def gone_up():
        alert = call(place, "centre_worker.own", "GET", f"/api/v1/alerts/{item['id']}")
        return alert["step"] > 0 and any(e["event"] == "overdue" for e in alert["history"])

    until(gone_up)
    notices = call(place, "supervisor.own", "GET", "/api/v1/notices")["items"]
    assert any(n["kind"] == "overdue" and n["object"] == item["id"] for n in notices)


def test_a_day_that_comes_is_told_by_the_server(place):
    """A verdict that ends on a known day: its alert loses what it stands upon, with no record arriving."""
    child = VILLAGE[2]
    # By now it is the second of July: a custody that ends on the tenth.
    push(place, imprisoned(child, to="2026-07-10"))
    (item,) = items_of(place, DIRECTOR, child, "alert")
    step(place, DIRECTOR, "alert", item["id"], "accept", day="2026-07-20")
    place.clock.forward(9 * 86400)
    until(lambda: call(place, "centre_worker.own", "GET", f"/api/v1/alerts/{item['id']}")["basis_withdrawn"])


def test_a_server_that_was_away_catches_up_at_once(place):
    child = VILLAGE[3]
    push(place, imprisoned(child, to="2026-07-25"))
    (item,) = items_of(place, DIRECTOR, child, "alert")
    place.live.stop()
    place.clock.forward(20 * 86400)
    place.live.start()
    until(lambda: call(place, "centre_worker.own", "GET", f"/api/v1/alerts/{item['id']}")["state"] == "recalled")

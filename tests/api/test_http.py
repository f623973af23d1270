"""The server as a process: its start and its end, its limits of time, what it tells of itself."""

import http.client
import json
import os
import pathlib
import signal
import socket
import sqlite3
import time

import pytest

from harness import new_program
from live import Live, free_port
from wire import exchange, get, length, post, statuses


@pytest.fixture
def live(small):
    made = Live(small)
    made.start()
    yield made
    if made.process.poll() is None:
        made.stop(signal.SIGKILL)


def ask(live, path="/healthz", method="GET", **headers):
    return live.client().call(method, path, headers=headers)


def lines(live):
    """What the log holds: every line of it that is the log's is JSON."""
    return [json.loads(line) for line in live.logged().splitlines() if line.startswith("{")]


def wait_for(condition, seconds=20):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


# Start and stop

def test_says_where_it_listens(live):
    assert f"http://127.0.0.1:{live.port}" in live.logged()
    assert f"http://127.0.0.1:{live.port + 1}" in live.logged()


def test_stops_at_sigterm_with_success(live):
    assert ask(live).status == 200
    began = time.monotonic()
    assert live.stop() == 0
    assert time.monotonic() - began < 10
    assert [line["event"] for line in lines(live)][-1] == "stopped"


def test_a_stop_is_in_the_trail_and_the_trail_is_whole(live):
    live.stop()
    live.program.run("audit", "verify")
    with sqlite3.connect(live.program.database_path()) as db:
        events = [e for (e,) in db.execute("SELECT event FROM audit ORDER BY id")]
    assert events[-2:] == [7, 8], "started, stopped"


def test_what_runs_comes_to_its_end(live):
    """A body that is on its way when the stop comes is still answered."""
    body = b'{"account": "nobody.here", "password": "wrong-Password-1"}'
    data = post(length(len(body)), body=body)
    with socket.create_connection(("127.0.0.1", live.port), timeout=20) as s:
        s.sendall(data[:-10])
        time.sleep(0.3)
        live.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        s.sendall(data[-10:])
        got = b""
        while part := s.recv(65536):
            got += part
    assert statuses(got) == [401]
    assert live.process.wait(20) == 0


def test_a_stop_does_not_wait_for_ever(live):
    with socket.create_connection(("127.0.0.1", live.port), timeout=20) as s:
        s.sendall(post(length(100), body=b"{"))
        time.sleep(0.3)
        began = time.monotonic()
        assert live.stop() == 0
        assert 5 < time.monotonic() - began < 20


def test_a_second_server_is_refused(live):
    second = Live(live.program)
    second.start(wait=False)
    assert second.process.wait(20) == 3
    assert "HM-2102" in second.logged() and str(live.process.pid) in second.logged()
    assert ask(live).status == 200


def test_a_taken_port_is_refused(live, tmp_path):
    other = new_program(tmp_path / "other", "sqlite")
    other.init()
    other.run("serve", "--listen", f"127.0.0.1:{live.port}", expect=3)


@pytest.mark.parametrize("address", ["", "8480", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "nowhere:80",
                                     "127.0.0.1:65536", "[::1:80", "127.0.0.1:-1"])
def test_an_address_that_is_none(small, address):
    small.run("serve", f"--listen={address}", expect=2, timeout=20)


def test_no_database(bare):
    bare.run("serve", "--db", f"sqlite:{bare.home}/none.db", "--listen", "127.0.0.1:0", expect=3)


def test_killed_and_started_again(live):
    for _ in range(3):
        live.stop(signal.SIGKILL)
        live.start()
        assert ask(live, "/readyz").status == 200
    live.stop()
    live.program.run("audit", "verify")


def test_a_unix_socket(small):
    path = small.home / "s"
    live = Live(small, options=["--listen", str(path)])
    live.start(wait=False)

    class Local(http.client.HTTPConnection):
        def connect(self):
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.connect(str(path))

    until, status = time.monotonic() + 20, None
    while status != 200 and time.monotonic() < until:
        try:
            connection = Local("localhost")
            connection.request("GET", "/readyz")
            status = connection.getresponse().status
        except OSError:
            time.sleep(0.05)
    assert status == 200
    assert os.stat(path).st_mode & 0o7 == 0, "not for everybody on the machine"
    assert pathlib.Path(f"{path}.live").is_socket()
    assert live.stop() == 0
    assert not path.exists()


# Configuration

def test_reload(live, small):
    live.stop()
    file = small.file("server.conf", "log = error\n")
    live.options = ["--config", str(file)]
    live.start()
    before = len(lines(live))
    ask(live)
    time.sleep(0.2)
    assert len(lines(live)) == before, "requests are not logged at this level"
    small.file("server.conf", "# more\nlog = info\n")
    live.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "reloaded" in [line["event"] for line in lines(live)])
    known = {line["request"] for line in lines(live) if line["event"] == "request"}
    told = ask(live).headers["x-request-id"]
    assert told not in known
    wait_for(lambda: told in [line.get("request") for line in lines(live)])
    small.file("server.conf", "log = everything\n")
    live.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "server.conf:1" in live.logged())
    assert ask(live).status == 200


@pytest.mark.parametrize("text", ["listen\n", "lisent = 127.0.0.1:0\n", "threads = many\n", "threads = -1\n",
                                  "log =\n", "pages = 1e3\n", "x" * 600 + "\n"],
                         ids=lambda text: text[:9].strip())
def test_a_configuration_with_a_mistake(small, text):
    file = small.file("server.conf", "\n" + text)
    answer = small.run("serve", "--config", file, "--listen", "127.0.0.1:0", expect=2, timeout=20)
    assert "server.conf:2" in answer.stderr


# Time

def test_slow_bodies_are_shed(live):
    with socket.create_connection(("127.0.0.1", live.port), timeout=40) as s:
        s.sendall(post(length(5000)))
        began, got = time.monotonic(), b""
        s.settimeout(0.5)
        try:
            while time.monotonic() - began < 30:
                s.sendall(b"{")
                try:
                    part = s.recv(4096)
                except socket.timeout:
                    continue
                got += part
                if not part:
                    break
        except OSError:
            pass
    assert 8 < time.monotonic() - began < 20
    assert statuses(got) in ([408], [])


def test_idle_connections_are_closed(live):
    with socket.create_connection(("127.0.0.1", live.port), timeout=40) as s:
        s.sendall(get())
        assert statuses(s.recv(65536)) == [200]
        began = time.monotonic()
        assert s.recv(1) == b""
        assert time.monotonic() - began < 25


def test_a_kept_connection_is_kept(live):
    """Also after answers that are no success: a proxy keeps its connections."""
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
    for path, status in [("/healthz", 200), ("/none", 404), ("/api/v1/children", 401), ("/readyz", 200)]:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status and not answer.will_close


def test_a_sign_in_keeps_nobody_waiting(live):
    """A password takes its time, and nobody else's."""
    body = b'{"account": "nobody.here", "password": "wrong-Password-1"}'
    sockets = [socket.create_connection(("127.0.0.1", live.port), timeout=60) for _ in range(8)]
    try:
        for s in sockets[:6]:
            s.sendall(post(length(len(body)), body=body))
        longest = 0
        for s in sockets[6:] * 5:
            began = time.monotonic()
            s.sendall(get())
            assert statuses(s.recv(65536)) == [200]
            longest = max(longest, time.monotonic() - began)
        for s in sockets[:6]:
            assert statuses(s.recv(65536)) == [401]
    finally:
        for s in sockets:
            s.close()
    print(f"longest wait beside six sign-ins: {longest * 1000:.1f} ms")
    assert longest < 1


# What it says

HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff", "x-frame-options": "DENY",
           "referrer-policy": "no-referrer", "cross-origin-resource-policy": "same-origin"}


@pytest.mark.parametrize("method, path", [("GET", "/healthz"), ("GET", "/none"), ("GET", "/api/v1/children"),
                                          ("POST", "/api/v1/session"), ("DELETE", "/healthz"),
                                          ("GET", "/api/v1/openapi.json"), ("PATCH", "/api/v1/session")])
def test_every_answer_has_the_headers(live, method, path):
    answer = ask(live, path, method)
    assert {n: answer.headers.get(n) for n in HEADERS} == HEADERS
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers.get("server") is None
    if answer.status >= 400:
        assert answer.type == "application/problem+json"
        assert answer.data["request"] == answer.headers["x-request-id"]


def test_problems_speak_the_language_asked_for(live):
    for wanted, expected in [("en", "nobody is signed in"), ("en-GB,zh;q=0.5", "nobody is signed in"),
                             ("zh-CN,en;q=0.9", None), ("", None), ("fr", None), ("en;q=0", None)]:
        title = ask(live, "/api/v1/children", **{"Accept-Language": wanted}).data["title"]
        assert (title == expected) == bool(expected), (wanted, title)


def test_the_log_holds_no_path_and_no_query(live):
    ask(live, "/api/v1/children/CANARY1?q=CANARY2", **{"User-Agent": "CANARY3", "Cookie": "CANARY4=5"})
    live.stop()
    assert "CANARY" not in live.logged()
    request = [line for line in lines(live) if line["event"] == "request"][-1]
    assert set(request) == {"time", "level", "event", "request", "operation", "status", "us"}


def test_metrics(live):
    exchange(("127.0.0.1", live.port), get(b"X : y"), wait=0.3)
    ask(live, "/none")
    text = ask(live, "/metrics").body.decode()
    assert 'humiao_guard_refusals_total{reason="name"} 1' in text
    assert 'humiao_requests_total{operation="none",status="4xx"} 1' in text
    assert "humiao_ready 1" in text
    for line in text.splitlines():
        assert line.startswith("# ") or len(line.split(" ")) == 2, line


def test_metrics_are_not_for_those_behind_the_proxy(live):
    assert ask(live, "/metrics", **{"X-Real-IP": "192.0.2.7"}).status == 404


def test_head_is_a_get_without_its_body(live):
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
    connection.request("HEAD", "/healthz")
    answer = connection.getresponse()
    assert answer.status == 200 and answer.read() == b"" and answer.headers["content-length"] == "6"


# Live updates

def test_live_pages_without_a_session(live):
    def page(*headers, line=b"GET /api/v1/live HTTP/1.1"):
        return statuses(exchange(("127.0.0.1", live.port + 1), get(*headers, line=line), wait=5))

    assert page() == [401]
    assert page(b"Cookie: __Host-humiao=" + b"A" * 43) == [401]
    assert page(line=b"GET /api/v1/children HTTP/1.1") == [404]
    assert page(b"Origin: https://evil.example") == [403]
    assert page(b"Origin: https://localhost:99") == [401]


def test_live_pages_that_say_nothing_are_closed(live):
    with socket.create_connection(("127.0.0.1", live.port + 1), timeout=30) as s:
        began = time.monotonic()
        assert s.recv(1) == b""
        assert 5 < time.monotonic() - began < 15
    assert free_port()

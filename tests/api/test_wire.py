"""What the server takes from a socket: one reading of each request, or none."""

import socket
import time

import pytest

from wire import SMUGGLED, exchange, get, length, post, statuses


@pytest.fixture(scope="module")
def world(plain_world):
    return plain_world


@pytest.fixture(scope="module")
def address(world):
    return "127.0.0.1", world.live.port


@pytest.mark.parametrize("name", SMUGGLED)
@pytest.mark.parametrize("pieces", [0, 7], ids=["whole", "in pieces"])
def test_smuggling(world, address, name, pieces):
    """Never a second answer, and never a good one."""
    data = SMUGGLED[name]
    if pieces and len(data) > 2000:
        pieces = 997
    got = statuses(exchange(address, data, pieces=pieces))
    assert len(got) <= 1, f"{got}: the inner request was answered"
    assert not got or 400 <= got[0] <= 431 or got[0] == 505, got
    if not name.startswith(("TLS", "HTTP/2 preface")):
        assert got, "closed without a word"


def test_the_connection_is_closed_after_a_refusal(world, address):
    with socket.create_connection(address, timeout=5) as s:
        s.sendall(get(b"X-A : b"))
        got = b""
        while part := s.recv(65536):
            got += part
        assert statuses(got) == [400]


def test_a_good_request_is_answered(world, address):
    """The table tests something: the same request without its fault is taken."""
    assert statuses(exchange(address, get(), wait=0.5)) == [200]
    body = b'{"account": "nobody.here", "password": "wrong-Password-1"}'
    assert statuses(exchange(address, post(length(len(body)), body=body))) == [401]
    world.clock.forward(10)


def test_two_requests_one_after_the_other(world, address):
    with socket.create_connection(address, timeout=5) as s:
        for _ in range(3):
            s.sendall(get(line=b"GET /api/v1/openapi.json HTTP/1.1"))
            assert statuses(read_until(s, b"\n}\n", 1)) == [200]


def test_problem_documents_of_refused_requests(world, address):
    got = exchange(address, get(b"X-CANARY : CANARY-INPUT-wire"))
    head, body = got.split(b"\r\n\r\n", 1)
    assert b"application/problem+json" in head and b"CANARY" not in body
    assert b'"status"' in body and b"HM-" in body


def test_slow_heads_are_shed(world, address):
    began = time.monotonic()
    with socket.create_connection(address, timeout=30) as s:
        s.sendall(b"GET /healthz HTTP/1.1\r\n")
        got = b""
        try:
            while part := s.recv(65536):
                got += part
        except ConnectionResetError:
            pass
    took = time.monotonic() - began
    assert statuses(got) in ([408], []) and 5 < took < 20, (got, took)


def test_many_idle_connections_keep_nobody_out(world, address):
    crowd = [socket.create_connection(address, timeout=5) for _ in range(200)]
    try:
        for s in crowd[::2]:
            s.sendall(b"GET /healthz HTTP/1.1\r\nHost: l")
        began = time.monotonic()
        assert statuses(exchange(address, get(), wait=0.5)) == [200]
        assert time.monotonic() - began < 3
    finally:
        for s in crowd:
            s.close()


@pytest.mark.parametrize("size", [1 << 20, 64 << 20])
def test_large_bodies_are_refused_by_their_length(world, address, size):
    data = post(length(size), body=b"{" * 1000)
    assert statuses(exchange(address, data)) == [413]


def test_a_body_larger_than_its_route_takes(world, address):
    client = world.client("station_worker.own")
    answer = client.call("POST", "/api/v1/children/search", b'{"q": "' + b"x" * 300000 + b'"}')
    assert answer.status == 413 and answer.type == "application/problem+json"


@pytest.mark.parametrize("body", [
    b"", b"{", b"{}x", b"[]", b"null", b'"q"', b"1", b'{"q": "x"} {"q": "y"}', b'{"q": "x",}',
    b"{'q': 'x'}", b'{"q": "x", "q": "y"}', b'{"q": "\xff"}', b'{"q": "\xed\xa0\x80"}', b'{"q": "\\ud800"}',
    b'{"q": "\\u0000"}', b'{"q": 1e400}', b'{"q": NaN}', b'\xef\xbb\xbf{"q": "x"}', b"[" * 100 + b"]" * 100,
    b'{"q": "a\nb"}', b'{"q": "x", "limit": 1.0}', b'{"q": "x", "limit": "1"}', b'{"q": "x", "limit": 51}',
    b'{"q": "x", "limit": -0}', b'{"q": "x", "limit": 99999999999999999999}', b'{"q": null}', b'{"q": ""}',
    b'{"q": "x", "__proto__": {}}', b'{"Q": "x"}', '{"q": "x"}'.encode("utf-16")])
def test_bodies_that_do_not_fit(world, body):
    answer = world.client("station_worker.own").call("POST", "/api/v1/children/search", body)
    assert answer.status in (400, 422), answer
    assert answer.type == "application/problem+json"


# Live updates

def live_page(world, client, port=None, headers=()):
    s = socket.create_connection(("127.0.0.1", port or world.live.port + 1), timeout=10)
    s.sendall(get(b"Cookie: __Host-humiao=" + client.cookie.encode(), b"Accept: text/event-stream",
                  *headers, line=b"GET /api/v1/live HTTP/1.1"))
    return s


def read_until(s, text, seconds):
    got, until = b"", time.monotonic() + seconds
    while text not in got and time.monotonic() < until:
        s.settimeout(max(0.01, until - time.monotonic()))
        try:
            part = s.recv(65536)
        except socket.timeout:
            break
        if not part:
            break
        got += part
    return got


def test_a_page_hears_of_a_change_within_two_seconds(world):
    client = world.client("supervisor.own")
    with live_page(world, client) as s:
        head = read_until(s, b"\r\n\r\n", 5)
        assert statuses(head) == [200] and b"text/event-stream" in head
        time.sleep(0.2)
        s.setblocking(False)
        try:
            s.recv(65536)
        except BlockingIOError:
            pass
        s.setblocking(True)
        began = time.monotonic()
        answer = world.ask("station_worker.own", purpose="casework", classes=["birth_date"])
        assert answer.status == 201, answer
        got = read_until(s, b"data:", 3)
        assert b"data:" in got, "nothing was heard"
        assert time.monotonic() - began < 2
        said = got.split(b"data:", 1)[1].strip()
        assert said.split()[0].isdigit(), f"a number and nothing else: {said}"


def test_a_page_needs_a_session(world):
    client = world.live.client()
    client.cookie = "A" * 43
    with live_page(world, client) as s:
        assert statuses(read_until(s, b"\r\n\r\n", 5)) == [401]


def test_smuggling_to_live_pages(world):
    for name, data in SMUGGLED.items():
        got = statuses(exchange(("127.0.0.1", world.live.port + 1), data, wait=0.3))
        assert len(got) <= 1 and 200 not in got, f"{name}: {got}"

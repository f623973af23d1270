"""docs/deploy/nginx.conf, started for real in front of the server: TLS, HTTP/2, limits, live pages, and the
request-smuggling table through both."""

import json
import re
import socket
import ssl
import subprocess
import time

import pytest

import district
from harness import TREE
from live import free_port
from test_wire import read_until
from wire import SMUGGLED, exchange, get, length, statuses

NAME = "humiao.example"


class Nginx:
    """The file as it is delivered; only ports, paths and the certificate are those of the test."""

    def __init__(self, folder, live):
        self.folder, self.port, self.plain_port = folder, free_port(), free_port()
        self.key, self.certificate = folder / "key.pem", folder / "cert.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                        "-nodes", "-days", "2", "-subj", f"/CN={NAME}", "-addext",
                        f"subjectAltName=DNS:{NAME}", "-keyout", self.key, "-out", self.certificate],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        text = (TREE / "docs" / "deploy" / "nginx.conf").read_text("utf-8")
        for old, new in ((r"listen 443", f"listen 127.0.0.1:{self.port}"),
                         (r"listen 80", f"listen 127.0.0.1:{self.plain_port}"),
                         (r" *listen \[::\].*\n", ""),
                         (r"127\.0\.0\.1:8480", f"127.0.0.1:{live.port}"),
                         (r"127\.0\.0\.1:8481", f"127.0.0.1:{live.port + 1}"),
                         (r"ssl_certificate .*", f"ssl_certificate {self.certificate};"),
                         (r"ssl_certificate_key .*", f"ssl_certificate_key {self.key};"),
                         (r"pid .*", f"pid {folder}/nginx.pid;"),
                         (r"error_log .*", f"error_log {folder}/error.log warn;"),
                         (r"access_log \S+", f"access_log {folder}/access.log"),
                         (r"worker_rlimit_nofile .*", "")):
            text, count = re.subn(old, new, text)
            assert count, f"docs/deploy/nginx.conf has no {old}"
        paths = "".join(f"    {kind}_temp_path {folder}/{kind};\n"
                        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        text = text.replace("http {\n", "http {\n" + paths, 1)
        self.file = folder / "nginx.conf"
        self.file.write_text(text)
        self.process = None
        self.tls = ssl.create_default_context(cafile=str(self.certificate))

    def start(self):
        command = ["nginx", "-e", str(self.folder / "error.log"), "-c", str(self.file), "-p",
                   str(self.folder), "-g", "daemon off;"]
        tried = subprocess.run([*command[:-2], "-t"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True)
        assert tried.returncode == 0, tried.stdout
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                if statuses(self.send(get(host=b"Host: " + NAME.encode()), wait=1)) == [200]:
                    return self
            except OSError:
                time.sleep(0.05)
        pytest.fail("nginx does not answer: " + (self.folder / "error.log").read_text()[-2000:])

    def send(self, data, **more):
        return exchange(("127.0.0.1", self.port), data, tls=self.tls, name=NAME, **more)

    def curl(self, path, *more):
        done = subprocess.run(
            ["curl", "--silent", "--show-error", "--include", "--cacert", str(self.certificate), "--resolve",
             f"{NAME}:{self.port}:127.0.0.1", "--max-time", "20", *more,
             f"https://{NAME}:{self.port}{path}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture(scope="module")
def world(plain_world):
    return plain_world


@pytest.fixture(scope="module")
def nginx(world, tmp_path_factory):
    made = Nginx(tmp_path_factory.mktemp("nginx"), world.live)
    made.start()
    yield made
    made.stop()


def through(data):
    """The same for the name that nginx serves; lengths stay true where they were true."""
    named = data.replace(b"localhost", NAME.encode())
    longer = len(NAME) - len("localhost")
    inner = len(get())
    for true in (inner + 5, inner):
        named = named.replace(length(true) + b"\r\n", length(true + longer) + b"\r\n")
    return named


# What nginx takes and puts right: by its reading alone, these are so many requests, and what it passes on
# is one clean request each. All others end with one refusal.
PUT_RIGHT = {
    "chunk ended by LF": [422, 200],  # two requests, one after the other
    "GET with TE": [200, 200],
    "name with brackets": [200], "bare LF at line ends": [200], "bare LF at one line end": [200],
    "bare LF at the end of the head": [200], "two blanks in the line": [200],
    "blank at the end of the line": [200], "HTTP/1.0": [200], "HTTP/1.2": [200], "HTTP/1.01": [200],
    "HTTP/0.9": [],  # an answer without a head, to no host
}


# Reasons to refuse that have to do with where a request ends, or what it is.
FRAMING = ("request_line", "line_end", "name", "fold", "host", "twice", "length", "length_missing",
           "transfer_encoding", "pipeline")


def refusals(world):
    """How often the server refused what came over a socket, by reason: figures of its metrics."""
    text = world.live.client().call("GET", "/metrics").body.decode()
    found = dict(re.findall(r'^humiao_guard_refusals_total{reason="(\w+)"} (\d+)', text, re.M))
    return {reason: found[reason] for reason in FRAMING}


@pytest.mark.parametrize("name", SMUGGLED)
def test_smuggling_through_nginx(world, nginx, name):
    """Nginx refuses, or passes on what has one reading: the server behind it never has to refuse."""
    before = refusals(world)
    got = statuses(nginx.send(through(SMUGGLED[name]), wait=0.7))
    world.clock.forward(2)
    assert got == PUT_RIGHT.get(name, got[:1]), got
    assert name in PUT_RIGHT or all(400 <= s < 500 or s in (501, 505) for s in got), got
    assert refusals(world) == before, "something of it came through to the server"


def test_what_is_smuggled_never_comes_through(world, nginx):
    """The whole table over connections that nginx keeps to the server: none is out of step afterwards."""
    for data in SMUGGLED.values():
        nginx.send(through(data), wait=0.05)
        world.clock.forward(1)
    for _ in range(40):
        got = nginx.send(get(b"Connection: close", host=b"Host: " + NAME.encode(),
                             line=b"GET /api/v1/openapi.json HTTP/1.1"))
        assert statuses(got) == [200] and b'"openapi"' in got


def test_another_host_gets_nothing(nginx):
    for host in (b"Host: evil.example", b"Host: 127.0.0.1", b"Host: localhost"):
        for path in (b"/", b"/index.html", b"/healthz", b"/api/v1/openapi.json"):
            got = nginx.send(get(b"Connection: close", host=host, line=b"GET " + path + b" HTTP/1.1"))
            assert statuses(got) in ([421], [400], [404], []), got
            assert b"nginx.org" not in got and b"openapi" not in got


def test_another_name_gets_no_handshake(nginx):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with pytest.raises(ssl.SSLError), socket.create_connection(("127.0.0.1", nginx.port), timeout=5) as s:
        context.wrap_socket(s, server_hostname="evil.example")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_versions_of_tls_are_refused(nginx):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)), \
            socket.create_connection(("127.0.0.1", nginx.port), timeout=5) as s:
        context.wrap_socket(s, server_hostname=NAME)


def test_plain_http_goes_to_https(nginx):
    got = exchange(("127.0.0.1", nginx.plain_port), get(host=b"Host: " + NAME.encode()), wait=0.5)
    assert statuses(got) == [301] and b"Location: https://" in got


def test_http_2(nginx):
    got = nginx.curl("/healthz", "--http2")
    assert got.startswith(b"HTTP/2 200") and got.endswith(b"alive\n"), got
    assert b"strict-transport-security" in got.lower()
    assert b"server: nginx\r" in got.lower() or b"server:" not in got.lower()


def test_a_browsers_session_over_http_2(world, nginx):
    """Signing in, the Secure cookie, a write with its token and its Origin, all through TLS."""
    jar = nginx.folder / "cookies"
    account = district.ACCOUNTS["station_worker.own"]
    password = world.live.passwords.get(account.name, district.PASSWORD)
    world.clock.forward(10)
    origin = f"https://{NAME}:{nginx.port}"
    common = ["--http2", "-c", str(jar), "-b", str(jar), "-H", "Content-Type: application/json", "-H",
              f"Origin: {origin}", "-H", "Sec-Fetch-Site: same-origin"]
    got = nginx.curl("/api/v1/session", *common, "-d", json.dumps(
        {"account": account.name, "password": password}))
    assert got.startswith(b"HTTP/2 200"), got
    csrf = json.loads(got.split(b"\r\n\r\n", 1)[1])["csrf"]
    assert nginx.curl("/api/v1/session", *common).startswith(b"HTTP/2 200")
    search = ["-d", json.dumps({"q": "x"})]
    assert nginx.curl("/api/v1/children/search", *common, *search).startswith(b"HTTP/2 403")
    got = nginx.curl("/api/v1/children/search", *common, *search, "-H", f"X-CSRF-Token: {csrf}")
    assert got.startswith(b"HTTP/2 200"), got
    got = nginx.curl("/api/v1/session", *common, "-X", "DELETE", "-H", f"X-CSRF-Token: {csrf}")
    assert got.startswith(b"HTTP/2 204"), got


def test_figures_are_not_for_outsiders(nginx):
    for path in ("/metrics", "/readyz", "/metrics/", "//metrics", "/%6detrics", "/./metrics",
                 "/x/../metrics", "/metrics?x", "/METRICS"):
        got = nginx.curl(path, "--http2", "--path-as-is")
        assert not got.startswith(b"HTTP/2 200"), f"{path}: {got[:300]}"


def test_the_address_of_the_client_cannot_be_claimed(world, nginx):
    """Guessing from one address is slowed down whatever the client says its address is."""
    world.clock.forward(120)
    seen = []
    for n in range(45):
        seen.append(nginx.curl("/api/v1/session", "-H", "Content-Type: application/json",
                               "-H", f"X-Real-IP: 203.0.113.{n}", "-H", f"X-Forwarded-For: 203.0.113.{n}",
                               "-H", f"Forwarded: for=203.0.113.{n}",
                               "-d", json.dumps({"account": f"nobody.{n}", "password": "Password-123"})))
        if b" 429" in seen[-1][:20]:
            break
    assert b" 429" in seen[-1][:20], "nothing slowed it down"
    world.clock.forward(120)


def test_large_bodies_stay_outside(world, nginx):
    file = nginx.folder / "large"
    file.write_bytes(b"x" * (3 << 20))
    got = nginx.curl("/api/v1/session", "--http2", "-H", "Content-Type: application/json",
                     "--data-binary", f"@{file}")
    assert b" 413" in got.split(b"\r\n")[0], got[:300]


def test_live_pages_through_nginx(world, nginx):
    """A change arrives within two seconds, through TLS and the proxy."""
    client = world.client("supervisor.own")
    with socket.create_connection(("127.0.0.1", nginx.port), timeout=10) as plain:
        s = nginx.tls.wrap_socket(plain, server_hostname=NAME)
        s.sendall(get(b"Cookie: __Host-humiao=" + client.cookie.encode(), b"Accept: text/event-stream",
                      line=b"GET /api/v1/live HTTP/1.1", host=b"Host: " + NAME.encode()))
        head = read_until(s, b"\r\n\r\n", 5)
        assert statuses(head) == [200] and b"text/event-stream" in head
        read_until(s, b"nothing of the kind", 0.5)
        began = time.monotonic()
        answer = world.ask("station_worker.own", child="neighbour", purpose="casework", classes=["hukou"])
        assert answer.status == 201, answer
        got = read_until(s, b"data:", 3)
        assert b"data:" in got, "nothing was heard"
        assert time.monotonic() - began < 2


def test_the_log_of_nginx_names_nobody(nginx):
    nginx.curl("/api/v1/children/123456789012?after=CANARY-INPUT-nginx", "--http2", "-H",
               "Referer: https://CANARY-INPUT-nginx/", "-A", "CANARY-INPUT-nginx")
    time.sleep(0.2)
    text = (nginx.folder / "access.log").read_text()
    assert text and "CANARY" not in text and "123456789012" not in text

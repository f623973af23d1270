"""A running server over the test district, its clock, and clients that sign in to it.

The server is met as a stranger meets it: a process, its port, what it answers and what it logs. Its
clock is moved from outside (clock.c), which the program knows nothing of: it begins on a Tuesday at ten
in the morning and goes on from there as told.
"""

import base64
import datetime
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import time

import pytest

import district

CHINA = datetime.timezone(datetime.timedelta(hours=8))
MORNING = datetime.datetime(2026, 6, 30, 10, 0, 0, tzinfo=CHINA)
COOKIE = "__Host-humiao"
CLOCK_SOURCE = pathlib.Path(__file__).with_name("clock.c")


class Clock:
    """One clock for all processes that are given `env()`."""

    def __init__(self, folder, begin=MORNING):
        folder = pathlib.Path(folder)
        self.library, self.file = folder / "clock.so", folder / "clock"
        subprocess.run([os.environ.get("CC", "cc"), "-O1", "-fPIC", "-shared", "-o", self.library,
                        CLOCK_SOURCE], check=True)
        self.set(begin)

    def set(self, moment):
        self.offset = round(moment.timestamp() - time.time())
        self.write()

    def forward(self, seconds):
        self.offset += seconds
        self.write()

    def write(self):
        # In place: running processes have this very file mapped. Eight aligned bytes are written at once.
        with open(self.file, "r+b" if self.file.exists() else "wb") as f:
            f.write(struct.pack("=q", self.offset * 1000000))

    def now(self):
        return time.time() + self.offset

    def env(self):
        return {"LD_PRELOAD": str(self.library), "HUMIAO_TEST_CLOCK": str(self.file)}


def totp(secret, now):
    """RFC 6238: SHA-1, 30 s, 6 digits."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8), casefold=True)
    digest = hmac.new(key, struct.pack(">Q", int(now) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


def free_port(beside=False):
    """A port nobody listens on; with `beside`, the one above it is free too."""
    while True:
        with socket.socket() as s, socket.socket() as t:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
            try:
                if beside:
                    t.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def type(self):
        return (self.headers.get("content-type") or "").split(";")[0].strip()

    @property
    def data(self):
        return json.loads(self.body) if self.body else None

    def __repr__(self):
        return f"<{self.status} {self.type} {self.body[:300]!r}>"


class Exchange:
    """What went over the wire once, and whose it was: kept for the search for canaries."""

    def __init__(self, client, method, path, sent, answer):
        self.account = client.account
        self.method, self.path, self.sent, self.answer = method, path, sent, answer

    def __repr__(self):
        who = self.account.name if self.account else "nobody"
        return f"{who}: {self.method} {self.path} -> {self.answer.status}"


class Live:
    """`humiao serve` over one database."""

    def __init__(self, program, clock=None, options=()):
        self.program, self.clock, self.options = program, clock, list(options)
        self.env = {"HUMIAO_ARGON2": "interactive", **(clock.env() if clock else {})}
        self.port, self.process, self.journal = free_port(beside=True), None, []
        self.log = program.home / "server.log"
        self.secrets = {}  # second factors by account
        self.passwords = {}

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self, wait=True):
        with open(self.log, "ab") as log:
            self.process = self.program.popen("serve", "--listen", f"127.0.0.1:{self.port}",
                                              *self.options, env=self.env, stdin=subprocess.DEVNULL,
                                              stdout=log, stderr=log)
        until = time.monotonic() + 60
        while wait:
            if self.process.poll() is not None:
                pytest.fail(f"the server ended at once: {self.logged()[-2000:]}")
            try:
                if Client(self).call("GET", "/readyz").status == 200:
                    break
            except OSError:
                pass
            if time.monotonic() > until:
                pytest.fail(f"the server is not ready after a minute: {self.logged()[-2000:]}")
            time.sleep(0.05)
        return self

    def stop(self, how=signal.SIGTERM, timeout=30):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout)
        return self.process.returncode if self.process else None

    def logged(self):
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def command(self, *args, **more):
        """A command of the program, by the same clock."""
        return self.program.run(*args, env={**self.env, **more.pop("env", {})}, **more)

    def now(self):
        return self.clock.now() if self.clock else time.time()

    def client(self, account=None):
        return Client(self, account)


class Client:
    """One browser: a connection, a cookie, a CSRF token."""

    def __init__(self, live, account=None):
        self.live, self.account = live, account
        self.cookie = self.csrf = self.me = None
        self.connection, self.began, self.used = None, live.now(), live.now()

    def call(self, method, path, body=None, key=None, headers=None, csrf=True, cookie=True):
        """One request. `body` is anything JSON can hold, or bytes sent as they are."""
        sent = {"Host": f"127.0.0.1:{self.live.port}"}
        if self.cookie and cookie:
            sent["Cookie"] = f"{COOKIE}={self.cookie}"
        if self.csrf and csrf and method != "GET":
            sent["X-CSRF-Token"] = self.csrf
        if key:
            sent["Idempotency-Key"] = key
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        if data is not None:
            sent["Content-Type"] = "application/json"
        elif method in ("POST", "PUT"):
            sent["Content-Length"] = "0"
        sent.update(headers or {})
        sent = {n: v for n, v in sent.items() if v is not None}
        answer = self.send(method, path, data, sent)
        if answer.status < 400:
            self.used = self.live.now()  # what is refused keeps no session alive
        self.live.journal.append(Exchange(self, method, path, data, answer))
        return answer

    def send(self, method, path, data, headers):
        for again in (True, False):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.live.port, timeout=30)
                self.connection.request(method, path, data, headers)
                got = self.connection.getresponse()
                answer = Answer(got.status, got.headers, got.read())
                if got.will_close:
                    self.close()
                return answer
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError,
                    http.client.CannotSendRequest):
                # A kept connection may have been closed meanwhile; a write is never sent twice for it.
                fresh = self.connection is None or self.connection.sock is None
                self.close()
                if not again or (fresh and method != "GET"):
                    raise

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    # Signing in

    def begin(self, password=None, code=None, account=None):
        """One attempt to sign in: the answer as it is."""
        body = {"account": account or self.account.name,
                "password": password or self.live.passwords.get(self.account.name, district.PASSWORD)}
        if code:
            body["code"] = code
        answer = self.call("POST", "/api/v1/session", body, cookie=False)
        if answer.status == 200:
            self.take(answer)
        return answer

    def take(self, answer):
        self.began = self.live.now()
        found = [c for c in answer.headers.get_all("set-cookie") or [] if c.startswith(COOKIE + "=")]
        assert len(found) == 1, "one cookie holds the session"
        self.cookie = found[0].split(";")[0].split("=", 1)[1]
        self.me = answer.data
        self.csrf = self.me["csrf"]

    def code(self):
        """A code that was not used before: a step is taken once, so the clock goes on by one."""
        self.live.clock.forward(31)
        return totp(self.live.secrets[self.account.name], self.live.now())

    def sign_in(self):
        """Signs in however many steps it takes: a password of one's own, a second factor."""
        secret = self.live.secrets.get(self.account.name)
        self.live.clock.forward(3)  # so that signing in is not thought to be guessing
        answer = self.begin(code=self.code() if secret else None)
        assert answer.status == 200, f"{self.account.name}: {answer}"
        if self.me["must_change_password"]:
            self.change_password(self.live.passwords.get(self.account.name, district.PASSWORD) + "-own")
            return self.sign_in()
        if self.me["must_enrol_totp"]:
            self.enrol()
            return self.sign_in()
        return self

    def change_password(self, new):
        old = self.live.passwords.get(self.account.name, district.PASSWORD)
        answer = self.call("POST", "/api/v1/session/password", {"current": old, "password": new})
        assert answer.status == 204, answer
        self.live.passwords[self.account.name] = new

    def enrol(self):
        password = self.live.passwords.get(self.account.name, district.PASSWORD)
        answer = self.call("POST", "/api/v1/session/totp", {"password": password})
        assert answer.status == 200, answer
        self.live.secrets[self.account.name] = answer.data["secret"]
        answer = self.call("PUT", "/api/v1/session/totp", {"code": self.code()})
        assert answer.status == 204, answer

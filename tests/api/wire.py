"""Requests byte by byte: what no HTTP library would send, and how many answers come back."""

import re
import socket
import ssl
import time


def exchange(address, data, tls=None, name="localhost", wait=1.5, pieces=0):
    """Sends bytes, reads until the other side closes or is silent, and returns all that came."""
    with socket.create_connection(address, timeout=10) as plain:
        s = tls.wrap_socket(plain, server_hostname=name) if tls else plain
        got = b""
        try:
            if pieces:
                for at in range(0, len(data), pieces):
                    s.sendall(data[at:at + pieces])
                    time.sleep(0.001)
            else:
                s.sendall(data)
        except OSError:
            pass  # it had enough before the end: what it said is what counts
        s.settimeout(wait)
        try:
            while True:
                part = s.recv(65536)
                if not part:
                    break
                got += part
        except (socket.timeout, ssl.SSLError, ConnectionResetError):
            pass
        return got


def statuses(answer):
    """The status of each answer on a connection. Bodies of ours never hold a status line."""
    return [int(m.group(1)) for m in re.finditer(rb"HTTP/1\.[01] (\d{3}) ", answer)]


def get(*headers, line=b"GET /healthz HTTP/1.1", host=b"Host: localhost"):
    return b"\r\n".join([line] + ([host] if host else []) + list(headers)) + b"\r\n\r\n"


def post(*headers, body=b"", line=b"POST /api/v1/session HTTP/1.1", host=b"Host: localhost"):
    lines = [line] + ([host] if host else []) + [b"Content-Type: application/json", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def length(n):
    return b"Content-Length: %d" % n


# What is smuggled: were it ever taken for a request, its answer would be a second one.
INNER = get()
CHUNKED = b"Transfer-Encoding: chunked"
ZERO = b"0\r\n\r\n"

# name: bytes. Two readings of each are possible, or it is malformed; all are to be refused.
SMUGGLED = {
    "CL.CL, the longer last": post(length(0), length(len(INNER)), body=INNER),
    "CL.CL, the longer first": post(length(len(INNER)), length(0), body=INNER),
    "CL twice and equal": post(length(2), length(2), body=b"{}" + INNER),
    "CL list": post(b"Content-Length: 0, %d" % len(INNER), body=INNER),
    "CL list of equals": post(b"Content-Length: 2, 2", body=b"{}" + INNER),
    "CL with plus": post(b"Content-Length: +%d" % len(INNER), body=INNER),
    "CL negative": post(b"Content-Length: -1", body=INNER),
    "CL hexadecimal": post(b"Content-Length: 0x2", body=b"{}" + INNER),
    "CL with a blank inside": post(b"Content-Length: 4 2", body=INNER),
    "CL too large for any number": post(b"Content-Length: 18446744073709551618", body=b"{}" + INNER),
    "CL empty": post(b"Content-Length:", body=INNER),
    "CL of letters": post(b"Content-Length: two", body=b"{}" + INNER),
    "CL with vertical tab": post(b"Content-Length: \x0b2", body=b"{}" + INNER),
    "CL with quotes": post(b'Content-Length: "2"', body=b"{}" + INNER),
    "CL.TE": post(length(len(ZERO)), CHUNKED, body=ZERO + INNER),
    "TE.CL": post(CHUNKED, length(4), body=b"2c\r\n" + INNER + b"\r\n0\r\n\r\n"),
    "CL.0, TE last": post(length(0), CHUNKED, body=ZERO + INNER),
    "TE identity": post(b"Transfer-Encoding: identity", length(2), body=b"{}" + INNER),
    "TE xchunked": post(b"Transfer-Encoding: xchunked", length(2), body=b"{}" + INNER),
    "TE chunked twice": post(CHUNKED, CHUNKED, body=ZERO + INNER),
    "TE chunked, identity": post(b"Transfer-Encoding: chunked, identity", body=ZERO + INNER),
    "TE identity, chunked": post(b"Transfer-Encoding: identity, chunked", body=ZERO + INNER),
    "TE gzip, chunked": post(b"Transfer-Encoding: gzip, chunked", body=ZERO + INNER),
    "TE with a tab": post(b"Transfer-Encoding:\tchunked", length(2), body=ZERO + INNER),
    "TE with vertical tab": post(b"Transfer-Encoding: \x0bchunked", length(2), body=ZERO + INNER),
    "TE with a blank before the colon": post(b"Transfer-Encoding : chunked", length(2), body=ZERO + INNER),
    "TE with a leading blank": post(b" Transfer-Encoding: chunked", length(2), body=ZERO + INNER),
    "TE behind a bare LF": post(b"X: y\nTransfer-Encoding: chunked", length(2), body=ZERO + INNER),
    "TE behind a bare CR": post(b"X: y\rTransfer-Encoding: chunked", length(2), body=ZERO + INNER),
    "TE folded": post(b"Transfer-Encoding:\r\n chunked", length(2), body=ZERO + INNER),
    "TE in quotes": post(b'Transfer-Encoding: "chunked"', length(2), body=ZERO + INNER),
    "TE with a parameter": post(b"Transfer-Encoding: chunked;q=1", length(2), body=ZERO + INNER),
    "TE with a NUL": post(b"Transfer-Encoding: chunked\0", length(2), body=ZERO + INNER),
    "TE with high bytes": post(b"Transfer-Encoding: \xffchunked", length(2), body=ZERO + INNER),
    "TE with an underscore": post(b"Transfer_Encoding: chunked", length(len(INNER) + 5),
                                  body=ZERO + INNER),
    "TE empty": post(b"Transfer-Encoding:", length(2), body=b"{}" + INNER),
    "TE on HTTP/1.0": post(CHUNKED, line=b"POST /api/v1/session HTTP/1.0", body=ZERO + INNER),
    "chunk size with a minus": post(CHUNKED, body=b"-1\r\n" + INNER),
    "chunk size too large": post(CHUNKED, body=b"ffffffffffffffff2\r\n{}\r\n0\r\n\r\n" + INNER),
    "chunk size with 0x": post(CHUNKED, body=b"0x2\r\n{}\r\n0\r\n\r\n" + INNER),
    "chunk ended by LF": post(CHUNKED, body=b"2\n{}\n0\n\n" + INNER),
    "GET with CL": get(length(len(INNER))) + INNER,
    "GET with TE": get(CHUNKED) + ZERO + INNER,
    "two Host": get(b"Host: evil.example"),
    "two Host alike": get(b"Host: localhost"),
    "no Host": get(host=None),
    "Host empty": get(host=b"Host:"),
    "Host with a path": get(host=b"Host: localhost/x"),
    "Host with a user": get(host=b"Host: a@localhost"),
    "Host with a blank": get(host=b"Host: local host"),
    "Host with a comma": get(host=b"Host: localhost, evil.example"),
    "blank before the colon": get(b"X-A : b"),
    "tab before the colon": get(b"X-A\t: b"),
    "no colon": get(b"X-A b"),
    "empty name": get(b": b"),
    "name with brackets": get(b"X(A): b"),
    "name with a NUL": get(b"X\0A: b"),
    "value with a NUL": get(b"X-A: b\0c"),
    "value with a bare CR": get(b"X-A: b\rX-B: c"),
    "value with DEL": get(b"X-A: b\x7f"),
    "bare LF at line ends": get(b"X-A: b").replace(b"\r\n", b"\n"),
    "bare LF at one line end": b"GET /healthz HTTP/1.1\r\nHost: localhost\nX-A: b\r\n\r\n",
    "bare LF at the end of the head": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\n",
    "obs-fold": get(b"X-A: b\r\n c"),
    "obs-fold by a tab": get(b"X-A: b\r\n\tc"),
    "fold of the first header": b"GET /healthz HTTP/1.1\r\n Host: localhost\r\n\r\n",
    "NUL in the target": get(line=b"GET /health\0z HTTP/1.1"),
    "blank in the target": get(line=b"GET /health z HTTP/1.1"),
    "two blanks in the line": get(line=b"GET  /healthz HTTP/1.1"),
    "tab in the line": get(line=b"GET\t/healthz\tHTTP/1.1"),
    "blank at the end of the line": get(line=b"GET /healthz HTTP/1.1 "),
    "fragment in the target": get(line=b"GET /healthz#x HTTP/1.1"),
    "absolute-form": get(line=b"GET http://evil.example/healthz HTTP/1.1"),
    "authority-form": get(line=b"CONNECT evil.example:443 HTTP/1.1"),
    "asterisk-form": get(line=b"GET * HTTP/1.1"),
    "target without a slash": get(line=b"GET healthz HTTP/1.1"),
    "high bytes in the target": get(line=b"GET /health\xff HTTP/1.1"),
    "HTTP/0.9": b"GET /healthz\r\n",
    "HTTP/1.0": get(line=b"GET /healthz HTTP/1.0"),
    "HTTP/1.2": get(line=b"GET /healthz HTTP/1.2"),
    "HTTP/2.0": get(line=b"GET /healthz HTTP/2.0"),
    "HTTP/1.01": get(line=b"GET /healthz HTTP/1.01"),
    "http in small letters": get(line=b"GET /healthz http/1.1"),
    "method in small letters": get(line=b"get /healthz HTTP/1.1"),
    "method with a control byte": get(line=b"GE\x01T /healthz HTTP/1.1"),
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS hello on a plain port": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 64 + b"\r\n\r\n",
    "oversized target": get(line=b"GET /" + b"a" * 9000 + b" HTTP/1.1"),
    "oversized header": get(b"X-A: " + b"a" * 40000),
    "too many headers": get(*[b"X-%d: a" % n for n in range(300)]),
    "oversized body": post(length(1 << 40), body=b"{}"),
    "Expect of something else": post(length(2), b"Expect: 200-ok", body=b"{}"),
}

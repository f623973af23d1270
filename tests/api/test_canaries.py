"""Canaries: every sensitive value of the district is searched for wherever it must not be.

In all answers that everybody got for everything, in the log, in the metrics, in problem documents that
were provoked with canaries, in the files that the server leaves, and in every table of the database.
"""

import base64
import functools
import os
import shutil
import subprocess

import pytest

import district

INPUT = "CANARY-INPUT-"


def encoded(raw):
    """Base64 of it wherever it stands in a longer text."""
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw)
        inner = text[4:len(text) // 4 * 4 - 4] if shift else text[:len(text) // 4 * 4 - 4]
        if len(inner) >= 8:
            yield inner


@functools.lru_cache(maxsize=None)
def spellings(text):
    raw = text.encode() if isinstance(text, str) else text
    found = [raw, raw.hex().encode(), *encoded(raw)]
    if isinstance(text, str):
        found.append(text.encode("utf-16-le"))
        if not text.isascii():
            found.append(text.encode("unicode-escape"))
            found.append("".join(f"%{b:02X}" for b in raw).encode())
    return found


def found_in(haystack, text):
    return any(s in haystack for s in spellings(text))


@pytest.fixture(scope="module")
def walked(world):
    """Everybody has read everything, some have opened something, and many have made mistakes."""
    world.walk()
    openings(world)
    mistakes(world)
    return world


def openings(world):
    """A tap, an approval and a broken glass, each with the answers that they then give."""
    reason = "CANARY-REASON-walk"
    own = world.children["own"]
    world.open("child_director.visit", purpose="visit", classes=["name", "address", "kin_phone"],
               reason=None)
    world.open("child_director.own", purpose="emergency", classes=["name"], reason=reason)
    asked = world.ask("centre_worker.case", classes=["fact_hiv", "fact_harm", "narrative", "kin"],
                      reason=reason).data["id"]
    granted = world.client("bureau_leader.own").call(
        "POST", f"/api/v1/openings/{asked}/decision", {"grant": True})
    assert granted.status == 200, granted
    world.opened("centre_worker.case", "own", ["fact_hiv", "fact_harm", "narrative", "kin"])
    for name in ("child_director.visit", "child_director.own", "centre_worker.case"):
        for part in ("", "/kin", "/facts", "/categories", "/assignments"):
            world.client(name).call("GET", f"/api/v1/children/{own}{part}")
    for name in ("supervisor.own", "bureau_leader.own"):
        world.client(name).call("GET", f"/api/v1/children/{own}/trace")
        world.client(name).call("GET", "/api/v1/openings?state=to_review")


def mistakes(world):
    """Every kind of wrong request, with canaries in each place where a text can stand."""
    own = district.OWN_CHILD
    client = world.client("centre_worker.own")
    say = iter(range(1000))

    def marker():
        return f"{INPUT}{next(say)}"

    search = "/api/v1/children/search"
    client.call("POST", search, {"q": marker()})
    client.call("POST", search, {"q": own.name * 20})
    client.call("POST", search, {"q": 7, "x": marker()})
    client.call("POST", search, {"q": own.name, marker(): own.id_no})
    client.call("POST", search, b'{"q": "' + marker().encode() + own.name.encode())
    client.call("POST", search, b'{"q": "' + marker().encode() + b'", "q": "2"}')
    client.call("POST", search, b'{"q": "\xff\xfe' + marker().encode() + b'"}')
    client.call("POST", search, ("[" * 200 + marker()).encode())
    client.call("POST", search, {"q": own.name}, headers={"Content-Type": f"text/{marker()}"})
    client.call("POST", search, {"q": own.name}, csrf=False, headers={"X-CSRF-Token": marker()})
    client.call("POST", search, {"q": own.name}, key=marker() + "!")
    client.call("GET", f"/api/v1/children/{marker()}")
    client.call("GET", f"/api/v1/{marker()}")
    client.call("GET", f"/{own.id_no}/{marker()}")
    client.call("GET", f"/api/v1/children?division={marker()}")
    client.call("GET", f"/api/v1/children?{marker()}={own.phone}")
    client.call("GET", f"/api/v1/children?after={marker()}&limit={own.phone}")
    client.call("GET", f"/api/v1/openings?state={marker()}")
    client.call("GET", "/api/v1/children", headers={"X-Request-Id": marker(), "User-Agent": marker()})
    client.call(f"{marker()}".replace("-", ""), "/api/v1/children")
    client.call("POST", f"/api/v1/children/{world.children['own']}/openings",
                {"purpose": marker(), "classes": [marker()], "reason": marker()})
    client.call("POST", f"/api/v1/children/{world.children['other']}/openings",
                {"purpose": "casework", "classes": ["name"], "reason": marker()})
    client.call("POST", f"/api/v1/children/{world.children['own']}/assignments",
                {"account": own.phone, "task": "aid", "days": 3})
    stranger = world.live.client(district.ACCOUNTS["station_worker.own"])
    stranger.begin(account=marker(), password=marker())
    stranger.begin(account=own.name, password=own.id_no)
    stranger.cookie = marker()
    stranger.call("GET", "/api/v1/children")
    security = world.client("security_administrator.own")
    security.call("PUT", f"/api/v1/accounts/{world.account_ids['helper.idle']}/post",
                  {"role": "guardian", "person": "1", "team": marker()})
    security.call("GET", f"/api/v1/clearance/explanation?account=1&child=1&class={marker().lower()}")
    system = world.client("system_administrator.own")
    system.call("POST", "/api/v1/accounts", {"account": marker() + "/", "display": own.name})
    world.clock.forward(60)


def secrets(world):
    """What gives access: of these not even the database has a copy."""
    for password in {district.PASSWORD, *world.live.passwords.values()}:
        yield password
    for client in world.clients.values():
        yield client.cookie
        yield client.csrf
    for secret in world.live.secrets.values():
        yield secret
        yield base64.b32decode(secret + "=" * (-len(secret) % 8))


def test_answers_hold_what_the_table_says_and_nothing_else(walked):
    leaks = []
    canaries = [(t.encode(), c, child) for t, c, child in district.canaries()]
    for exchange in walked.live.journal:
        whole = exchange.answer.body + str(exchange.answer.headers).encode()
        for text, data_class, child in canaries:
            if text in whole and not may_see(walked, exchange, data_class, child):
                leaks.append(f"{exchange}: {data_class} of {child.label}: {text.decode()}")
    assert not leaks, f"{len(leaks)} leaks\n" + "\n".join(sorted(set(leaks))[:40])


def may_see(world, exchange, data_class, child):
    if exchange.account is None or exchange.answer.status >= 400:
        return False
    account = exchange.account
    if world.clearance.seen(data_class, account.role, district.relation(account, child)) == "shown":
        return True
    return (account.name, child.label, data_class) in world.seen_by


def test_cells_are_for_the_own_department(walked):
    """A refused row is read by the liaisons of its department in the own county; everybody else has at most what remains
    of each cell. Its own number, by which the department finds it again, is left to whoever keeps the deliveries in
    order."""
    cells = [t.encode() for t in district.cell_canaries()]
    leaks, seen = [], set()
    for exchange in walked.live.journal:
        whole = exchange.answer.body + str(exchange.answer.headers).encode()
        found = [t for t in cells if t in whole]
        account, at_desk = exchange.account, exchange.path.startswith("/api/v1/quarantine")
        own = account and account.name == "department_liaison.own" and exchange.answer.status < 400
        if account and account.role == "data_officer" and at_desk:
            found = [t for t in found if not t.startswith(b"CANARY-CELL")]
        if found and own and at_desk:
            seen.update(found)
        elif found:
            leaks.append(f"{exchange}: {[t.decode() for t in found]}")
    assert not leaks, f"{len(leaks)} leaks\n" + "\n".join(sorted(set(leaks))[:40])
    assert seen, "nobody saw a cell: the search would find nothing"


def test_the_canaries_are_alive(walked):
    """The search would find something: whoever may see a value got it."""
    alive = set()
    for exchange in walked.live.journal:
        for text, data_class, _ in district.canaries():
            if text.encode() in exchange.answer.body:
                alive.add(data_class)
    assert {"name", "address", "kin_phone", "kin", "fact_harm", "reference", "birth_date"} <= alive


def test_problem_documents_repeat_nothing(walked):
    problems = [e for e in walked.live.journal if e.answer.status >= 400]
    together = b"\n".join(e.answer.body for e in problems)
    for text in [INPUT, *(t for t, _, _ in district.canaries())]:
        if found_in(together, text):
            pytest.fail(f"{text}: {[e for e in problems if found_in(e.answer.body, text)][:5]}")


def test_personal_answers_are_not_kept_by_browsers(walked):
    """Back buttons and shared caches: an answer under /api/ says that it is not to be stored."""
    for exchange in walked.live.journal:
        if exchange.path.startswith("/api/v1/") and "openapi" not in exchange.path:
            assert "no-store" in (exchange.answer.headers.get("cache-control") or ""), exchange
            assert exchange.answer.headers.get("x-content-type-options") == "nosniff", exchange


def test_the_log_holds_no_canary(walked):
    log = walked.live.log.read_bytes()
    for text, data_class, child in district.canaries():
        assert not found_in(log, text), f"{data_class} of {child.label}"
    for text in district.cell_canaries():
        assert not found_in(log, text)
    assert INPUT.encode() not in log, "what strangers send is not logged"
    assert b"CANARY" not in log
    for secret in secrets(walked):
        assert not found_in(log, secret)
    for account in district.ACCOUNTS.values():
        assert not found_in(log, account.display) and not found_in(log, account.phone)


def test_the_metrics_hold_no_canary(walked):
    answer = walked.live.client().call("GET", "/metrics")
    assert answer.status == 200 and answer.body
    for text in [*(t for t, _, _ in district.canaries()), *district.cell_canaries(), "CANARY"]:
        assert not found_in(answer.body, text)
    for name in [*district.ACCOUNTS, *walked.children.values(), *walked.account_ids.values(), INPUT]:
        assert name.encode() not in answer.body, "figures name nobody"


def database_bytes(world):
    """All that lies on the disk or in the tables, by where it was found."""
    found = {}
    if world.engine == "postgresql":
        dump = subprocess.run(["pg_dump", "--inserts", "-d", world.program.url], check=True,
                              stdout=subprocess.PIPE).stdout
        found["pg_dump"] = dump
    else:
        for end in ("", "-wal", "-shm"):
            path = f"{world.program.database_path()}{end}"
            if os.path.exists(path):
                with open(path, "rb") as f:
                    found["database" + end] = f.read()
    for folder, _, names in os.walk(world.program.home):
        for name in names:
            path = os.path.join(folder, name)
            if path != str(world.live.log) and not name.startswith("county.db"):
                with open(path, "rb") as f:
                    found[name] = f.read()
    return found


def test_the_database_holds_no_canary(walked):
    files = database_bytes(walked)
    assert shutil.which("pg_dump") or walked.engine == "sqlite"
    texts = {t for t, c, _ in district.canaries() if c != "birth_date"}
    texts |= {INPUT, "CANARY-REASON", "CANARY", *district.cell_canaries()}
    texts |= {a.display for a in district.ACCOUNTS.values()} | {a.phone for a in district.ACCOUNTS.values()}
    for where, content in files.items():
        for text in texts:
            assert not found_in(content, text), f"{where}: {text}"
        for secret in secrets(walked):
            assert not found_in(content, secret), f"{where}: a password, a token or a second factor"


def test_rows_of_the_trail_hold_nothing_personal(walked):
    for row in walked.trail():
        text = " ".join(str(v) for k, v in row.items() if k not in ("account_name",))
        for canary, _, _ in district.canaries():
            assert canary not in text
        assert "CANARY" not in text

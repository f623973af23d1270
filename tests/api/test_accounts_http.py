"""Signing in, sessions, CSRF, second factors, administrators, and writes that are repeated."""

import concurrent.futures
import time
import uuid

import pytest

import clearance_oracle
import district
from live import totp

SESSION = "/api/v1/session"


def refused(answer, status):
    assert answer.status == status, answer
    assert answer.type == "application/problem+json", answer
    assert answer.data["status"] == status and answer.data["code"].startswith("HM-"), answer
    return answer


def without_request(problem):
    """What an answer says, but for the number of the request."""
    return {name: value for name, value in problem.items() if name != "request"}


@pytest.fixture
def fresh(world):
    """Makes accounts that no other test uses: made by one administrator, given a post by another."""
    def make(role, password=True, **post):
        name = f"{role}.{uuid.uuid4().hex[:8]}"
        system, security = (world.client(f"{k}_administrator.own") for k in ("system", "security"))
        answer = system.call("POST", "/api/v1/accounts", {"account": name, "display": "孙试"})
        assert answer.status == 201, answer
        account = district.Account(name, role, **post)
        account.id = answer.data["id"]
        answer = security.call("PUT", f"/api/v1/accounts/{account.id}/post",
                               {"role": role, **{k: v for k, v in post.items() if v}})
        assert answer.status == 200, answer
        if password:
            answer = system.call("POST", f"/api/v1/accounts/{account.id}/password")
            assert answer.status == 200, answer
            world.live.passwords[name] = answer.data["password"]
        world.clock.forward(2)
        return account
    return make


def signed_in(world, account):
    return world.live.client(account).sign_in()


def who(client):
    return client.call("GET", SESSION).status


# Signing in

def test_the_cookie_is_for_this_browser_alone(world):
    client = world.fresh("station_worker.own")
    answer = client.begin()
    cookie = [c for c in answer.headers.get_all("set-cookie") if c.startswith("__Host-humiao=")][0]
    attributes = {a.strip().lower() for a in cookie.split(";")[1:]}
    assert {"httponly", "secure", "samesite=strict", "path=/"} <= attributes, cookie
    assert not any(a.startswith("domain") for a in attributes)
    assert len(client.cookie) >= 43, "256 random bits"


def test_two_sessions_have_nothing_in_common(world):
    first, second = world.fresh("station_worker.own"), world.fresh("station_worker.own")
    assert len({first.cookie, second.cookie, first.csrf, second.csrf}) == 4


def test_a_wrong_password_and_no_account_are_answered_alike(world):
    client = world.live.client(district.ACCOUNTS["station_worker.neighbour"])
    wrong = refused(client.begin(password="not-the-one-at-all"), 401)
    nobody = refused(client.begin(account="nobody.here", password="not-the-one-at-all"), 401)
    assert wrong.data["code"] == nobody.data["code"]
    assert ({k: v for k, v in wrong.data.items() if k != "request"}
            == {k: v for k, v in nobody.data.items() if k != "request"})
    assert not wrong.headers.get("set-cookie") and not nobody.headers.get("set-cookie")


def test_names_are_typed_in_any_case(world):
    client = world.live.client(district.ACCOUNTS["station_worker.own"])
    assert client.begin(account="Station_Worker.OWN").status == 200


def test_wrong_passwords_lock_the_account_for_a_while(world, fresh):
    account = fresh("station_worker", division=district.TOWN)
    right = world.live.passwords[account.name]
    client = world.live.client(account)
    for _ in range(5):
        refused(client.begin(password="wrong-Password-1"), 401)
        world.clock.forward(7)
    locked, unknown = client.begin(password=right), client.begin(account="nobody.of.this.name", password=right)
    refused(locked, 401)
    assert without_request(locked.data) == without_request(unknown.data), "a locked account is told from none"
    world.clock.forward(61)
    refused(client.begin(password="wrong-Password-1"), 401)
    world.clock.forward(61)
    refused(client.begin(password=right), 401)  # the sixth failure locks for longer
    world.clock.forward(120)
    assert client.begin(password=right).status == 200
    alarm = world.client("security_administrator.own").call("GET", "/api/v1/alarms?limit=100")
    assert [a for a in alarm.data["items"] if a["kind"] == "sign_in" and a["account"] == account.id]


def test_guessing_from_one_address_is_slowed_down(world):
    client = world.live.client()
    seen = []
    for n in range(60):
        seen.append(client.call("POST", SESSION, {"account": f"guess.{n}", "password": "Password-123"}))
        if seen[-1].status == 429:
            break
    assert seen[-1].status == 429 and int(seen[-1].headers["retry-after"]) >= 1, "nothing slows it down"
    world.clock.forward(120)


def test_a_password_that_somebody_else_gave_must_be_changed(world, fresh):
    account = fresh("station_worker", division=district.TOWN)
    client = world.live.client(account)
    answer = client.begin()
    assert answer.status == 200 and answer.data["must_change_password"] is True
    refused(client.call("GET", "/api/v1/children"), 403)
    refused(client.call("GET", "/api/v1/sessions"), 403)
    given = world.live.passwords[account.name]
    own = "/api/v1/session/password"
    for bad in ("short", "aaaaaaaaaaaaaa", account.name + "1"):
        refused(client.call("POST", own, {"current": given, "password": bad}), 422)
    refused(client.call("POST", own, {"current": "not-the-one-at-all", "password": "my-Own-one-77"}), 401)
    world.clock.forward(30)
    assert client.call("POST", own, {"current": given, "password": "my-Own-one-77"}).status == 204
    assert client.call("GET", "/api/v1/children").status == 200
    world.clock.forward(30)
    refused(world.live.client(account).begin(password=given), 401)
    assert world.live.client(account).begin(password="my-Own-one-77").status == 200


def test_changing_the_password_ends_the_other_sessions(world, fresh):
    account = fresh("station_worker", division=district.TOWN)
    first = signed_in(world, account)
    second = signed_in(world, account)
    second.change_password("another-One-8812")
    assert who(second) == 200
    assert who(first) == 401


# Second factor

@pytest.mark.parametrize("role", ["bureau_leader", *clearance_oracle.ADMINISTRATORS])
def test_who_answers_for_others_needs_a_second_factor(world, role):
    account = district.ACCOUNTS[f"{role}.own"]
    world.client(account.name)
    client = world.live.client(account)
    assert client.begin(password="wrong-Password-1").status == 401
    world.clock.forward(10)
    refused(client.begin(), 403)  # the password alone is not enough
    secret = world.live.secrets[account.name]
    world.clock.forward(31)
    code = totp(secret, world.live.now())
    wrong = f"{(int(code) + 1) % 1000000:06d}"
    assert client.begin(code=wrong).status in (401, 403)
    world.clock.forward(31)
    code = totp(secret, world.live.now())
    assert client.begin(code=code).status == 200
    again = world.live.client(account)
    assert again.begin(code=code).status in (401, 403), "a step is taken once"
    world.clock.forward(31)
    old = totp(secret, world.live.now() - 120)
    assert again.begin(code=old).status in (401, 403), "a code of two minutes ago"
    world.clock.forward(61)


def test_without_a_factor_there_is_nothing_but_to_set_one(world, fresh):
    account = fresh("bureau_leader", division=district.COUNTY)
    client = world.live.client(account)
    world.clock.forward(10)
    assert client.begin().status == 200
    client.change_password("leader-Own-3381")
    world.clock.forward(10)
    answer = client.begin()
    assert answer.status == 200 and answer.data["must_enrol_totp"] is True
    refused(client.call("GET", "/api/v1/children"), 403)
    refused(client.call("GET", f"/api/v1/children/{world.children['own']}"), 403)
    refused(client.call("GET", "/api/v1/openings?state=asked"), 403)
    assert who(client) == 200
    client.enrol()
    client.sign_in()
    assert client.call("GET", "/api/v1/children").status == 200


def test_a_lost_factor_is_taken_away_by_the_security_administrator(world, fresh):
    account = fresh("station_worker", division=district.TOWN)
    client = signed_in(world, account)
    client.enrol()
    client.sign_in()
    path = f"/api/v1/accounts/{account.id}/totp"
    refused(world.client("system_administrator.own").call("DELETE", path), 403)
    assert world.client("security_administrator.own").call("DELETE", path).status == 204
    assert who(client) == 401, "its sessions end"
    del world.live.secrets[account.name]
    assert world.live.client(account).begin().status == 200


# Sessions

def test_sessions_are_listed_and_revoked(world, fresh):
    account = fresh("child_director", division=district.OWN)
    phone, desk = signed_in(world, account), signed_in(world, account)
    listed = desk.call("GET", "/api/v1/sessions").data["items"]
    assert len(listed) >= 2 and len([s for s in listed if s["current"]]) == 1
    theirs = phone.me["session"]["id"]
    assert theirs in [s["id"] for s in listed]
    stranger = world.client("station_worker.own")
    refused(stranger.call("DELETE", f"/api/v1/sessions/{theirs}"), 404)
    assert who(phone) == 200
    assert desk.call("DELETE", f"/api/v1/sessions/{theirs}").status == 204
    assert who(phone) == 401
    refused(phone.call("POST", "/api/v1/children/search", {"q": "x"}), 401)
    assert who(desk) == 200
    assert theirs not in [s["id"] for s in desk.call("GET", "/api/v1/sessions").data["items"]]


def test_signing_out_ends_the_session(world):
    client = world.fresh("station_worker.own")
    assert client.call("DELETE", SESSION).status == 204
    assert who(client) == 401


def test_the_security_administrator_ends_sessions(world, fresh):
    account = fresh("helper")
    client = signed_in(world, account)
    path = f"/api/v1/accounts/{account.id}/sessions"
    security = world.client("security_administrator.own")
    assert client.me["session"]["id"] in [s["id"] for s in security.call("GET", path).data["items"]]
    assert security.call("DELETE", path).status == 204
    assert who(client) == 401


def test_a_session_that_nobody_uses_ends(world):
    idle, busy = world.fresh("station_worker.own"), world.fresh("station_worker.own")
    leader = world.fresh("bureau_leader.own")
    world.clock.forward(29 * 60)
    assert who(leader) == 200
    world.clock.forward(31 * 60)
    assert who(leader) == 401, "half an hour for a bureau leader"
    assert who(busy) == 200
    world.clock.forward(11 * 3600 + 30 * 60)
    assert who(idle) == 401, "twelve hours for the others"
    assert who(busy) == 200
    world.clients.clear()


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "A" * 4000, "%00", "..", "'--", "A" * 42])
def test_invented_cookies_are_nobody(world, cookie):
    client = world.live.client()
    client.cookie = cookie
    assert who(client) in (401, 431)


def test_two_cookies_are_not_one(world):
    """A second cookie of the same name, which a neighbouring page may have set, gets nobody in."""
    client = world.client("station_worker.own")
    answer = client.call("GET", SESSION, cookie=False, headers={
        "Cookie": f"__Host-humiao=evil; __Host-humiao={client.cookie}"})
    assert answer.status in (200, 400, 401)
    answer = client.call("GET", SESSION, cookie=False, headers={"Cookie": f"x__Host-humiao={client.cookie}"})
    assert answer.status == 401


def test_a_role_that_changes_ends_the_sessions(world, fresh):
    account = fresh("station_worker", division=district.TOWN)
    client = signed_in(world, account)
    security = world.client("security_administrator.own")
    answer = security.call("PUT", f"/api/v1/accounts/{account.id}/post",
                           {"role": "helper", "team": "team-a"})
    assert answer.status == 200, answer
    assert who(client) == 401
    again = world.live.client(account)
    world.clock.forward(10)
    assert again.begin().status == 200 and again.me["account"]["role"] == "helper"
    refused(again.call("POST", "/api/v1/children/search", {"q": "x"}), 403)


def test_a_disabled_account_is_out_at_once(world, fresh):
    account = fresh("station_worker", division=district.TOWN)
    client = signed_in(world, account)
    system = world.client("system_administrator.own")
    assert system.call("POST", f"/api/v1/accounts/{account.id}/disable").status == 204
    assert who(client) == 401
    world.clock.forward(10)
    refused(world.live.client(account).begin(), 401)
    assert system.call("POST", f"/api/v1/accounts/{account.id}/enable").status == 204
    assert who(client) == 401, "enabled again is not signed in again"
    world.clock.forward(10)
    assert world.live.client(account).begin().status == 200


# CSRF

def writes_that_count(world):
    return [("POST", f"/api/v1/children/{world.children['own']}/openings",
             {"purpose": "casework", "classes": ["name"], "reason": "because"}),
            ("POST", "/api/v1/children/search", {"q": "x"}),
            ("DELETE", SESSION, None)]


def test_writes_need_the_token_of_this_very_session(world):
    client, other = world.fresh("station_worker.own"), world.fresh("station_worker.own")
    for method, path, body in writes_that_count(world):
        for token in (None, "", "x", client.csrf[:-1], client.csrf + "x", other.csrf,
                      world.client("supervisor.own").csrf):
            answer = client.call(method, path, body, csrf=False, headers={"X-CSRF-Token": token})
            refused(answer, 403)
    assert who(client) == 200, "none of them was done"


def test_writes_from_other_sites_are_refused(world):
    client = world.fresh("station_worker.own")
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"},
                    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
                    {"Origin": f"http://127.0.0.1:{world.live.port}.evil.example"}):
        for method, path, body in writes_that_count(world):
            refused(client.call(method, path, body, headers=headers), 403)
    answer = client.call("POST", "/api/v1/children/search", {"q": "x"},
                         headers={"Origin": f"http://127.0.0.1:{world.live.port}"})
    assert answer.status == 200, answer
    login = world.live.client(client.account).call(
        "POST", SESSION, {"account": client.account.name, "password": district.PASSWORD},
        headers={"Origin": "https://evil.example"})
    refused(login, 403)


def test_forms_of_other_sites_cannot_write(world):
    client = world.fresh("station_worker.own")
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", ""):
        answer = client.call("POST", "/api/v1/children/search", b'{"q": "x"}',
                             headers={"Content-Type": kind})
        assert answer.status in (403, 415), f"{kind}: {answer}"


# Administrators

def test_administrators_share_nothing(world):
    """What one of the three may do, neither of the others may; and none reads a child."""
    for operation in world.description.operations:
        inside = [k for k in clearance_oracle.ADMINISTRATORS if operation.open_to(world.clearance, k)]
        everybody = all(operation.open_to(world.clearance, r) for r in clearance_oracle.ROLES)
        assert everybody or len(inside) <= 1 or len(operation.permissions) > 1, operation
        if operation.path.startswith(("/api/v1/children", "/api/v1/openings", "/api/v1/assignments")):
            assert not inside, operation


def test_no_administrator_raises_themselves(world):
    """The system administrator gives no role, the security administrator makes no account or password."""
    system, security, audit = (world.client(f"{k}_administrator.own") for k in
                               ("system", "security", "audit"))
    own = world.account_ids["system_administrator.own"]
    for client in (system, audit):
        refused(client.call("PUT", f"/api/v1/accounts/{own}/post", {"role": "supervisor"}), 403)
    for client in (security, audit):
        refused(client.call("POST", "/api/v1/accounts", {"account": "z", "display": "z"}), 403)
        refused(client.call("POST", f"/api/v1/accounts/{own}/password"), 403)
    for client in (system, security):
        refused(client.call("GET", "/api/v1/audit"), 403)
        refused(client.call("POST", "/api/v1/audit/verification"), 403)


def test_an_account_without_a_role_can_do_nothing(world):
    system = world.client("system_administrator.own")
    name = f"none.{uuid.uuid4().hex[:8]}"
    answer = system.call("POST", "/api/v1/accounts", {"account": name, "display": "无"})
    account = district.Account(name, None)
    given = system.call("POST", f"/api/v1/accounts/{answer.data['id']}/password")
    client = world.live.client(account)
    world.clock.forward(10)
    answer = client.begin(password=given.data["password"])
    if answer.status == 200:
        for path in ("/api/v1/children", f"/api/v1/children/{world.children['own']}", "/api/v1/accounts",
                     "/api/v1/audit", "/api/v1/alarms", "/api/v1/system"):
            refused(client.call("GET", path), 403)


def test_the_password_of_others_is_seen_by_nobody(world):
    """What the lists of accounts give holds neither a password, nor a hash of one, nor a factor."""
    answer = world.client("system_administrator.own").call("GET", "/api/v1/accounts?limit=100")
    assert answer.status == 200
    for text in (b"$argon2", b"secret", b"totp_secret", b"hash"):
        assert text not in answer.body


# Writes that are repeated

def new_account_body():
    return {"account": f"twice.{uuid.uuid4().hex[:10]}", "display": "周两遍"}


def count_of(world, name):
    return len([a for a in accounts(world) if a["account"] == name])


def accounts(world):
    items, after = [], ""
    while True:
        page = world.client("system_administrator.own").call("GET", f"/api/v1/accounts?limit=100{after}")
        items += page.data["items"]
        if not page.data["next"]:
            return items
        after = f"&after={page.data['next']}"


def test_a_write_with_a_key_is_done_once_and_answered_alike(world):
    system, key, body = world.client("system_administrator.own"), uuid.uuid4().hex, new_account_body()
    first = system.call("POST", "/api/v1/accounts", body, key=key)
    second = system.call("POST", "/api/v1/accounts", body, key=key)
    assert first.status == second.status == 201
    assert first.body == second.body
    assert count_of(world, body["account"]) == 1
    other = system.call("POST", "/api/v1/accounts", new_account_body(), key=key)
    refused(other, 409)
    again = system.call("POST", "/api/v1/accounts", body, key=uuid.uuid4().hex)
    refused(again, 409)  # a new key is a new wish: the name is taken


def test_a_key_belongs_to_its_account(world):
    """Two people whose phones chose the same key each get their own answer."""
    key = uuid.uuid4().hex
    answers = [world.ask(name, purpose="casework", classes=["hukou"], key=key)
               for name in ("station_worker.own", "supervisor.own")]
    assert [a.status for a in answers] == [201, 201]
    assert answers[0].data["id"] != answers[1].data["id"]


def test_a_refusal_is_not_kept_under_its_key(world):
    system, key, body = world.client("system_administrator.own"), uuid.uuid4().hex, new_account_body()
    refused(system.call("POST", "/api/v1/accounts", {**body, "account": "bad name!"}, key=key), 422)
    answer = system.call("POST", "/api/v1/accounts", body, key=key)
    assert answer.status == 201, answer


def test_twenty_at_once_with_one_key_do_it_once(world):
    system, key, body = world.client("system_administrator.own"), uuid.uuid4().hex, new_account_body()
    world.clock.forward(30)

    def one(_):
        client = world.live.client(system.account)
        client.cookie, client.csrf = system.cookie, system.csrf
        return client.call("POST", "/api/v1/accounts", body, key=key)

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(one, range(20)))
    assert {a.status for a in answers} == {201}, [a for a in answers if a.status != 201][:2]
    assert len({a.body for a in answers}) == 1
    assert count_of(world, body["account"]) == 1
    made = [r for r in world.trail() if r["event"] == "account.created"
            and r["object"] == answers[0].data["id"]]
    assert len(made) == 1


def test_twenty_at_once_without_a_key_make_one_and_nineteen_conflicts(world):
    system, body = world.client("system_administrator.own"), new_account_body()
    world.clock.forward(30)

    def one(_):
        client = world.live.client(system.account)
        client.cookie, client.csrf = system.cookie, system.csrf
        return client.call("POST", "/api/v1/accounts", body).status

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        statuses = sorted(pool.map(one, range(20)))
    assert statuses == [201] + [409] * 19


def test_the_time_tells_nothing(world):
    """An account that does not exist takes as long to refuse as one that does."""
    client = world.live.client()
    took = {"station_worker.second": [], "station_worker.neighbour": []}
    for _ in range(4):
        for name, times in took.items():
            world.clock.forward(120)
            began = time.monotonic()
            answer = client.call("POST", SESSION, {"account": name, "password": "wrong-Password-1"})
            times.append(time.monotonic() - began)
            assert answer.status in (401, 429), answer
    nobody, somebody = (min(t) for t in took.values())
    assert 0.4 < nobody / somebody < 2.5, took
    world.clock.forward(4000)

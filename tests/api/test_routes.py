"""The routes: those of the description and no others, each with valid input, and lists in pages."""

import pytest

import description
import district
from world import RAW


GUESSES = ["/index.html", "/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/children", "/api/v1/child",
           "/api/v1/children/", "/api/v1/children/1/", "/api/v1/children/1/name", "/api/v1/people",
           "/api/v1/persons/1", "/api/v1/children/1/records", "/api/v1/children/1/notes",
           "/api/v1/children/1/narrative", "/api/v1/facts", "/api/v1/kin",
           "/api/v1/users", "/api/v1/account", "/api/v1/roles", "/api/v1/keys", "/api/v1/config",
           "/api/v1/debug", "/api/v1/admin", "/api/v1/sql", "/api/v1/backup", "/api/v1/export",
           "/api/v1/reports", "/api/v1/openapi", "/api/v1/openapi.yaml", "/openapi.json", "/docs",
           "/swagger", "/debug/pprof", "/.env", "/.git/HEAD", "/server-status", "/healthz/", "/health",
           "/metrics/", "/readyz/x", "/api/v1/session/1", "/api/v1/sessions/1/x", "/api/v1//children",
           "//api/v1/children", "/api/v1/../v1/children", "/api/v1/./children", "/API/v1/children",
           "/api/v1/Children", "/api/v1/children%2f1", "/api/v1/%63hildren", "/api/v1/children;x=1",
           "/api/v1/children/search/x", "/favicon.ico", "/robots.txt", "/api/v1/clearance.table"]


@pytest.mark.parametrize("path", GUESSES)
def test_nothing_outside_the_description(world, path):
    for name in ("centre_worker.own", "system_administrator.own"):
        for method in ("GET", "POST", "PUT", "DELETE"):
            answer = world.client(name).call(method, path, None if method == "GET" else {})
            assert answer.status in (400, 404, 405, 429), f"{method} {path}: {answer}"
            if answer.status == 429:
                world.clock.forward(60)
            else:
                assert answer.type == "application/problem+json", f"{method} {path}: {answer}"


def test_methods_outside_the_description(world):
    """A path of the description with another method: 405, and Allow says which there are."""
    described = {}
    for operation in world.description.operations:
        described.setdefault(operation.path, set()).add(operation.method)
    client = world.client("centre_worker.own")
    for path, methods in described.items():
        at = path.replace("{id}", "1").replace("{code}", district.TOWN).replace("{number}", "0").replace(
            "{name}", district.FEED)
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"):
            if method in methods:
                continue
            answer = client.call(method, at, {} if method != "GET" else None)
            if answer.status == 404 and path != at:
                continue  # the same path fits another template
            assert answer.status == 405, f"{method} {at}: {answer}"
            allowed = answer.headers.get("allow")
            if method in ("GET", "POST", "PUT", "DELETE"):
                assert methods <= {m.strip() for m in allowed.split(",")}, f"{method} {at}: {allowed}"
            world.clock.forward(1)


def test_options_says_what_there_is(world):
    """OPTIONS, which browsers of other sites send first, tells the methods and allows nobody in."""
    for operation in world.description.operations:
        answer = world.live.client().call("OPTIONS", operation.at(code=district.TOWN))
        assert answer.status in (204, 404), f"{operation}: {answer}"
        if answer.status == 204:
            assert operation.method in answer.headers["allow"]
        assert not [h for h in answer.headers if h.lower().startswith("access-control-")]


def test_head_is_get_without_its_body(world):
    client = world.client("supervisor.own")
    for path in ("/healthz", "/api/v1/openapi.json", "/api/v1/session", "/api/v1/children"):
        head, get = client.call("HEAD", path), client.call("GET", path)
        assert (head.status, head.body, head.type) == (get.status, b"", get.type), path


def test_the_description_that_is_served_is_the_source(world):
    source = {(o.method, o.path): o for o in description.from_source().operations}
    served = {(o.method, o.path): o for o in world.description.operations}
    assert source.keys() == served.keys()
    for key, operation in served.items():
        assert operation.said["operationId"] == source[key].said["operationId"]
        assert operation.permissions == source[key].permissions
        for parameter in source[key].parameters:
            assert parameter in operation.parameters, key


def test_every_permission_has_a_home(world):
    """Permissions of the routes are in the table, and those of the table on a route."""
    used = {p for o in world.description.operations for p in o.permissions} - {"public", "signed_in", "token"}
    table = set(world.clearance.permissions)
    assert used <= table, f"nobody can have {used - table}"
    assert table - used <= {"account:own"}, f"on no route: {table - used}"


def test_every_field_of_a_person_has_a_class(world):
    """In the schemas that the answers are made of, nothing about a person lacks its class."""
    free = {"masked", "next", "items"}
    lacking = []
    for name, schema in world.description.document["components"]["schemas"].items():
        properties = schema.get("properties", {})
        if not any("x-class" in world.description.resolved(p) for p in properties.values()):
            continue
        lacking += [f"{name}.{n}" for n, p in properties.items()
                    if "x-class" not in world.description.resolved(p) and n not in free]
    assert not lacking, lacking


def never_answered(world):
    """GET routes of which nobody has got an answer of success so far."""
    answered = {(e.method, e.path.split("?")[0]) for e in world.live.journal if e.answer.status < 300}
    return [str(o) for o in world.description.operations if not o.writes()
            and not any(m == o.method and matches(o.path, p) for m, p in answered)
            and o.name not in ("account_read", "account_sessions", "opening_read")]


def test_valid_input_reaches_every_route(world):
    """No route is missing: with valid input, somebody who may gets an answer."""
    if never_answered(world):
        world.walk()
    assert not never_answered(world)


def matches(template, path):
    ours, theirs = template.split("/"), path.split("/")
    return len(ours) == len(theirs) and all(o.startswith("{") or o == t for o, t in zip(ours, theirs))


# Writes that are allowed

def test_every_write_with_valid_input(world):
    """Each write route once, by somebody who may, with valid input: 2xx, and an answer as described."""
    system, security = (world.client(f"{k}_administrator.own") for k in ("system", "security"))
    made = {}

    def answered(name, client, body=None, /, headers=None, **at):
        operation = world.description.by_name[name]
        answer = client.call(operation.method, operation.at(**at), body, headers=headers)
        world.clock.forward(2)
        assert 200 <= answer.status < 300, f"{operation}: {answer}"
        schema = operation.answer_schema(answer.status, answer.type)
        assert schema is not None, f"{operation}: {answer.status} {answer.type} is not described"
        if answer.body and answer.type != "application/json":
            made[name] = answer.body
            return answer.body
        if answer.body:
            assert not world.description.faults(schema, answer.data), operation
        made[name] = answer.data
        return answer.data

    name = f"victim.{world.engine}.{len(world.live.journal)}"
    victim = answered("account_create", system, {"account": name, "display": "郑试", "phone": None})["id"]
    answered("account_post", security, {"role": "station_worker", "division": district.TOWN}, id=victim)
    world.live.passwords[name] = answered("account_password", system, id=victim)["password"]
    client = world.live.client(district.Account(name, "station_worker", district.TOWN))
    given = world.live.passwords[name]
    client.me = answered("session_begin", client, {"account": name, "password": given})
    client.take(world.live.journal[-1].answer)
    answered("session_password", client, {"current": given, "password": "victims-Own-551"})
    world.live.passwords[name] = "victims-Own-551"
    secret = answered("session_totp_begin", client, {"password": "victims-Own-551"})["secret"]
    world.live.secrets[name] = secret
    answered("session_totp_confirm", client, {"code": client.code()})
    other = world.live.client(client.account).sign_in()
    answered("session_revoke", client, id=other.me["session"]["id"])
    answered("child_search", client, {"q": district.OWN_CHILD.name, "limit": 5})
    child = world.children["neighbour"]
    asked = answered("opening_ask", client, {"purpose": "casework", "classes": ["name"], "reason": "why"},
                     id=child)["id"]
    world.opened(name, "neighbour", ["name"])
    answered("opening_decide", world.client("supervisor.own"), {"grant": True}, id=asked)
    answered("opening_end", client, id=asked)
    broken = answered("opening_ask", client, {"purpose": "emergency", "classes": ["address"], "reason": "why"},
                      id=child)["id"]
    world.opened(name, "neighbour", ["address"])
    answered("opening_end", client, id=broken)
    answered("opening_review", world.client("supervisor.own"), {"justified": True}, id=broken)
    given = answered("assignment_give", world.client("supervisor.own"),
                     {"account": victim, "task": "case", "days": 2}, id=child)["id"]
    answered("assignment_end", world.client("supervisor.own"), id=given)
    alarms = security.call("GET", "/api/v1/alarms?unseen=true").data["items"]
    answered("alarm_see", security, id=alarms[0]["id"])
    loop(world, answered)
    intake(world, answered)
    answered("session_end", client)
    answered("account_sessions_revoke", security, id=victim)
    answered("account_totp_clear", security, id=victim)
    answered("account_disable", system, id=victim)
    answered("account_enable", system, id=victim)
    answered("audit_verify", world.client("audit_administrator.own"))
    assert made["audit_verify"]["whole"] is True, made["audit_verify"]
    left = {o.name for o in world.description.operations if o.writes()} - made.keys()
    assert not left, f"not tried: {left}"


def loop(world, answered):
    """What is done for a child: a record, an alert, a visit; and who is on duty for it. Of the neighbour's child, in
    whose village nobody else here has anything to do: its director is tied to it from here on, which is why the suites
    that look at every relation come before this one."""
    child, director = district.NEIGHBOUR_CHILD, world.client("child_director.neighbour")
    supervisor, liaison = world.client("supervisor.own"), world.client("department_liaison.own")
    answered("record_push", liaison, {"records": [
        {"record_key": f"CANARY-KEY-routes-{world.engine}", "kind": "other_custody", "id_no": child.father.id_no,
         "name": child.father.name, "from": "2026-06-01", "to": "2026-06-03", "value": "P2D"}]})
    alert = answered("alert_step", director, {"event": "accept"}, id=world.alerts["neighbour"])
    visit = answered("visit_plan", director, {"day": "2026-07-09"}, id=world.children["neighbour"])["id"]
    assert alert["state"] == "accepted"
    answered("visit_fill", director, {"fields": [{"field": "wish", "base": 0, "value": "a book"}]}, id=visit)
    answered("visit_step", director, {"event": "start"}, id=visit)
    notices = director.call("GET", "/api/v1/notices").data["items"]
    answered("notice_seen", director, {"up_to": notices[0]["id"]})
    answered("alert_raise", supervisor, {"level": "low", "reason": "a call"}, id=world.children["neighbour"])
    wave = answered("wave_order", supervisor, {"division": district.TOWN, "per_week": 2})["id"]
    answered("wave_step", supervisor, {"event": "end"}, id=wave)
    account = world.account_ids["child_director.neighbour"]
    post = answered("duty_give", supervisor, {"division": district.NEIGHBOUR, "role": "child_director", "account": account,
                                              "rank": 1})
    answered("duty_end", supervisor, id=post["people"][0]["id"])
    leave = answered("absence_add", supervisor, {"account": account, "from": "2026-12-01", "to": "2026-12-02"})
    answered("absence_cancel", supervisor, id=leave["id"])
    answered("training_add", supervisor, {"account": account, "day": "2026-06-01", "course": "first aid"})


def intake(world, answered):
    """What departments send: a file by its piece, a mapping for it, rows that are mended or sent back, rows by token."""
    liaison, officer = world.client("department_liaison.own"), world.client("data_officer.own")
    security = world.client("security_administrator.own")
    mark = f"{world.engine}-{len(world.live.journal)}"
    rows = [{**r, "入监编号": f"CANARY-CELL-{mark}-{n}"} for n, r in enumerate(
        district.prison_rows(*[{"入监日期": "昨天"}] * 4))]
    content = district.csv_bytes(rows)
    begun = answered("delivery_begin", liaison, {"feed": district.FEED, "file_name": "CANARY-FILE.csv",
                                                 "size": len(content)})["id"]
    answered("delivery_piece", liaison, content, headers=RAW, id=begun, number=0)
    assert answered("delivery_close", liaison, {}, id=begun)["id"] == begun
    assert world.taken_in(begun)["quarantined"] == 4
    refused = [i["id"] for i in liaison.call("GET", f"/api/v1/quarantine?delivery={begun}").data["items"]]
    edit = {"column": "入监日期", "value": "2026-06-20"}
    assert answered("quarantine_set_aside", liaison, {"reason": "twice"}, id=refused.pop()) is None
    assert answered("quarantine_mend", liaison, {"edits": [edit]}, id=refused.pop())["refused"] == 0
    assert answered("quarantine_retry", liaison, {"delivery": begun})["refused"] == 2
    assert answered("quarantine_return", liaison, {"delivery": begun})[:2] == b"PK"
    answered("quarantine_mend_alike", liaison, edit, id=refused.pop())
    mapping = officer.call("GET", f"/api/v1/feeds/{district.FEED}").data["mapping"]
    unknown = mapping.replace(f"feed: {district.FEED}", f"feed: made-{mark}")
    file = world.hand_in("data_officer.own", content + b"\r\n", "CANARY-FILE.csv")
    answered("delivery_preview", officer, {"yaml": unknown}, id=file)
    answered("feed_map", officer, {"yaml": unknown, "delivery": file}, name=f"made-{mark}")
    held = world.hand_in("department_liaison.own", content.replace("入监日期".encode(), "日期".encode()),
                         "CANARY-FILE.csv", district.FEED)
    assert world.taken_in(held)["held"] == ["columns_missing"]
    answered("delivery_give_up", liaison, id=answered("delivery_begin", liaison, {
        "feed": district.FEED, "file_name": "CANARY-FILE.csv", "size": 10})["id"])
    answered("delivery_decide", officer, {"reject": True, "reason": "twice"}, id=held)
    covered = answered("feed_cover", officer, {"division": district.TOWN, "from": "2026-01-01"}, name=district.FEED)
    answered("feed_uncover", officer, id=covered["id"])
    token = answered("feed_token_make", security, name=district.FEED)
    answered("feed_push", world.live.client(), {"rows": rows},
             headers={"Authorization": f"Bearer {token['token']}"}, name=district.FEED)
    answered("feed_token_end", security, id=token["id"])


# Pages

def pages(client, path, limit):
    items, after = [], ""
    while True:
        answer = client.call("GET", f"{path}{'&' if '?' in path else '?'}limit={limit}{after}")
        assert answer.status == 200, answer
        assert len(answer.data["items"]) <= limit
        items += answer.data["items"]
        if answer.data["next"] is None:
            return items
        after = f"&after={answer.data['next']}"
        assert len(items) < 2000, "it never ends"


@pytest.mark.parametrize("name, path", [
    ("centre_worker.own", "/api/v1/children"), ("bureau_leader.own", "/api/v1/children"),
    ("supervisor.own", f"/api/v1/children?division={district.TOWN}"), ("helper.own", "/api/v1/children"),
    ("system_administrator.own", "/api/v1/accounts"), ("security_administrator.own", "/api/v1/accounts"),
    ("security_administrator.own", "/api/v1/alarms"), ("supervisor.own", "/api/v1/openings?state=own"),
    ("supervisor.own", "/api/v1/openings?state=to_review")])
def test_pages_hold_everything_once(world, name, path):
    whole = [i["id"] for i in pages(world.client(name), path, 100)]
    assert len(set(whole)) == len(whole)
    for limit in (1, 2, 7):
        assert [i["id"] for i in pages(world.client(name), path, limit)] == whole, limit
        world.clock.forward(5)

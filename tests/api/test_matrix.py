"""Every route, every role, every scope, every field: as the clearance table says, and not otherwise.

What is expected comes from the table read by clearance_oracle.py, from the relation that district.py
knows, and from the data that was loaded; the routes and the class of each field from the description.
"""

import json

import pytest

import clearance_oracle
import description
import district
from clearance_oracle import looks_masked, masked
from description import MISSING

EASIEST = ["tap", "approval", "glass"]
ACCOUNTS = list(district.ACCOUNTS)
# Reads about one child, and lists of children.
OF_A_CHILD = ["child_read", "child_kin", "child_facts", "child_categories", "assignment_list",
              "child_trace"]
FACT_CLASSES = ["fact", "fact_health", "fact_hiv", "fact_justice", "fact_harm"]


def easiest_way(clearance, data_class, role, relation):
    """How a class that the routine does not show could be opened; None: not at all."""
    ways = {way for purpose, c, way, _ in clearance.openable(role, relation) if c == data_class}
    return next((w for w in EASIEST if w in ways), None)


def true_values(world, operation, name, child):
    """Values that a field may have; None: anything."""
    kin = (child.father, child.mother)
    known = {
        "child": {"id": [world.children[child.label]], "reference": [child.ref], "name": [child.name],
                  "id_number": [child.id_no], "sex": [child.sex], "birth_date": [child.birth_date],
                  "division": [child.village], "hukou": [child.hukou], "address": [child.address],
                  "phone": [child.phone]},
        "child_kin": {"name": [p.name for p in kin], "phone": [p.phone for p in kin],
                      "kin": ["father", "mother"], "from": [child.birth_date, None], "to": [None]},
        "child_categories": {n: [row[i] or None for row in world.verdicts[child.ref]]
                             for i, n in enumerate(("category", "status", "since", "until"))},
        "assignment_list": {"task": ["visit", "aid", "case"],
                            "account": [district.ACCOUNTS[n].display for n, _ in district.ASSIGNMENTS]},
    }
    group = "child" if operation in ("child_read", "child_list", "child_search") else operation
    return known.get(group, {}).get(name)


class Judge:
    """Compares one answer with the table, and keeps what is wrong."""

    def __init__(self, world, account):
        self.world, self.account, self.faults = world, account, []
        self.judged = 0

    def wrong(self, operation, where, what):
        self.faults.append(f"{self.account.name}: {operation} {where}: {what}")

    def close(self):
        if self.faults:
            pytest.fail(f"{len(self.faults)} faults\n" + "\n".join(self.faults[:40]), pytrace=False)

    def child_of(self, operation, item, child):
        if operation in ("child_list", "child_search"):
            return self.world.child_of(item.get("id"))
        if "child" in item:
            return self.world.child_of(item["child"]) or child
        return child

    def answer(self, operation, answer, child=None):
        schema = operation.answer_schema(answer.status, answer.type)
        if schema is None:
            self.wrong(operation.name, answer.status, f"{answer.type} is not described")
            return
        for item in answer.data.get("items", []) if answer.type == "application/json" else []:
            if not any(v is not None for k, v in item.items() if k not in ("masked", "relation")):
                self.wrong(operation.name, item, "says nothing but that there is something")
        if answer.type != "application/json" or operation.name == "system_openapi":
            return
        for fault in self.world.description.faults(schema, answer.data):
            self.wrong(operation.name, "schema", fault)
        objects = {}
        for where, item, name, data_class, value in self.world.description.classed(schema, answer.data):
            self.field(operation.name, where, item, name, data_class, value,
                       self.child_of(operation.name, item, child))
            objects.setdefault(where, (item, {}))[1][name] = data_class
        for where, (item, classes) in objects.items():
            self.ways(operation.name, where, item, classes, self.child_of(operation.name, item, child))

    def relation(self, child):
        return district.relation(self.account, child) if child else "none"

    def field(self, operation, where, item, name, data_class, value, child):
        """One field: absent, masked or shown, and nothing but that."""
        self.judged += 1
        where = f"{where}.{name}" + (f" of {child.label}" if child else "")
        sight = ("shown" if data_class == "public" else
                 self.world.clearance.seen(data_class, self.account.role, self.relation(child)))
        if data_class == "fact":
            return  # the class of a fact is that of its kind: see facts()
        if sight == "absent":
            if value is not MISSING:
                self.wrong(operation, where, f"{data_class} is absent by the table, here {value!r}")
            return
        if value is MISSING:
            self.wrong(operation, where, f"{data_class} is {sight} by the table, here absent")
            return
        if name == "relation" and child:
            if value != self.relation(child):
                self.wrong(operation, where, f"{value!r} instead of {self.relation(child)!r}")
            return
        true = true_values(self.world, operation, name, child) if child else None
        if sight == "shown":
            if true is not None and value not in true:
                self.wrong(operation, where, f"{value!r} is not the value")
            return
        if not looks_masked(data_class, value):
            self.wrong(operation, where, f"{value!r} is no masked {data_class}")
        elif true is not None and value not in [
                masked(data_class, v, child.town(), district.TODAY) for v in true]:
            self.wrong(operation, where, f"{value!r} is not what remains of the value")

    def ways(self, operation, where, item, classes, child):
        """`masked` names what is not wholly seen, each with the easiest way to it."""
        clearance, role, relation = self.world.clearance, self.account.role, self.relation(child)
        if "masked" not in item and not any(
                clearance.seen(c, role, relation) == "masked" for c in classes.values()):
            return
        told = item.get("masked", {})
        for name, data_class in classes.items():
            if data_class in ("public", "fact"):
                continue
            sight = clearance.seen(data_class, role, relation)
            way = easiest_way(clearance, data_class, role, relation)
            if sight == "shown" and name in told:
                self.wrong(operation, f"{where}.{name}", "is shown, and named as masked")
            if sight == "masked" and name not in told:
                self.wrong(operation, f"{where}.{name}", "is masked, and not named so")
            if sight != "shown" and way and told.get(name) != way:
                self.wrong(operation, f"{where}.{name}", f"opens by {way}, told {told.get(name)}")
            if sight != "shown" and not way and told.get(name, "none") != "none":
                self.wrong(operation, f"{where}.{name}", f"cannot be opened, told {told.get(name)}")

    def facts(self, answer, child):
        """Facts of a class that is absent are not in the list; `masked` says how to see them."""
        clearance, role, relation = self.world.clearance, self.account.role, self.relation(child)
        about = {"father": child.father, "mother": child.mother, "self": child}
        shown = {c for c in FACT_CLASSES if clearance.seen(c, role, relation) == "shown"}
        expected = sorted((f["row"]["kind"], f["row"]["value"]) for f in child.records
                          if f["class"] in shown)
        got = sorted((i.get("kind"), i.get("value") or "") for i in answer.data["items"])
        if got != expected:
            self.wrong("child_facts", child.label, f"{got} instead of {expected}")
        for item in answer.data["items"]:
            if item.get("about") not in about:
                self.wrong("child_facts", child.label, f"about {item.get('about')!r}")
        ways = {c: w for c in FACT_CLASSES if c not in shown
                and (w := easiest_way(clearance, c, role, relation))}
        if answer.data["masked"] != ways:
            self.wrong("child_facts", child.label, f"masked: {answer.data['masked']} instead of {ways}")


def anything_seen(world, account, child):
    relation = district.relation(account, child)
    return any(world.clearance.seen(c, account.role, relation) != "absent"
               for c in world.clearance.classes if c not in clearance_oracle.NOT_OF_A_CHILD)


def without_request(answer):
    return {k: v for k, v in answer.data.items() if k != "request"}


@pytest.mark.parametrize("name", ACCOUNTS)
def test_fields_of_a_child(world, name):
    """Each account reads every child's file, kin, facts, categories, tasks and trace."""
    account, client = district.ACCOUNTS[name], world.client(name)
    judge = Judge(world, account)
    nobody = client.call("GET", "/api/v1/children/999999999999")
    for operation_name in OF_A_CHILD:
        operation = world.description.by_name[operation_name]
        for child in district.CHILDREN:
            answer = client.call("GET", operation.at(id=world.children[child.label]))
            if not operation.open_to(world.clearance, account.role):
                if answer.status != 403:
                    judge.wrong(operation_name, child.label, f"{answer.status}, and has no permission")
            elif district.relation(account, child) == "none":
                if answer.status != 404:
                    judge.wrong(operation_name, child.label, f"{answer.status}, and is out of scope")
                elif without_request(answer) != without_request(nobody):
                    judge.wrong(operation_name, child.label, "is not answered like one who is not there")
            elif answer.status == 200:
                judge.answer(operation, answer, child)
                if operation_name == "child_facts":
                    judge.facts(answer, child)
            elif answer.status != 404 or anything_seen(world, account, child):
                judge.wrong(operation_name, child.label, f"{answer}")
    judge.close()


@pytest.mark.parametrize("name", ACCOUNTS)
def test_lists_of_children(world, name):
    """The list and the search hold those in scope, each field as the table says."""
    account, client = district.ACCOUNTS[name], world.client(name)
    judge = Judge(world, account)
    listing, search = (world.description.by_name[n] for n in ("child_list", "child_search"))
    queries = [("", lambda c: True)] + [
        (f"&division={code}", lambda c, code=code: c.village.startswith(code.rstrip("0")))
        for code in (district.OWN, district.TOWN, district.COUNTY, district.OTHER_COUNTY)]
    for query, inside in queries:
        answer = client.call("GET", f"/api/v1/children?limit=100{query}")
        if not listing.open_to(world.clearance, account.role):
            assert answer.status == 403, answer
            continue
        within = [c for c in district.CHILDREN if inside(c)]
        must = {world.children[c.label] for c in within if anything_seen(world, account, c)}
        may = {world.children[c.label] for c in within if district.relation(account, c) != "none"}
        if answer.status != 200:
            # A division that is not in the caller's may be refused.
            if answer.status not in (403, 404) or not query or query.endswith(account.division):
                judge.wrong("child_list", query, answer)
            continue
        judge.answer(listing, answer)
        got = [i.get("id") for i in answer.data["items"]]
        if not must <= set(got) <= may or len(got) != len(set(got)):
            judge.wrong("child_list", query, f"{got}; expected {must} to {may}")
    for child in district.CHILDREN:
        answer = client.call("POST", "/api/v1/children/search", {"q": child.name})
        if not search.open_to(world.clearance, account.role):
            assert answer.status == 403, answer
            continue
        assert answer.status == 200, answer
        judge.answer(search, answer)
        got = {i["id"] for i in answer.data["items"]}
        if (world.children[child.label] in got) != (district.relation(account, child) != "none"):
            judge.wrong("child_search", child.label, f"found {got}")
        if got - {world.children[c.label] for c in district.CHILDREN
                  if district.relation(account, c) != "none"}:
            judge.wrong("child_search", child.label, "finds children out of scope")
    judge.close()


@pytest.mark.parametrize("name", ACCOUNTS)
def test_other_reads(world, name):
    """All other GET routes, with what they need to be answered at all."""
    account, client = district.ACCOUNTS[name], world.client(name)
    judge = Judge(world, account)
    mine = world.account_ids[name]
    for operation in world.description.operations:
        if operation.writes() or operation.name in OF_A_CHILD + ["child_list"]:
            continue
        known = {"id": mine, "code": district.TOWN, "account": mine, "child": world.children["own"],
                 "class": "name", "state": "own"}
        query = "&".join(f"{k}={v}" for k, v in operation.query(**known).items())
        answer = client.call("GET", operation.at(**known) + ("?" + query if query else ""))
        if not operation.open_to(world.clearance, account.role):
            if answer.status != 403:
                judge.wrong(operation.name, "", f"{answer.status}, and has no permission")
        elif answer.status == 200:
            judge.answer(operation, answer)
        elif operation.path == "/readyz" and answer.status == 503:
            pass  # the clock was moved: the heads of the trail seem to be old
        elif not (answer.status == 404 and "{id}" in operation.path):
            judge.wrong(operation.name, "", answer)
    judge.close()


@pytest.mark.parametrize("role", clearance_oracle.ROLES)
def test_writes_without_permission(world, role):
    """Every write route refuses every role that has no permission for it, whatever it is about."""
    world.client(f"{role}.own")
    faults = []
    for operation in world.description.operations:
        if operation.open_to(world.clearance, role):
            continue
        if operation.said["x-rate"] == "heavy":
            world.clock.forward(60)
        targets = [world.children["own"], world.children["other"], world.account_ids[f"{role}.own"], "1"]
        for target in targets if "{id}" in operation.path else ["1"]:
            answer = world.client(f"{role}.own").call(operation.method, operation.at(id=target), operation.body(
                account=world.account_ids.get("helper.own", "1")))
            if answer.status != 403:
                faults.append(f"{role}: {operation} {target}: {answer}")
            elif answer.type != "application/problem+json":
                faults.append(f"{role}: {operation}: {answer.type}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("name", ["child_director.own", "supervisor.own", "station_worker.own",
                                  "centre_worker.own", "helper.own", "bureau_leader.own"])
def test_writes_out_of_scope(world, name):
    """Who has the permission, but no relation to the child, is told that there is no such child."""
    account, client = district.ACCOUNTS[name], world.client(name)
    for operation in world.description.operations:
        if not operation.writes() or "/children/{id}" not in operation.path:
            continue
        if not operation.open_to(world.clearance, account.role):
            continue
        body = operation.body(account=world.account_ids["helper.own"], classes=["name"],
                              purpose="emergency", reason="because")
        answer = client.call("POST", operation.at(id=world.children["other"]), body)
        assert answer.status == 404, f"{operation}: {answer}"


def test_nobody_gives_themselves_a_task(world):
    """A task turns approval into a tap: it comes from somebody else, for somebody in whose area the child is."""
    for name in ("centre_worker.own", "supervisor.own"):
        client = world.client(name)
        answer = client.call("POST", f"/api/v1/children/{world.children['own']}/assignments",
                             {"account": world.account_ids[name], "task": "case", "days": 3})
        assert answer.status == 403, answer
    for kind in ("system", "security", "audit"):
        world.client(f"{kind}_administrator.own")
        answer = world.client("centre_worker.own").call(
            "POST", f"/api/v1/children/{world.children['own']}/assignments",
            {"account": world.account_ids[f"{kind}_administrator.own"], "task": "case", "days": 3})
        assert answer.status in (403, 404, 409, 422), answer


@pytest.mark.parametrize("name", ACCOUNTS)
def test_openings_that_the_table_does_not_know(world, name):
    """For each purpose and class: what the table opens not, cannot be asked for."""
    account, client = district.ACCOUNTS[name], world.client(name)
    if not world.clearance.may(account.role, "child:open"):
        return
    for child in district.CHILDREN:
        relation = district.relation(account, child)
        if relation == "none":
            continue
        for purpose in clearance_oracle.PURPOSES[1:]:
            for data_class in world.clearance.classes:
                if world.clearance.seen(data_class, account.role, relation, purpose) != "absent":
                    continue
                answer = client.call("POST", f"/api/v1/children/{world.children[child.label]}/openings",
                                     {"purpose": purpose, "classes": [data_class], "reason": "because"})
                if answer.status == 429:
                    world.clock.forward(12)
                    answer = client.call("POST", f"/api/v1/children/{world.children[child.label]}/openings",
                                         {"purpose": purpose, "classes": [data_class], "reason": "because"})
                hidden = not anything_seen(world, account, child)  # and so is that the child is there
                assert answer.status in (403, 422) or (hidden and answer.status == 404), \
                    f"{purpose} {data_class} of {child.label}: {answer}"


def test_nobody_signed_in(world):
    """Without a session, everything but what is public is 401, before anything else is looked at."""
    client = world.live.client()
    for operation in world.description.operations:
        if "public" in operation.permissions:
            continue
        answer = client.call(operation.method, operation.at(id=world.children["own"],
                                                            code=district.TOWN), operation.body())
        assert answer.status == 401, f"{operation}: {answer}"
        assert answer.type == "application/problem+json"
        world.clock.forward(5)


# The routes themselves

GUESSES = ["/", "/index.html", "/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/children", "/api/v1/child",
           "/api/v1/children/", "/api/v1/children/1/", "/api/v1/children/1/name", "/api/v1/people",
           "/api/v1/persons/1", "/api/v1/children/1/records", "/api/v1/children/1/notes",
           "/api/v1/children/1/narrative", "/api/v1/records", "/api/v1/facts", "/api/v1/kin",
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
        at = path.replace("{id}", "1").replace("{code}", district.TOWN)
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
    used = {p for o in world.description.operations for p in o.permissions} - {"public", "signed_in"}
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


def test_the_table_keeps_its_own_rules(world):
    """What no edition may break, checked without the program (see the table's head)."""
    clearance = world.clearance
    for (data_class, role, relation, purpose), (sight, way, minutes) in clearance.sights.items():
        if role in clearance_oracle.ADMINISTRATORS:
            assert data_class in clearance_oracle.NOT_OF_A_CHILD, (data_class, role)
        if relation == "none":
            assert data_class in clearance_oracle.NOT_OF_A_CHILD, (data_class, role)
        assert (way == "free") == (purpose == "routine")
        assert (way == "glass") == (purpose == "emergency")
        if role == "guardian":
            assert data_class not in ("fact_harm", "narrative", "reporter", "trace", "reason")
        if purpose != "routine":
            assert 1 <= minutes <= 1440
    for permission, roles in clearance.permissions.items():
        administrators = roles & set(clearance_oracle.ADMINISTRATORS)
        assert len(administrators) <= 1 or roles == set(clearance_oracle.ROLES), permission
        if permission.startswith(("child:", "opening:", "trace:")):
            assert not administrators, permission
    for asker, approvers in clearance.approvals.items():
        assert asker not in approvers and not approvers & set(clearance_oracle.ADMINISTRATORS)


def test_valid_input_reaches_every_route(world):
    """No route is missing: with valid input, by somebody who may, none is 404 or 405 for want of itself."""
    journal = {}
    for exchange in world.live.journal:
        if exchange.answer.status < 300:
            path = exchange.path.split("?")[0]
            for operation in world.description.operations:
                if operation.method == exchange.method and matches(operation.path, path):
                    journal.setdefault(operation.name, exchange)
    missing = [str(o) for o in world.description.operations
               if not o.writes() and o.name not in journal
               and o.name not in ("account_read", "account_sessions", "opening_read")]
    assert not missing, f"never answered: {json.dumps(missing)}"


def matches(template, path):
    ours, theirs = template.split("/"), path.split("/")
    return len(ours) == len(theirs) and all(o.startswith("{") or o == t for o, t in zip(ours, theirs))


# Writes that are allowed

def test_every_write_with_valid_input(world):
    """Each write route once, by somebody who may, with valid input: 2xx, and an answer as described."""
    system, security = (world.client(f"{k}_administrator.own") for k in ("system", "security"))
    made = {}

    def answered(name, client, body=None, **at):
        operation = world.description.by_name[name]
        answer = client.call(operation.method, operation.at(**at), body)
        world.clock.forward(2)
        assert 200 <= answer.status < 300, f"{operation}: {answer}"
        schema = operation.answer_schema(answer.status, answer.type)
        assert schema is not None, f"{operation}: {answer.status} {answer.type} is not described"
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
    answered("session_end", client)
    answered("account_sessions_revoke", security, id=victim)
    answered("account_totp_clear", security, id=victim)
    answered("account_disable", system, id=victim)
    answered("account_enable", system, id=victim)
    answered("audit_verify", world.client("audit_administrator.own"))
    assert made["audit_verify"]["whole"] is True, made["audit_verify"]
    left = {o.name for o in world.description.operations if o.writes()} - made.keys()
    assert not left, f"not tried: {left}"


# The table, explained

@pytest.mark.parametrize("name", ACCOUNTS)
def test_the_explanation_is_the_table(world, name):
    """For every class and purpose: the sight, the way, the minutes, and the line that says so."""
    account, security = district.ACCOUNTS[name], world.client("security_administrator.own")
    world.client(name)
    lines = clearance_oracle.TABLE.read_text("utf-8").splitlines()
    for child in (district.OWN_CHILD, district.OTHER_CHILD):
        relation = district.relation(account, child)
        for data_class in world.clearance.classes:
            answer = security.call("GET", f"/api/v1/clearance/explanation?account={world.account_ids[name]}"
                                          f"&child={world.children[child.label]}&class={data_class}")
            assert answer.status == 200, answer
            assert answer.data["role"] == account.role and answer.data["relation"] == relation, answer
            for rule in answer.data["rules"]:
                said = world.clearance.rule(data_class, account.role, relation, rule["purpose"])
                got = (rule["sight"], None if rule["way"] == "none" else rule["way"], rule["minutes"])
                assert got == said, f"{data_class} {rule['purpose']} of {child.label}: {got}, not {said}"
                if said[0] == "absent":
                    assert rule["line"] == 0
                else:
                    assert rule["purpose"] in lines[rule["line"] - 1], f"line {rule['line']}"
        world.clock.forward(2)


@pytest.mark.parametrize("name", ["child_director.visit", "station_worker.own", "guardian.revoked",
                                  "security_administrator.own"])
def test_the_command_explains_the_same(world, name):
    account, child = district.ACCOUNTS[name], district.OWN_CHILD
    world.client(name)
    for data_class in ("name", "fact_hiv", "kin_phone", "trace"):
        text = world.live.command("access", "explain", name, child.ref, data_class).stdout
        sight = world.clearance.seen(data_class, account.role, district.relation(account, child))
        assert sight in text, f"{data_class}: {sight} is not in:\n{text}"
        for canary, _, _ in district.canaries():
            assert canary == child.ref or canary not in text


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

"""Every route, every role, every scope, every field: as the clearance table says, and not otherwise.

What is expected comes from the table read by clearance_oracle.py, from the relation that district.py
knows, and from the data that was loaded; the routes and the class of each field from the description.
"""

import pytest

import clearance_oracle
import district
from clearance_oracle import looks_masked, masked
from description import MISSING

EASIEST = ["tap", "approval", "glass"]
ACCOUNTS = list(district.ACCOUNTS)
# Reads about one child, and lists of children.
OF_A_CHILD = ["child_read", "child_kin", "child_facts", "child_categories", "assignment_list",
              "child_trace", "visit_list", "timeline_read", "explanation_read"]
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
        self.judged, self.of_intake = 0, False

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
        self.of_intake = bool({"feeds", "deliveries", "quarantine"} & set(operation.said["tags"]))
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
        if self.of_intake and self.account.role not in clearance_oracle.ADMINISTRATORS:
            # What a department hands in is its own; others have to do with it by their area.
            return "department" if self.account.role == "department_liaison" else "area"
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
            known = world.values(name, world.children[child.label])
            query = "&".join(f"{k}={v}" for k, v in operation.query(**known).items())
            answer = client.call("GET", operation.at(**known) + ("?" + query if query else ""))
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
def test_fields_of_what_is_done(world, name):
    """Each account reads every child's alert and visit: each field as the table says, or as if it were not there."""
    account, client = district.ACCOUNTS[name], world.client(name)
    judge = Judge(world, account)
    for operation_name, objects in (("alert_read", world.alerts), ("visit_read", world.visits)):
        operation = world.description.by_name[operation_name]
        nobody = client.call("GET", operation.at(id="999999999999"))
        assert objects
        for label, object_id in objects.items():
            child = next(c for c in district.CHILDREN if c.label == label)
            answer = client.call("GET", operation.at(id=object_id))
            if not operation.open_to(world.clearance, account.role):
                if answer.status != 403:
                    judge.wrong(operation_name, label, f"{answer.status}, and has no permission")
            elif district.relation(account, child) == "none":
                if answer.status != 404 or without_request(answer) != without_request(nobody):
                    judge.wrong(operation_name, label, f"{answer}, and is out of scope")
            elif answer.status == 200:
                judge.answer(operation, answer, child)
            else:
                judge.wrong(operation_name, label, answer)
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
        if operation.said["x-rate"] == "broad":
            world.clock.forward(2)
        known = world.values(name, world.intake_target(operation) or mine)
        query = "&".join(f"{k}={v}" for k, v in operation.query(**known).items())
        answer = client.call("GET", operation.at(**known) + ("?" + query if query else ""))
        if not operation.open_to(world.clearance, account.role):
            if answer.status != 403:
                judge.wrong(operation.name, "", f"{answer.status}, and has no permission")
        elif answer.status == 200:
            judge.answer(operation, answer)
        elif operation.path == "/readyz" and answer.status == 503:
            pass  # the clock was moved: the heads of the trail seem to be old
        elif not (answer.status == 404 and ("{id}" in operation.path or "{name}" in operation.path)):
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
        world.clock.forward(60 if operation.said["x-rate"] == "heavy" else 1)
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

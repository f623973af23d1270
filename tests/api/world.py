"""The test district, served: everybody's passwords, sessions and ids, and the tasks at hand."""

import hashlib
import time

import pytest

import clearance_oracle
import description
import district
from harness import ENGINES, new_program
from live import Clock, Live


def give_passwords(program, live):
    """Everybody's first password, by the command line."""
    for account in district.ACCOUNTS.values():
        live.command("account", "password", account.name, stdin=(district.PASSWORD + "\n").encode())


RAW = {"Content-Type": "application/octet-stream"}
# The day goes on when a test says so: what a day brings moves work, and with it who may see what.
CONFIGURATION = "clock = off\n"


class World:
    def __init__(self, folder, engine, children=()):
        self.engine = engine
        self.program = new_program(folder / "home", engine)
        self.clock = Clock(folder)
        self.live = Live(self.program, self.clock,
                         ["--config", self.program.file("humiao.conf", CONFIGURATION)])
        self.clearance = clearance_oracle.Clearance()
        self.clients, self.children, self.account_ids, self.assignments = {}, {}, {}, {}
        self.known = [*district.CHILDREN, *children]
        self.alerts, self.visits = {}, {}  # by the label of the child
        self.deliveries, self.refused = {}, []  # taken in and unmapped; ids of rows in quarantine
        self.seen_by = set()  # (account, child, class) that was opened at any time
        env = self.live.env
        self.program.env.update({k: v for k, v in env.items()})
        self.program.init()
        district.load(self.program, children)
        give_passwords(self.program, self.live)
        self.verdicts = {}
        for ref, *row in self.program.screen(district.TODAY.isoformat()):
            self.verdicts.setdefault(ref, set()).add(tuple(row))
        self.live.start()
        self.description = description.Description(
            self.live.client().call("GET", "/api/v1/openapi.json").data)
        self.learn_ids()
        self.give_tasks()
        self.learn_work()
        self.learn_intake()

    def client(self, name):
        """Signed in; the same session for everybody who asks, while it lasts."""
        client, now = self.clients.get(name), self.clock.now()
        if client is None or now - client.used > 20 * 60 or now - client.began > 6 * 3600:
            self.clients[name] = self.fresh(name)
            self.account_ids[name] = self.clients[name].me["account"]["id"]
        return self.clients[name]

    def fresh(self, name):
        """A session of its own, signed in just now."""
        return self.live.client(district.ACCOUNTS[name]).sign_in()

    def learn_ids(self):
        """Ids are random: a worker who sees references tells which child is which."""
        for name in ("centre_worker.own", "centre_worker.other"):
            for item in self.client(name).call("GET", "/api/v1/children?limit=100").data["items"]:
                for child in self.known:
                    if item["reference"] == child.ref:
                        self.children[child.label] = item["id"]
        assert len(self.children) == len(self.known), self.children

    def give_tasks(self):
        own = self.children["own"]
        for name, task in district.ASSIGNMENTS:
            self.client(name)
            answer = self.client("centre_worker.own").call(
                "POST", f"/api/v1/children/{own}/assignments",
                {"account": self.account_ids[name], "task": task, "days": 30})
            assert answer.status == 201, f"{name}: {answer}"
            self.assignments[name] = answer.data["id"]

    def learn_work(self):
        """Whose alerts there are; and one visit, planned by somebody who has the task of visiting, and the post."""
        visitor = self.client("child_director.visit")
        answer = self.client("supervisor.own").call("POST", "/api/v1/duty", {
            "division": district.OWN, "role": "child_director", "rank": 1,
            "account": self.account_ids["child_director.visit"]})
        assert answer.status == 201, answer
        for name in ("centre_worker.own", "centre_worker.other"):
            page = self.client(name).call("GET", "/api/v1/alerts?view=open&limit=100")
            assert page.status == 200, page
            for item in page.data["items"]:
                self.alerts[self.child_of(item["child"]).label] = item["id"]
        answer = visitor.call(
            "POST", f"/api/v1/children/{self.children['own']}/visits", {"day": "2026-07-07"})
        assert answer.status == 201, answer
        self.visits["own"] = answer.data["id"]

    def learn_intake(self):
        """A delivery of justice with a row that is refused, and a file that is of no source yet."""
        liaison, officer = "department_liaison.own", "data_officer.own"
        self.deliveries["done"] = self.hand_in(liaison, district.csv_bytes(district.prison_rows({"刑期": "很久"})),
                                               "CANARY-FILE.csv", district.FEED)
        self.deliveries["unmapped"] = self.hand_in(officer, district.csv_bytes(
            [{"甲列": r["姓名"], "乙列": r["身份证号"]} for r in district.prison_rows()]), "CANARY-FILE-2.csv")
        story = self.taken_in(self.deliveries["done"])
        assert (story["state"], story["quarantined"]) == ("done", 1), story
        self.refused = [i["id"] for i in self.client(liaison).call("GET", "/api/v1/quarantine").data["items"]]
        assert len(self.refused) == 1, self.refused

    def hand_in(self, name, content, file_name="list.csv", feed=None, piece=1 << 20):
        """A file by its pieces; the delivery that is taken in."""
        client = self.client(name)
        answer = client.call("POST", "/api/v1/deliveries", {
            **({"feed": feed} if feed else {}), "file_name": file_name, "size": len(content)})
        assert answer.status == 201, answer
        delivery = answer.data["id"]
        for n in range(answer.data["pieces"]):
            sent = client.call("PUT", f"/api/v1/deliveries/{delivery}/pieces/{n}",
                               content[n * piece:(n + 1) * piece], headers=RAW)
            assert sent.status == 204, sent
        closed = client.call("POST", f"/api/v1/deliveries/{delivery}/close",
                             {"sha256": hashlib.sha256(content).hexdigest()})
        assert closed.status == 200, closed
        return closed.data["id"]

    def taken_in(self, delivery, name="data_officer.own", patience=60):
        """The story of a delivery, once nothing more happens by itself."""
        until = time.monotonic() + patience
        while True:
            answer = self.client(name).call("GET", f"/api/v1/deliveries/{delivery}")
            assert answer.status == 200, answer
            if answer.data["state"] not in ("arriving", "waiting", "running"):
                return answer.data
            assert time.monotonic() < until, answer
            self.clock.forward(1)
            time.sleep(0.05)

    def intake_target(self, operation):
        """What the id in a path of intake can be; None: it is of no delivery and no refused row."""
        if "deliveries/{id}" in operation.path:
            return self.deliveries["unmapped" if operation.name == "delivery_suggest" else "done"]
        return self.refused[0] if "quarantine/{id}" in operation.path else None

    def targets(self, operation, name):
        """What the id in a path can be, of things that are there."""
        if self.intake_target(operation):
            return [self.intake_target(operation)]
        if "children/{id}" in operation.path:
            return list(self.children.values())
        if "alerts/{id}" in operation.path:
            return list(self.alerts.values())
        if "visits/{id}" in operation.path:
            return list(self.visits.values())
        return [self.account_ids[name]]

    def values(self, name, target):
        """Parameters that some reading routes cannot do without."""
        return {"id": target, "code": district.TOWN, "name": district.FEED, "account": self.account_ids[name], "class": "name",
                "child": self.children["own"], "state": "own", "category": "de_facto_unattended"}

    def walk(self, names=tuple(district.ACCOUNTS)):
        """Everybody reads everything once: what a search for canaries goes through."""
        for name in names:
            client = self.client(name)
            for operation in self.description.operations:
                if operation.writes():
                    continue
                if operation.said["x-rate"] == "broad":
                    self.clock.forward(2)
                for target in self.targets(operation, name):
                    known = self.values(name, target)
                    query = "&".join(f"{k}={v}" for k, v in operation.query(**known).items())
                    client.call("GET", operation.at(**known) + ("?" + query if query else ""))
            self.clock.forward(1)

    def open(self, name, *more, **told):
        """Opens at once; who saw what is kept for the search for canaries."""
        answer = self.ask(name, *more, **told)
        assert answer.status == 201, answer
        self.opened(name, told.get("child", "own"), told.get("classes", ("name",)))
        return answer.data["id"]

    def opened(self, name, child, classes):
        self.seen_by.update((name, child, c) for c in classes)

    def child_of(self, child_id):
        return next((c for c in self.known if self.children[c.label] == child_id), None)

    def account_of_role(self, role, scope="own"):
        return district.ACCOUNTS[f"{role}.{scope}"]

    def ask(self, name, child="own", purpose="casework", classes=("name",), reason="because", **more):
        """Asks to open; the answer."""
        return self.client(name).call("POST", f"/api/v1/children/{self.children[child]}/openings",
                                      {"purpose": purpose, "classes": list(classes), "reason": reason},
                                      **more)

    def trail(self, **filters):
        """All rows of the trail that fit, oldest first."""
        rows, after = [], None
        while True:
            query = "&".join([f"{k}={v}" for k, v in filters.items()] + ["limit=100"]
                             + ([f"after={after}"] if after else []))
            page = self.client("audit_administrator.own").call("GET", f"/api/v1/audit?{query}")
            assert page.status == 200, page
            rows += page.data["items"]
            after = page.data["next"]
            if not after:
                return rows[::-1]
            if len(rows) % 2000 == 0:
                self.clock.forward(60)

    def close(self):
        for client in self.clients.values():
            client.close()
        self.live.stop()


WORLDS = {}


def world_on(engine, tmp_path_factory):
    if engine not in WORLDS:
        WORLDS[engine] = World(tmp_path_factory.mktemp(f"world-{engine}"), engine)
    return WORLDS[engine]


@pytest.fixture(scope="session", autouse=True)
def worlds_closed(databases_dropped):
    yield
    for made in WORLDS.values():
        made.close()


@pytest.fixture(scope="session", params=ENGINES)
def world(request, tmp_path_factory):
    """One served district for all suites that only read, or clean up behind them."""
    return world_on(request.param, tmp_path_factory)


@pytest.fixture(scope="session")
def plain_world(tmp_path_factory):
    """The same on SQLite alone, for what does not concern the engine."""
    return world_on("sqlite", tmp_path_factory)


@pytest.fixture
def own_world(tmp_path):
    """A district for one test alone, which may do with it as it likes."""
    made = World(tmp_path, "sqlite")
    yield made
    made.close()

"""What the loop may never tell, and whom it may never obey: the payload of PR-06 down to its bytes, the scope of every
step, what is left behind by those who hand over, and the trail of all of it."""

import json
import re
import uuid

import pytest

import district
import world as world_module
from live import Client
from world import World

DIRECTOR, SECOND, NEXT_VILLAGE = "child_director.visit", "child_director.own", "child_director.neighbour"
SUPERVISOR, CENTRE = "supervisor.own", "centre_worker.own"
STRANGERS = ("child_director.neighbour", "child_director.other", "supervisor.neighbour", "supervisor.other",
             "station_worker.other", "centre_worker.other")
# What a director's phone has of an alert, of a visit and of an item of work: these, and not one more.
ALERT = {"id", "child", "name", "division", "level", "escort", "state", "owner", "step", "opened", "due", "closed",
         "basis_withdrawn", "events", "visits", "history", "masked"}
VISIT = {"id", "alert", "child", "name", "birth_date", "division", "level", "escort", "state", "owner", "planned",
         "postponed", "due", "started", "back", "recorded", "outcome", "values", "events", "history", "changed",
         "masked"}
ITEM = {"kind", "id", "alert", "child", "name", "birth_date", "division", "level", "state", "due", "planned", "escort",
        "events", "stands_in", "changed", "masked"}
NOTICE = {"id", "kind", "workflow", "object", "at", "seen", "masked"}
KINDS = {"alert_new", "alert_changed", "alert_recalled", "handed_over", "closed", "visit_planned", "overdue"}
EXPLAINED = ("de_facto_unattended", "hiv_child", "orphan", "low_income")


class Told(district.Child):
    """A child of whom departments tell one thing. All were born on one day: what differs between them is why."""

    def __init__(self, label, why, village=district.OWN):
        self.why = why
        super().__init__(label, "M", "2015-05-13", village)

    def facts(self):
        def fact(department, kind, who, value=""):
            return {"class": "fact", "about": who, "row": {
                "record_key": f"CANARY-KEY-{self.label}-{who.ref[-6:]}", "department": department, "kind": kind,
                "id_no": who.id_no, "name": who.name, "division": self.village, "from": "2025-01-01",
                "value": value, "note": f"CANARY-NOTE-{self.label}"}}

        if self.why == "hiv":
            yield fact("health", "hiv", self)
        else:
            yield fact("justice", "imprisoned", self.father, "P7Y")
            yield fact("justice", "imprisoned", self.mother, "P9Y")


PRISON, HIV, BESIDE = Told("prison", "prison"), Told("hiv", "hiv"), Told("beside", "hiv", district.NEIGHBOUR)
SPARE, PASSED = Told("spare", "prison"), Told("passed", "hiv")

# Others are named here and never sign in: a password costs a third of a second.
NEEDED = {DIRECTOR, SUPERVISOR, CENTRE, *STRANGERS, "child_director.own", "supervisor.aid", "audit_administrator.own",
          "system_administrator.own", "department_liaison.own", "data_officer.own", "bureau_leader.own", "helper.own",
          "guardian.own",
          *(name for name, _ in district.ASSIGNMENTS)}


def give_passwords(program, live):
    for name in sorted(NEEDED):
        live.command("account", "password", district.ACCOUNTS[name].name, stdin=(district.PASSWORD + "\n").encode())


PAGE = b"<!doctype html><title>x</title><script type=module src=/assets/a-1.js></script>"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    web = tmp_path_factory.mktemp("web")
    for name, content in {"index.html": PAGE, "worker.js": b"0", "phone/index.html": PAGE, "assets/a-1.js": b"0",
                          "phone/index.html.br": b"BROTLI", "phone/index.html.gz": b"GZIP", ".hidden.txt": b"x",
                          "secret.key": b"x"}.items():
        (web / name).parent.mkdir(exist_ok=True)
        (web / name).write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world_module, "CONFIGURATION", world_module.CONFIGURATION + f"web = {web}\n")
        patch.setattr(world_module, "give_passwords", give_passwords)
        made = World(tmp_path_factory.mktemp("privacy"), "sqlite", [PRISON, HIV, BESIDE, SPARE, PASSED])
    yield made
    made.close()


def call(place, name, method, path, body=None, expect=200, **more):
    place.clock.forward(1)
    answer = place.client(name).call(method, path, body, **more)
    assert expect is None or answer.status == expect, f"{name}: {method} {path} {body}: {answer}"
    return answer if expect is None else answer.data


def account(place, name):
    """Its id, without signing in as it."""
    if name not in place.account_ids:
        page = call(place, "system_administrator.own", "GET", "/api/v1/accounts?limit=100")
        assert not page["next"], page["next"]
        ids = {item["account"]: item["id"] for item in page["items"]}
        place.account_ids.update({n: ids[a.name] for n, a in district.ACCOUNTS.items() if n not in place.account_ids})
    return place.account_ids[name]


def step(place, name, kind, object_id, event, expect=200, **more):
    return call(place, name, "POST", f"/api/v1/{kind}s/{object_id}/events", {"event": event, **more}, expect)


def save(place, name, visit, value, expect=200, **more):
    return call(place, name, "POST", f"/api/v1/visits/{visit}/fields",
                {"fields": [{"field": "wish", "base": 0, "value": value, **more}]}, expect)


def accepted(place, child, name=DIRECTOR):
    alert = call(place, name, "GET", f"/api/v1/alerts/{place.alerts[child.label]}")
    if alert["state"] == "pushed":
        alert = step(place, name, "alert", alert["id"], "accept", day="2026-07-01")
    (visit,) = [v for v in alert["visits"] if v["state"] in ("planned", "under_way", "back")]
    return alert["id"], visit["id"]


# Why

def without_names(place, child, answer):
    """The bytes, but for whose they are and when."""
    text = answer.body.decode()
    for known in (place.children[child.label], place.alerts[child.label]):
        text = text.replace(known, "_")
    text = re.sub(r'"\d{1,19}"', '"0"', text)
    text = re.sub(r'"\w\*\*"|"\d{3}\*{4}\d{4}"', '"*"', text)
    return re.sub(r"\d{4}-\d\d-\d\dT[0-9:.+]*", "T", text)


def told_of(place, child):
    own, alert = place.children[child.label], place.alerts[child.label]
    paths = [f"/api/v1/children/{own}{end}" for end in ("", "/timeline", "/visits", "/kin")]
    paths += [f"/api/v1/children/{own}/explanation?category={c}" for c in EXPLAINED]
    paths += [f"/api/v1/alerts/{alert}"]
    file = call(place, DIRECTOR, "GET", f"/api/v1/alerts/{alert}")
    paths += [f"/api/v1/visits/{v['id']}" for v in file["visits"]]
    yield from ((p.replace(own, "_").replace(alert, "_").split("/visits/")[0],
                 without_names(place, child, call(place, DIRECTOR, "GET", p, expect=None))) for p in paths)
    for item in call(place, DIRECTOR, "GET", "/api/v1/work")["items"]:
        if item["child"] == own and alert in (item["id"], item["alert"]):
            yield "work", {k: v for k, v in item.items() if k not in ("id", "alert", "child", "name", "changed")}


def test_two_reasons_look_the_same(place):
    """A parent in prison and an infection: to the director no byte of any answer tells the one from the other, before
    the visit, during it and after."""
    def compare(when):
        for one, other in zip(told_of(place, PRISON), told_of(place, HIV), strict=True):
            assert one == other, f"{when}: {one[0]}"

    for child in (PRISON, HIV):
        seen = call(place, CENTRE, "GET", f"/api/v1/alerts/{place.alerts[child.label]}")
        assert seen["level"] == "high" and seen["needs"] and seen["causes"] and seen["origin"]
    causes = [call(place, CENTRE, "GET", f"/api/v1/alerts/{place.alerts[c.label]}")["causes"][0]["category"]
              for c in (PRISON, HIV)]
    assert causes == ["de_facto_unattended", "hiv_child"]
    compare("sent")
    for child in (PRISON, HIV):
        alert, visit = accepted(place, child)
        assert set(call(place, DIRECTOR, "GET", f"/api/v1/alerts/{alert}")) <= ALERT
        assert set(call(place, DIRECTOR, "GET", f"/api/v1/visits/{visit}")) <= VISIT
    compare("accepted")
    for child in (PRISON, HIV):
        _, visit = accepted(place, child)
        step(place, DIRECTOR, "visit", visit, "start")
        step(place, DIRECTOR, "visit", visit, "check_in")
        save(place, DIRECTOR, visit, "a book")
        step(place, DIRECTOR, "visit", visit, "record", outcome="false_alarm")
    compare("recorded")


def test_the_phone_is_told_so_much_and_no_more(place):
    for name in (DIRECTOR, SECOND):
        work = call(place, name, "GET", "/api/v1/work")
        assert set(work) == {"items", "gone", "whole", "now"}
        for item in work["items"]:
            assert set(item) <= ITEM, item
        for notice in call(place, name, "GET", "/api/v1/notices?limit=100")["items"]:
            assert set(notice) <= NOTICE and notice["kind"] in KINDS, notice


def test_errors_tell_no_more(place):
    """What is refused is refused in the same words whatever the child is visited for."""
    for path, body in (("alerts", {"event": "recall"}), ("alerts", {"event": "withdraw_basis"}),
                       ("alerts", {"event": "close", "reason": "x"}), ("alerts", {"event": "no_such"})):
        texts = set()
        for child in (PRISON, HIV):
            answer = call(place, DIRECTOR, "POST", f"/api/v1/{path}/{place.alerts[child.label]}/events", body, None)
            assert answer.status in (403, 404, 409), answer
            texts.add(re.sub(rb'"request":"[0-9a-f]+"', b"", answer.body))
        assert len(texts) == 1, texts


# Whose it is

def test_strangers_find_nothing_to_step_on(place):
    """Every new write, by everybody who has the permission and no child here: as if it were not there."""
    alert, visit = accepted(place, SPARE)
    own = place.children[SPARE.label]
    me = account(place, DIRECTOR)
    steps = [(f"alerts/{alert}", {"event": "accept"}), (f"alerts/{alert}", {"event": "close"}),
             (f"alerts/{alert}", {"event": "hand_over", "to": me, "reason": "x"}),
             (f"visits/{visit}", {"event": "start"}), (f"visits/{visit}", {"event": "danger"}),
             (f"visits/{visit}", {"event": "cancel", "reason": "x"})]
    for name in STRANGERS:
        for path, body in steps:
            call(place, name, "POST", f"/api/v1/{path}/events", body, 404)
        save(place, name, visit, "mine", 404)
        call(place, name, "POST", f"/api/v1/children/{own}/visits", {"day": "2026-07-07"}, 404)
        for path in (f"alerts/{alert}", f"visits/{visit}", f"children/{own}/visits", f"children/{own}/timeline"):
            answers = [call(place, name, "GET", f"/api/v1/{p}", expect=None)
                       for p in (path, re.sub(r"\d+", "9" * 15, path))]
            assert [a.status for a in answers] == [404, 404], name
            assert len({re.sub(rb'"request":"[0-9a-f]+"', b"", a.body) for a in answers}) == 1


def test_duty_ends_at_the_division(place):
    """Posts, leave, training and waves of another town are another's."""
    absence = call(place, SUPERVISOR, "POST", "/api/v1/absences",
                   {"account": account(place, NEXT_VILLAGE), "from": "2026-08-01", "to": "2026-08-03"}, 201)
    wave = call(place, SUPERVISOR, "POST", "/api/v1/waves", {"division": district.TOWN, "per_week": 1}, 201)
    posts = call(place, SUPERVISOR, "GET", "/api/v1/duty?limit=100")["items"]
    post = next(p["id"] for x in posts for p in x["people"] if p["id"])
    stranger = account(place, DIRECTOR)
    for name in ("supervisor.neighbour", "supervisor.other", "centre_worker.other"):
        call(place, name, "DELETE", f"/api/v1/absences/{absence['id']}", expect=404)
        call(place, name, "DELETE", f"/api/v1/duty/{post}", expect=404)
        call(place, name, "POST", f"/api/v1/waves/{wave['id']}/events", {"event": "end"}, 404)
        call(place, name, "POST", "/api/v1/waves", {"division": district.TOWN, "per_week": 1}, 403)
        call(place, name, "POST", "/api/v1/duty", {"division": district.OWN, "role": "child_director",
                                                   "account": stranger, "rank": 1}, 403)
        call(place, name, "POST", "/api/v1/absences", {"account": stranger, "from": "2026-08-01",
                                                       "to": "2026-08-02"}, 422)
        call(place, name, "POST", "/api/v1/trainings", {"account": stranger, "day": "2026-06-01", "course": "x"}, 422)
        call(place, name, "GET", f"/api/v1/staff/{stranger}", expect=404)
    # Nobody gives themselves a place above their own division.
    call(place, SUPERVISOR, "POST", "/api/v1/duty", {"division": district.COUNTY, "role": "centre_worker",
                                                     "account": account(place, SUPERVISOR), "rank": 1}, 403)
    call(place, SUPERVISOR, "DELETE", f"/api/v1/absences/{absence['id']}", expect=204)
    step(place, SUPERVISOR, "wave", wave["id"], "end")


def test_nothing_is_handed_to_those_who_may_not_have_it(place):
    alert, visit = accepted(place, SPARE)
    for name in ("child_director.other", "centre_worker.other", "bureau_leader.own", "department_liaison.own",
                 "helper.own", "guardian.own", "system_administrator.own"):
        for kind, who, object_id in (("alert", SUPERVISOR, alert), ("visit", DIRECTOR, visit)):
            step(place, who, kind, object_id, "hand_over", 422, to=account(place, name), reason="x")
    for kind, who, object_id in (("alert", SUPERVISOR, alert), ("visit", DIRECTOR, visit)):
        step(place, who, kind, object_id, "hand_over", 422, to="1", reason="x")
        step(place, who, kind, object_id, "hand_over", None, to=account(place, SECOND))  # without a reason
        assert call(place, SUPERVISOR, "GET", f"/api/v1/{kind}s/{object_id}")["owner"] == (
            district.ACCOUNTS[DIRECTOR].display)


def test_whoever_handed_over_sees_it_no_more(place):
    """A director of another village who stood in: neither child, alert, visit nor sheet is left, and no write goes
    through, that of a phone which has been away included."""
    alert = place.alerts[BESIDE.label]
    step(place, SUPERVISOR, "alert", alert, "hand_over", to=account(place, SECOND),
         reason="the road is flooded\nand the father is in prison")
    _, visit = accepted(place, BESIDE, SECOND)
    save(place, SECOND, visit, "a football\nand a friend")  # a text has lines
    # A supervisor's words may say why: they are not for the phone.
    told = call(place, SECOND, "GET", f"/api/v1/alerts/{alert}")["history"]
    assert [e for e in told if e["event"] == "hand_over"] and not [e for e in told if e["reason"]], told
    told = call(place, SUPERVISOR, "GET", f"/api/v1/alerts/{alert}")["history"]
    assert [e for e in told if e["reason"] and "flooded\nand" in e["reason"]], told
    before = call(place, SECOND, "GET", "/api/v1/work")["now"].replace("+", "%2B")
    place.clock.forward(120)
    step(place, SUPERVISOR, "alert", alert, "hand_over", to=account(place, NEXT_VILLAGE), reason="dry again")
    work = call(place, SECOND, "GET", f"/api/v1/work?since={before}")
    assert {alert, visit} <= set(work["gone"]) and not [i for i in work["items"] if i["child"] == place.children[BESIDE.label]]
    own = place.children[BESIDE.label]
    for path in (f"alerts/{alert}", f"visits/{visit}", f"children/{own}", f"children/{own}/visits"):
        call(place, SECOND, "GET", f"/api/v1/{path}", expect=404)
    step(place, SECOND, "visit", visit, "start", 404)
    save(place, SECOND, visit, "late", 404)
    answer = place.ask(SECOND, child=BESIDE.label, purpose="visit", classes=("name",), reason=None)
    assert answer.status == 404, answer


def test_a_deputys_rights_end_with_the_leave(place):
    holder, deputy = account(place, DIRECTOR), account(place, SECOND)
    alert, visit = accepted(place, SPARE)
    posts = [call(place, SUPERVISOR, "POST", "/api/v1/duty", {
        "division": district.OWN, "role": "child_director", "account": who, "rank": rank}, 201)
        for who, rank in ((holder, 1), (deputy, 2))]
    assert posts
    step(place, SECOND, "visit", visit, "start", 403)
    leave = call(place, SUPERVISOR, "POST", "/api/v1/absences",
                 {"account": holder, "from": "2026-06-30", "to": "2026-07-02"}, 201)
    assert visit in [i["id"] for i in call(place, SECOND, "GET", "/api/v1/work")["items"]]
    call(place, SUPERVISOR, "DELETE", f"/api/v1/absences/{leave['id']}", expect=204)
    assert visit not in [i["id"] for i in call(place, SECOND, "GET", "/api/v1/work")["items"]]
    step(place, SECOND, "visit", visit, "start", 403)
    step(place, SECOND, "alert", alert, "hand_over", 403, to=deputy, reason="x")
    assert visit in [i["id"] for i in call(place, DIRECTOR, "GET", "/api/v1/work")["items"]]


def test_notices_are_ones_own(place):
    unseen = call(place, DIRECTOR, "GET", "/api/v1/notices")["unseen"]
    call(place, SECOND, "POST", "/api/v1/notices/seen", {"up_to": str(2**63 - 1)}, 204)
    assert call(place, SECOND, "GET", "/api/v1/notices")["unseen"] == 0
    assert call(place, DIRECTOR, "GET", "/api/v1/notices")["unseen"] == unseen > 0


# Who decides

def test_nobody_looks_over_their_own_shoulder(place):
    """Whoever visited does not find that the visit was right, whatever role they have; and nobody by hand does what is
    the visit's, the register's or the clock's to do."""
    alert, _ = accepted(place, PASSED)
    step(place, SUPERVISOR, "alert", alert, "hand_over", to=account(place, SUPERVISOR), reason="I go myself")
    _, visit = accepted(place, PASSED, SUPERVISOR)
    step(place, SUPERVISOR, "visit", visit, "start")
    step(place, SUPERVISOR, "visit", visit, "check_in")
    step(place, SUPERVISOR, "visit", visit, "record", outcome="false_alarm")
    step(place, SUPERVISOR, "alert", alert, "assess", 409)
    # Not by another door either: what ends an alert is another's to do.
    for event in ("close", "end_watch", "close_withdrawn", "verify", "dismiss", "recall", "join", "withdraw_basis", "release", "begin_watch"):
        answer = step(place, SUPERVISOR, "alert", alert, event, None, reason="x")
        assert answer.status in (403, 409), f"{event}: {answer}"
    assert step(place, "supervisor.aid", "alert", alert, "assess")["state"] == "assessed"


# Writes of phones

def test_a_phones_clock_and_keys_are_not_believed(place):
    alert, visit = accepted(place, SPARE)
    for at in ("0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z"):
        values = save(place, DIRECTOR, visit, f"at {at}", at=at)["values"]
        assert all(v["at"].startswith("2026-06-30") for v in values), values
        begun = step(place, DIRECTOR, "visit", visit, "start", at=at)
        assert begun["started"].startswith("2026-06-30") and begun["due"].startswith("2026-06-30")
        step(place, DIRECTOR, "visit", visit, "turn_back", reason="the road")
    key = uuid.uuid4().hex
    body = {"fields": [{"field": "next", "base": 0, "value": "one"}]}
    path = f"/api/v1/visits/{visit}/fields"
    call(place, DIRECTOR, "POST", path, body, key=key)
    body["fields"][0]["value"] = "another"
    call(place, DIRECTOR, "POST", path, body, 409, key=key)
    # A value of one visit settles nothing in another.
    (value,) = [v["id"] for v in call(place, DIRECTOR, "GET", f"/api/v1/visits/{visit}")["values"]
                if v["field"] == "next"]
    other = call(place, DIRECTOR, "POST", f"/api/v1/children/{place.children['own']}/visits",
                 {"day": "2026-07-09"}, 201)
    save(place, DIRECTOR, other["id"], "x", 422, merges=[value])
    save(place, DIRECTOR, visit, "字" * 2000, 422)  # 6,000 bytes
    assert alert


def test_no_other_site_writes(place):
    alert, visit = accepted(place, SPARE)
    body = {"event": "hand_over", "reason": "x", "to": "1"}
    for who, method, path, body in (
            (DIRECTOR, "POST", f"alerts/{alert}/events", body), (DIRECTOR, "POST", f"visits/{visit}/events", body),
            (DIRECTOR, "POST", f"visits/{visit}/fields", {"fields": [{"field": "wish", "base": 0, "value": "x"}]}),
            (DIRECTOR, "POST", f"children/{place.children['own']}/visits", {"day": "2026-07-07"}),
            (DIRECTOR, "POST", "notices/seen", {"up_to": "1"}), (SUPERVISOR, "POST", "duty", {}),
            (SUPERVISOR, "DELETE", "duty/1", None), (SUPERVISOR, "POST", "absences", {}),
            (SUPERVISOR, "DELETE", "absences/1", None), (SUPERVISOR, "POST", "trainings", {}),
            (SUPERVISOR, "POST", "waves", {}), (SUPERVISOR, "POST", "waves/1/events", {"event": "end"}),
            ("department_liaison.own", "POST", "records", {"records": []})):
        for how in ({"csrf": False}, {"headers": {"Origin": "http://elsewhere.example"}}):
            answer = call(place, who, method, f"/api/v1/{path}", body, None, **how)
            assert answer.status == 403, f"{path} {how}: {answer}"
        if body is not None:
            answer = call(place, who, method, f"/api/v1/{path}", json.dumps(body).encode(), None,
                          headers={"Content-Type": "text/plain"})
            assert answer.status == 415, f"{path}: {answer}"


# The trail

def test_every_look_leaves_its_row(place):
    alert, visit = accepted(place, SPARE)
    own = place.children[SPARE.label]
    for path, event, child in ((f"alerts/{alert}", "alert.read", own), (f"visits/{visit}", "visit.read", own),
                               (f"children/{own}/visits", "child.read", own),
                               (f"children/{own}/timeline", "timeline.read", own),
                               ("work", "work.listed", None)):
        count = len(place.trail(account=account(place, DIRECTOR), event=event))
        call(place, DIRECTOR, "GET", f"/api/v1/{path}")
        rows = place.trail(account=account(place, DIRECTOR), event=event)
        assert len(rows) == count + 1 and rows[-1]["child"] == child, path
    for path, event in (("alerts?view=open", "alerts.listed"), ("coming-up", "coming.listed"),
                        ("reviews", "reviews.listed")):
        count = len(place.trail(account=account(place, SUPERVISOR), event=event))
        call(place, SUPERVISOR, "GET", f"/api/v1/{path}")
        assert len(place.trail(account=account(place, SUPERVISOR), event=event)) == count + 1, path


def test_the_trail_says_that_and_never_why(place):
    words = {"hiv", "hiv_child", "imprisoned", "de_facto_unattended", "justice", "health", "guardianship", "medical"}
    for row in place.trail():
        detail = row["detail"] or ""
        assert detail.isascii() and not words & set(re.split(r"[^a-z_]+", detail)), row
    log = place.live.log.read_bytes()
    for child in (PRISON, HIV, BESIDE):
        assert child.name.encode() not in log and place.children[child.label].encode() not in log.split()


# The pages

def get(place, path, method="GET", **headers):
    place.clock.forward(1)
    return Client(place.live).call(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})


def test_pages_let_nothing_foreign_in(place):
    for path in ("/", "/phone/", "/worker.js", "/assets/a-1.js", "/phone", "/nowhere"):
        answer = get(place, path)
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy and "*" not in policy and "data:" not in policy, policy
        assert "default-src 'self'" in policy or "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers
    assert get(place, "/phone").headers["location"] == "/phone/"
    for path in ("/phone/../secret.key", "/secret.key", "/.hidden.txt", "/%2e%2e/secret.key", "/phone/%2e%2e/",
                 "//elsewhere.example/phone", "//phone", "/phone//", "/phone/index.html.br", "/assets", "/assets/",
                 "/phone/%00", "/index.html", "/" + "a" * 3000):
        answer = get(place, path)
        assert answer.status == 404 and "location" not in answer.headers, f"{path[:40]}: {answer}"
    for method in ("POST", "PUT", "DELETE"):
        assert get(place, "/phone/", method).status in (404, 405)


def test_pages_come_as_they_are_asked_for(place):
    for asked, told in ((None, None), ("br", "br"), ("gzip, br", "br"), ("br;q=0, gzip", "gzip"), ("GZIP", "gzip"),
                        ("br;q=0.0, gzip;q=0.000", None), ("br;q=0.001", "br"), ("xbr, gzipx", None), (",,;", None)):
        answer = get(place, "/phone/", **({"Accept_Encoding": asked} if asked else {}))
        assert answer.status == 200 and answer.headers.get("content-encoding") == told, asked
        assert answer.headers["vary"] == "Accept-Encoding"
    tag = get(place, "/phone/").headers["etag"]
    assert get(place, "/phone/", If_None_Match=tag).status == 304
    assert get(place, "/phone/", If_None_Match='"another"').status == 200
    assert get(place, "/phone/", "HEAD").body == b""


def test_live_leads_to_this_host_alone(place):
    port = place.live.port
    answer = get(place, "/api/v1/live", Host=f"127.0.0.1:{port}")
    assert answer.status == 307 and answer.headers["location"] == f"http://127.0.0.1:{port + 1}/api/v1/live"
    assert answer.headers["cache-control"] == "no-store"
    for host in ("a.example@b.example:1", "a/b:1", "a b:1", 'a"b:1', "a.example;img-src *:1", "x" * 300 + ":1", ":1"):
        for path in ("/api/v1/live", "/phone/"):
            answer = get(place, path, Host=host)
            policy = answer.headers.get("content-security-policy", "")
            assert answer.status in (400, 404, 200) and "location" not in answer.headers, f"{host[:30]}: {answer}"
            assert "img-src" not in policy and "http://a" not in policy, policy

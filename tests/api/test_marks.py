"""What is sensitive in a free text, over HTTP: masked in place for whoever does not see its class, whole for who wrote it."""

import pytest

import district
from test_loop_http import DIRECTOR, SECOND_DIRECTOR, SUPERVISOR, Plain, accepted, call, fill, step
from world import World

CHILDREN = [Plain(f"marked{n}", "MF"[n], f"2014-0{n + 3}-1{n}", district.OWN) for n in range(2)]
PHONE, MASKED_PHONE = "13800000000", "138****0000"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    made = World(tmp_path_factory.mktemp("marks"), "sqlite", CHILDREN)
    yield made
    made.close()


def texts(file):
    return [v["value"] for v in file["values"] if v["field"] == "findings"]


def note_of(child):
    """As the visitor wrote it, and as it is read by who sees none of these classes."""
    mother, father = child.mother.name, child.father
    return (f"母亲{mother}，电话{PHONE}，身份证{father.id_no}，孩子疑似抑郁症，父亲因盗窃服刑。",
            f"母亲{mother[0]}**，电话{MASKED_PHONE}，身份证{father.id_no[:3]}***********，孩子疑似**，父亲因****。")


def test_a_finding_is_masked_for_others(place):
    child, _, visit = accepted(place, CHILDREN[0])
    whole, masked = note_of(child)
    path = f"/api/v1/visits/{visit['id']}"
    assert texts(fill(place, DIRECTOR, visit["id"], findings=whole)) == [whole]
    assert texts(call(place, DIRECTOR, "GET", path)) == [whole]
    assert texts(call(place, SUPERVISOR, "GET", path)) == [masked]


def test_who_settles_rivals_stores_no_masks_and_learns_nothing(place):
    child, _, visit = accepted(place, CHILDREN[1])
    whole, masked = note_of(child)
    path = f"/api/v1/visits/{visit['id']}"
    fill(place, DIRECTOR, visit["id"], findings=whole)
    place.client(SECOND_DIRECTOR)
    step(place, DIRECTOR, "visit", visit["id"], "hand_over", to=place.account_ids[SECOND_DIRECTOR], reason="I am ill")
    fill(place, SECOND_DIRECTOR, visit["id"], findings="无人在家")
    values = call(place, SECOND_DIRECTOR, "GET", path)["values"]
    assert {v["value"] for v in values} == {masked, "无人在家"}
    (rival,) = [v for v in values if v["standing"] == "rival"]
    (first,) = [v for v in values if v["standing"] == "in_force"]
    merged = call(place, SECOND_DIRECTOR, "POST", path + "/fields", {"fields": [
        {"field": "findings", "base": first["version"], "value": masked, "merges": [rival["id"]]}]})
    # Chosen as it was read: kept whole, and as masked for who chose as before.
    assert texts(merged) == [masked]
    assert texts(call(place, DIRECTOR, "GET", path)) == [whole]

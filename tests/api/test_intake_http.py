"""Intake over HTTP: a file by its pieces, rows by token, a watched folder; what is held, refused, mended and sent back; and
what each of those who meet it may see.
"""

import hashlib
import io
import os
import itertools
import signal
import threading
import time
import zipfile

import pytest

import district
from harness import ENGINES, id_number, new_program, psql, scaled
from world import RAW, World

LIAISON, OTHER_LIAISON, OFFICER = "department_liaison.own", "department_liaison.silent", "data_officer.own"
NEXT_LIAISON = "department_liaison.other"  # of the same department, in another county
SECURITY = "security_administrator.own"
FEED, SECOND_FEED = district.FEED, "lost-contact"  # of justice, and of public security
PIECE = 1 << 20
SERIAL = itertools.count(100)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    made = World(tmp_path_factory.mktemp("intake"), "sqlite")
    made.folder = made.program.home / "folder"
    (made.folder / FEED).mkdir(parents=True)
    made.live.stop()
    made.live.options = ["--config", made.program.file("intake.conf",
                                                       f"clock = off\nfeed_folder = {made.folder}\n")]
    made.live.start()
    yield made
    made.close()


def call(place, name, method, path, body=None, expect=200, **more):
    place.clock.forward(2)
    answer = place.client(name).call(method, path, body, **more)
    assert answer.status == expect, f"{name}: {method} {path}: {answer}"
    return answer.data if answer.type.endswith("json") and answer.body else answer.body


def somebody(serial):
    """Whom no register holds."""
    return id_number(f"19{70 + serial % 20}-0{1 + serial % 9}-1{serial % 9}", serial % 499, "MF"[serial % 2],
                     f"9999{serial // 499 % 90 + 10}")


def wrong_end(number):
    """With another check digit."""
    return number[:17] + ("1" if number[17] != "1" else "2")


def rows(count, **changes):
    """Of the file of FEED."""
    made = []
    for _ in range(count):
        n = next(SERIAL)
        made.append({"入监编号": f"CANARY-HTTP-{n}", "身份证号": somebody(n), "姓名": "试某", "入监日期": "2026-05-12",
                     "刑期": "3年6个月", "刑期止日": "2029-11-11", **changes})
    return made


def csv(made):
    return district.csv_bytes(made)


def story(place, delivery):
    return place.taken_in(delivery, OFFICER)


def begin(place, content, feed=FEED, name=LIAISON):
    return call(place, name, "POST", "/api/v1/deliveries",
                {"feed": feed, "file_name": "CANARY-FILE.csv", "size": len(content)}, 201)


def put(place, delivery, content, number, expect=204, name=LIAISON):
    return call(place, name, "PUT", f"/api/v1/deliveries/{delivery}/pieces/{number}",
                content[number * PIECE:(number + 1) * PIECE], expect, headers=RAW)


def close(place, delivery, content=None, expect=200, name=LIAISON):
    body = {} if content is None else {"sha256": hashlib.sha256(content).hexdigest()}
    return call(place, name, "POST", f"/api/v1/deliveries/{delivery}/close", body, expect)


def refused(place, delivery, name=LIAISON):
    return call(place, name, "GET", f"/api/v1/quarantine?delivery={delivery}&limit=100")["items"]


def token_of(place, feed=FEED):
    made = call(place, SECURITY, "POST", f"/api/v1/feeds/{feed}/tokens", None, 201)
    return made["token"], made["id"]


def push(place, token, made, expect=200, feed=FEED):
    place.clock.forward(1)
    answer = place.live.client().call("POST", f"/api/v1/feeds/{feed}/rows", {"rows": made},
                                      headers={"Authorization": f"Bearer {token}"} if token else None)
    assert answer.status == expect, answer
    return answer


# Handing in

def test_pieces_come_in_any_order_and_twice(place):
    content = csv(rows(60, 罪名="某" * 15000))
    begun = begin(place, content)
    assert (begun["piece"], begun["pieces"]) == (PIECE, 3)
    for number in (2, 0, 2, 1, 0):
        put(place, begun["id"], content, number)
    assert close(place, begun["id"], content) == {"id": begun["id"], "same": False}
    told = story(place, begun["id"])
    assert (told["state"], told["rows"], told["unlinked"], told["quarantined"]) == ("done", 60, 60, 0), told


def test_a_file_that_is_cut_off_is_not_taken(place):
    content = csv(rows(30, 罪名="某" * 15000))
    begun = begin(place, content)
    put(place, begun["id"], content, 1)
    assert close(place, begun["id"], expect=422)["code"] == "HM-3205"
    put(place, begun["id"], content, 0)
    assert close(place, begun["id"], content + b"x", 422)["code"] == "HM-3205"
    close(place, begun["id"], content)
    assert story(place, begun["id"])["unlinked"] == 30


def test_pieces_are_what_they_are_said_to_be(place):
    content = csv(rows(12))
    delivery = begin(place, content)["id"]
    path = f"/api/v1/deliveries/{delivery}/pieces/0"
    call(place, LIAISON, "PUT", path, content, 415)
    call(place, LIAISON, "PUT", path, b"", 422, headers=RAW)
    call(place, LIAISON, "PUT", path, b"x" * (PIECE + 1), 413, headers=RAW)
    call(place, LIAISON, "PUT", f"/api/v1/deliveries/{delivery}/pieces/512", content, 404, headers=RAW)
    call(place, LIAISON, "PUT", path, content, 403, headers=RAW, csrf=False)
    # Who has not begun it has no part in it, whatever else they may see of it.
    for other in (OTHER_LIAISON, OFFICER, "department_liaison.other"):
        put(place, delivery, content, 0, 404, name=other)
        close(place, delivery, content, 404, name=other)
    put(place, delivery, content, 0)
    close(place, delivery, content)
    put(place, delivery, content, 0, 409)
    assert story(place, delivery)["state"] == "done"


def test_a_file_is_given_up_before_it_has_arrived(place):
    content = csv(rows(2))
    delivery = begin(place, content)["id"]
    call(place, OFFICER, "DELETE", f"/api/v1/deliveries/{delivery}", None, 404)
    call(place, LIAISON, "DELETE", f"/api/v1/deliveries/{delivery}", None, 204)
    put(place, delivery, content, 0, 409)
    assert story(place, delivery)["state"] == "rejected"
    done = place.hand_in(LIAISON, content, "CANARY-FILE.csv", FEED)
    story(place, done)
    call(place, LIAISON, "DELETE", f"/api/v1/deliveries/{done}", None, 409)


def test_a_source_of_another_department_is_not_there(place):
    body = {"feed": SECOND_FEED, "file_name": "a.csv", "size": 10}
    call(place, LIAISON, "POST", "/api/v1/deliveries", body, 404)
    call(place, LIAISON, "POST", "/api/v1/deliveries", {**body, "feed": "no-such-feed"}, 404)
    call(place, OFFICER, "POST", "/api/v1/deliveries", body, 201)


# Held

def test_a_delivery_that_shrinks_waits_for_a_person(place):
    place.hand_in(OFFICER, lost(40), "CANARY-FILE.csv", SECOND_FEED)
    small = place.hand_in(OFFICER, lost(3), "CANARY-FILE.csv", SECOND_FEED)
    told = story(place, small)
    assert (told["state"], told["held"], told["done"]) == ("held", ["shrunk"], 0), told
    path = f"/api/v1/deliveries/{small}/decision"
    call(place, LIAISON, "POST", path, {"allow": ["shrunk"], "reason": "known"}, 403)
    call(place, OFFICER, "POST", path, {"reason": "neither"}, 422)
    call(place, OFFICER, "POST", path, {"allow": ["shrunk"], "reject": True, "reason": "both"}, 422)
    call(place, OFFICER, "POST", path, {"allow": ["shrunk"], "reason": "half a month"}, 204)
    told = story(place, small)
    assert (told["state"], told["allowed"], told["done"]) == ("done", ["shrunk"], 3), told
    call(place, OFFICER, "POST", path, {"reject": True, "reason": "late"}, 409)


def lost(count, renamed="受理日期"):
    made = []
    for _ in range(count):
        n = next(SERIAL)
        made.append({"回执编号": f"CANARY-LOST-{n}", "失联人员身份证号": somebody(n), "失联人员姓名": "试某",
                     renamed: "2026-05-12", "状态": "查找中"})
    return csv(made)


def test_columns_renamed_overnight(place):
    content = lost(30, "登记时间点")
    delivery = place.hand_in(OFFICER, content, "CANARY-FILE.csv", SECOND_FEED)
    told = story(place, delivery)
    assert (told["state"], told["held"], told["done"]) == ("held", ["columns_missing"], 0), told
    # The same file once more is the same delivery.
    again = begin(place, content, SECOND_FEED, OFFICER)["id"]
    put(place, again, content, 0, name=OFFICER)
    assert close(place, again, content, name=OFFICER) == {"id": delivery, "same": True}
    assert story(place, again)["state"] == "rejected"
    call(place, OFFICER, "POST", f"/api/v1/deliveries/{delivery}/decision",
         {"allow": ["columns_missing"], "reason": "no"}, 409)
    suggestion = call(place, OFFICER, "GET", f"/api/v1/deliveries/{delivery}/suggestion")
    (renamed,) = suggestion["renamed"]
    assert (renamed["column"], renamed["named"], renamed["header"]) == ("accepted", "受理日期", "登记时间点")
    mapping = call(place, OFFICER, "GET", f"/api/v1/feeds/{SECOND_FEED}")["mapping"]
    learned = mapping.replace("受理日期, ", "受理日期, 登记时间点, ", 1)
    assert learned != mapping
    preview = call(place, OFFICER, "POST", f"/api/v1/deliveries/{delivery}/preview", {"yaml": learned})
    assert preview["refused"] == 0 and not preview["missing"] and len(preview["rows"]) == 30
    saved = call(place, OFFICER, "PUT", f"/api/v1/feeds/{SECOND_FEED}", {"yaml": learned, "delivery": delivery})
    assert saved["deliveries"] == 1
    told = story(place, delivery)
    assert (told["state"], told["done"]) == ("done", 30), told
    editions = call(place, OFFICER, "GET", f"/api/v1/feeds/{SECOND_FEED}")["editions"]
    assert [e["id"] for e in editions] == [saved["edition"]]


def test_a_mapping_with_a_mistake_is_told_with_its_place(place):
    path = f"/api/v1/feeds/{SECOND_FEED}"
    mapping = call(place, OFFICER, "GET", path)["mapping"]
    told = call(place, OFFICER, "PUT", path, {"yaml": mapping.replace("form: date", "form: dat", 1)}, 422)
    assert told["code"] == "HM-3201" and "mapping:" in told["detail"], told
    told = call(place, OFFICER, "PUT", "/api/v1/feeds/another", {"yaml": mapping}, 422)
    assert told["code"] == "HM-3201", told
    call(place, LIAISON, "PUT", path, {"yaml": mapping}, 403)


def test_the_assistant_shows_no_cell(place):
    """A file of no source: what it holds is told, and nobody in it."""
    made = [{"罪犯姓名": f"王{chr(0x9F10 + n)}", "证件号码": somebody(next(SERIAL)), "收监日期": "2026-05-12",
             "原判刑期": "3年", "自编号": f"K{n}"} for n in range(30)]
    delivery = place.hand_in(OFFICER, csv(made), "CANARY-FILE.csv")
    assert story(place, delivery)["state"] == "unmapped"
    suggestion = call(place, OFFICER, "GET", f"/api/v1/deliveries/{delivery}/suggestion")
    assert {c["header"]: c["use"] for c in suggestion["columns"]}["证件号码"] == "id_no", suggestion["columns"]
    assert suggestion["rows"] and suggestion["mapping"]
    text = place.live.journal[-1].answer.body.decode()
    for row in made:
        assert row["罪犯姓名"] not in text and row["证件号码"] not in text
    call(place, LIAISON, "GET", f"/api/v1/deliveries/{delivery}/suggestion", expect=403)


# The quarantine desk

def delivered(place, *changes, count=12):
    """A delivery whose first rows are changed as told; its id. It is never a tenth of the one before."""
    made = rows(len(changes) + count)
    for row, change in zip(made, changes):
        row.update(change)
    delivery = place.hand_in(LIAISON, csv(made), "CANARY-FILE.csv", FEED)
    assert story(place, delivery)["state"] == "done"
    return delivery


def test_a_row_is_mended(place):
    delivery = delivered(place, {"入监日期": "昨天"})
    (item,) = refused(place, delivery)
    assert (item["column"], item["value"], item["state"]) == ("入监日期", "昨天", "waits")
    path = f"/api/v1/quarantine/{item['id']}"
    cells = {c["header"]: c for c in call(place, LIAISON, "GET", path)["cells"]}
    assert cells["入监日期"]["at_fault"] and cells["入监日期"]["column"] == "admitted"
    edits = [{"column": "入监日期", "value": "前天"}]
    still = call(place, LIAISON, "POST", f"{path}/mend", {"edits": edits})
    assert (still["rows"], still["refused"]) == (1, 1), still
    assert call(place, LIAISON, "GET", path)["state"] == "waits"
    edits[0]["value"] = "2026.5.13"
    mended = call(place, LIAISON, "POST", f"{path}/mend", {"edits": edits})
    assert (mended["refused"], mended["unlinked"]) == (0, 1), mended
    assert call(place, LIAISON, "GET", path)["state"] == "mended"
    call(place, LIAISON, "POST", f"{path}/mend", {"edits": edits}, 409)
    assert call(place, OFFICER, "GET", f"/api/v1/deliveries/{delivery}")["waiting"] == 0


def test_all_alike_are_mended_at_once(place):
    delivery = delivered(place, *[{"入监日期": "昨天"}] * 60, {"入监日期": "今天"})
    groups = call(place, LIAISON, "GET", f"/api/v1/quarantine/groups?delivery={delivery}")["items"]
    assert [(g["rows"], g["column"], g["value"]) for g in groups] == [(60, "入监日期", "昨天"), (1, "入监日期", "今天")]
    example = groups[0]["example"]
    like = call(place, LIAISON, "GET", f"/api/v1/quarantine?delivery={delivery}&like={example}&limit=100")
    assert len(like["items"]) == 60
    body, total = {"column": "入监日期", "value": "2026-05-13"}, 0
    while True:
        told = call(place, LIAISON, "POST", f"/api/v1/quarantine/{example}/mend-alike", body)
        total += told["unlinked"]
        if told["next"] is None:
            break
        body["after"] = told["next"]
    assert total >= 60
    assert [i["value"] for i in refused(place, delivery) if i["state"] == "waits"] == ["今天"]


def test_rows_are_sent_back_and_come_again(place):
    wrong = wrong_end(somebody(next(SERIAL)))
    delivery = delivered(place, {"入监日期": "昨天"}, {"身份证号": wrong})
    call(place, OFFICER, "POST", "/api/v1/quarantine/return", {"delivery": delivery}, 403)
    book = call(place, LIAISON, "POST", "/api/v1/quarantine/return", {"delivery": delivery},
                headers={"Accept-Language": "en"})
    place.clock.forward(60)
    text = b"".join(zipfile.ZipFile(io.BytesIO(book)).read(n) for n in zipfile.ZipFile(io.BytesIO(book)).namelist())
    for word in ("why it was returned", "what to do", "昨天", wrong, "入监编号"):
        assert word.encode() in text, word
    assert {i["state"] for i in refused(place, delivery)} == {"returned"}
    call(place, LIAISON, "POST", "/api/v1/quarantine/return", {"delivery": delivery}, 404)


def test_a_row_is_set_aside_with_a_reason(place):
    delivery = delivered(place, {"入监日期": "昨天"})
    (item,) = refused(place, delivery)
    path = f"/api/v1/quarantine/{item['id']}/set-aside"
    call(place, LIAISON, "POST", path, {}, 422)
    call(place, LIAISON, "POST", path, {"reason": "CANARY-REASON"}, 204)
    assert refused(place, delivery)[0]["state"] == "set_aside"
    call(place, LIAISON, "POST", path, {"reason": "again"}, 409)


def test_rows_are_tried_again_by_a_new_mapping(place):
    delivery = delivered(place, *[{"入监日期": "昨天"}] * 3)
    again = call(place, LIAISON, "POST", "/api/v1/quarantine/retry", {"feed": FEED, "delivery": delivery})
    assert (again["rows"], again["refused"], again["next"]) == (3, 3, None), again


def test_another_department_meets_nothing(place):
    delivery = delivered(place, {"入监日期": "昨天"})
    (item,) = refused(place, delivery)
    for path in (f"/api/v1/deliveries/{delivery}", f"/api/v1/quarantine/{item['id']}", f"/api/v1/feeds/{FEED}"):
        here = call(place, OTHER_LIAISON, "GET", path, expect=404)
        nowhere = call(place, OTHER_LIAISON, "GET", path[:path.rindex("/")] + "/999999999999", expect=404)
        assert {**here, "request": ""} == {**nowhere, "request": ""}
    for path in ("/api/v1/feeds", "/api/v1/deliveries", "/api/v1/quarantine", "/api/v1/quarantine/groups",
                 "/api/v1/unlinked", f"/api/v1/quarantine?delivery={delivery}"):
        assert call(place, OTHER_LIAISON, "GET", path)["items"] == [], path
    path = f"/api/v1/quarantine/{item['id']}"
    call(place, OTHER_LIAISON, "POST", f"{path}/mend", {"edits": []}, 404)
    call(place, OTHER_LIAISON, "POST", f"{path}/mend-alike", {"column": "入监日期", "value": "x"}, 404)
    call(place, OTHER_LIAISON, "POST", f"{path}/set-aside", {"reason": "x"}, 404)
    call(place, OTHER_LIAISON, "POST", "/api/v1/quarantine/return", {"delivery": delivery}, 404)
    retried = call(place, OTHER_LIAISON, "POST", "/api/v1/quarantine/retry", {"delivery": delivery})
    assert retried["rows"] == 0
    assert refused(place, delivery)[0]["state"] == "waits"


def handed_in(place, name, *changes, count=12):
    """As `delivered`, by somebody else, who follows it."""
    made = rows(len(changes) + count)
    for row, change in zip(made, changes):
        row.update(change)
    delivery = place.hand_in(name, csv(made), "CANARY-FILE.csv", FEED)
    assert place.taken_in(delivery, name)["state"] == "done"
    return delivery


def waiting(place, delivery, name):
    return sorted(i["id"] for i in refused(place, delivery, name) if i["state"] == "waits")


def same_as_nowhere(place, name, method, path, body=None):
    """What is not theirs is answered in the words of what is not there."""
    parts = path.split("/")
    here = call(place, name, method, path, body, 404)
    nowhere = call(place, name, method, "/".join([*parts[:4], "999999999999", *parts[5:]]), body, 404)
    assert {**here, "request": ""} == {**nowhere, "request": ""}, path


def test_the_same_department_of_another_county_meets_nothing(place):
    delivery = delivered(place, {"入监日期": "昨天"})
    (item,) = refused(place, delivery)
    for method, path, body in (
            ("GET", f"/api/v1/deliveries/{delivery}", None), ("GET", f"/api/v1/quarantine/{item['id']}", None),
            ("GET", f"/api/v1/quarantine/{item['id']}", None),
            ("POST", f"/api/v1/quarantine/{item['id']}/mend", {"edits": [{"column": "入监日期", "value": "2026-05-13"}]}),
            ("POST", f"/api/v1/quarantine/{item['id']}/mend-alike", {"column": "入监日期", "value": "2026-05-13"}),
            ("POST", f"/api/v1/quarantine/{item['id']}/set-aside", {"reason": "x"})):
        same_as_nowhere(place, NEXT_LIAISON, method, path, body)
    for path in ("/api/v1/deliveries", f"/api/v1/deliveries?feed={FEED}", "/api/v1/quarantine", "/api/v1/quarantine/groups",
                 f"/api/v1/quarantine?feed={FEED}", f"/api/v1/quarantine?delivery={delivery}",
                 f"/api/v1/quarantine/groups?delivery={delivery}", "/api/v1/unlinked"):
        assert call(place, NEXT_LIAISON, "GET", path)["items"] == [], path
    call(place, NEXT_LIAISON, "GET", f"/api/v1/quarantine?like={item['id']}", expect=404)
    for body in ({"delivery": delivery}, {"feed": FEED}):
        call(place, NEXT_LIAISON, "POST", "/api/v1/quarantine/return", body, 404)
        assert call(place, NEXT_LIAISON, "POST", "/api/v1/quarantine/retry", body)["rows"] == 0
    assert waiting(place, delivery, LIAISON) == [item["id"]]
    (glance,) = [g for g in call(place, NEXT_LIAISON, "GET", "/api/v1/feeds")["items"] if g["name"] == FEED]
    assert [glance[n] for n in ("last", "last_at", "last_rows", "last_refused", "last_unlinked", "lag_days")] == [None] * 6
    assert (glance["waiting"], glance["held"], glance["unlinked"]) == (0, 0, 0)


def test_alike_ends_at_the_county(place):
    """The same mistake in two counties: each mends its own."""
    wrong = {"入监日期": f"第{next(SERIAL)}日"}
    here, there = delivered(place, wrong, wrong), handed_in(place, NEXT_LIAISON, wrong, wrong, wrong)
    call(place, LIAISON, "GET", f"/api/v1/deliveries/{there}", expect=404)
    theirs = waiting(place, there, NEXT_LIAISON)
    assert len(theirs) == 3 and len(waiting(place, here, LIAISON)) == 2
    groups = call(place, LIAISON, "GET", f"/api/v1/quarantine/groups?feed={FEED}")["items"]
    assert [g["rows"] for g in groups if g["value"] == wrong["入监日期"]] == [2]
    example = waiting(place, here, LIAISON)[0]
    told = call(place, LIAISON, "POST", f"/api/v1/quarantine/{example}/mend-alike",
                {"column": "入监日期", "value": "2026-05-13"})
    assert (told["rows"], told["refused"], told["next"]) == (2, 0, None), told
    assert waiting(place, here, LIAISON) == [] and waiting(place, there, NEXT_LIAISON) == theirs
    told = call(place, LIAISON, "POST", "/api/v1/quarantine/retry", {"feed": FEED})
    assert waiting(place, there, NEXT_LIAISON) == theirs
    told = call(place, NEXT_LIAISON, "POST", f"/api/v1/quarantine/{theirs[0]}/mend-alike",
                {"column": "入监日期", "value": "2026-05-13"})
    assert (told["rows"], told["refused"]) == (3, 0), told
    # What was mended is a delivery of the own county, too: neither meets the other's.
    mended = {name: {i["id"] for i in call(place, name, "GET", f"/api/v1/deliveries?feed={FEED}&limit=100")["items"]
                     if i["channel"] == "desk"} for name in (LIAISON, NEXT_LIAISON)}
    assert mended[LIAISON] and len(mended[NEXT_LIAISON]) == 1 and not mended[LIAISON] & mended[NEXT_LIAISON]
    (waits,) = call(place, NEXT_LIAISON, "GET", "/api/v1/unlinked")["items"]
    assert (waits["feed"], waits["records"]) == (FEED, 15), waits
    (glance,) = [g for g in call(place, NEXT_LIAISON, "GET", "/api/v1/feeds")["items"] if g["name"] == FEED]
    assert (glance["last"], glance["last_rows"], glance["last_refused"]) == (there, 15, 3), glance
    # Who keeps the deliveries of a county in order keeps those of that county.
    call(place, OFFICER, "GET", f"/api/v1/deliveries/{there}", expect=404)
    call(place, OFFICER, "GET", f"/api/v1/quarantine/{theirs[0]}", expect=404)
    assert there not in {i["id"] for i in call(place, OFFICER, "GET", "/api/v1/deliveries?limit=100")["items"]}


def test_the_same_file_from_two_counties_is_two_deliveries(place):
    """Neither learns from it that the other has the same people."""
    content, begun = csv(rows(12)), {}
    for name in (LIAISON, NEXT_LIAISON):
        begun[name] = begin(place, content, name=name)["id"]
        put(place, begun[name], content, 0, name=name)
    for name in (LIAISON, NEXT_LIAISON):
        assert close(place, begun[name], content, name=name) == {"id": begun[name], "same": False}
    for name in (LIAISON, NEXT_LIAISON):
        assert place.taken_in(begun[name], name)["state"] == "done"


def test_what_a_program_handed_in_is_seen_where_the_source_speaks_of_nobody_else(place):
    token, _ = token_of(place)
    wrong = f"第{next(SERIAL)}日"
    assert push(place, token, rows(1, 入监日期=wrong)).data["quarantined"] == 1

    def seen(name):
        return [i for i in call(place, name, "GET", f"/api/v1/quarantine?feed={FEED}&state=waits&limit=100")["items"]
                if i["line"] and wrong in (i["value"], i["outline"])]

    def cover(division):
        return call(place, OFFICER, "POST", f"/api/v1/feeds/{FEED}/coverage",
                    {"division": division, "from": "2026-01-01"}, 201)["id"]

    assert not seen(LIAISON) and not seen(NEXT_LIAISON)
    own = cover(district.TOWN)
    (item,) = seen(LIAISON)
    assert call(place, LIAISON, "GET", f"/api/v1/quarantine/{item['id']}")["state"] == "waits"
    assert not seen(NEXT_LIAISON)
    other = cover(district.OTHER_COUNTY)
    assert not seen(LIAISON) and not seen(NEXT_LIAISON)
    same_as_nowhere(place, LIAISON, "GET", f"/api/v1/quarantine/{item['id']}")
    for coverage in (own, other):
        call(place, OFFICER, "DELETE", f"/api/v1/coverage/{coverage}", None, 204)
    assert not seen(LIAISON)


def test_a_data_officer_sees_each_cell_masked(place):
    delivery = delivered(place, {"入监日期": "昨天", "姓名": "欧阳某某"})
    (item,) = refused(place, delivery, OFFICER)
    assert item["value"] is None and item["masked"]["value"] == "none" and item["outline"]
    whole = call(place, LIAISON, "GET", f"/api/v1/quarantine/{item['id']}")["cells"]
    seen = call(place, OFFICER, "GET", f"/api/v1/quarantine/{item['id']}")["cells"]
    for full, left in zip(whole, seen):
        assert left["value"] is None and full["outline"] == left["outline"]
        if full["header"] in ("身份证号", "姓名"):
            assert full["value"] != left["outline"] and full["value"][-2:] not in left["outline"]
    # And mends it all the same, by a value of their own.
    mended = call(place, OFFICER, "POST", f"/api/v1/quarantine/{item['id']}/mend",
                  {"edits": [{"column": "入监日期", "value": "2026-05-20"}]})
    assert mended["refused"] == 0


# By token

def test_rows_by_token(place):
    token, token_id = token_of(place)
    made = rows(3)
    made[1]["入监日期"] = "昨天"
    told = push(place, token, made).data
    assert (told["unlinked"], told["quarantined"]) == (2, 1), told
    (refusal,) = told["refusals"]
    assert (refusal["index"], refusal["column"]) == (1, "入监日期") and "昨天" not in refusal["message"]
    again = push(place, token, made).data
    assert (again["duplicate"], again["quarantined"]) == (2, 1), again
    (listed,) = [t for t in call(place, SECURITY, "GET", f"/api/v1/feeds/{FEED}/tokens")["items"]
                 if t["id"] == token_id]
    assert listed["used"] and not listed["ended"] and token not in str(listed)
    rows_of_trail = place.trail(event="records.ingested")
    assert any(f"token {token_id}" in (r["detail"] or "") for r in rows_of_trail), rows_of_trail[-3:]


def test_a_token_opens_one_source_and_nothing_else(place):
    token, token_id = token_of(place)
    other, _ = token_of(place, SECOND_FEED)
    made = rows(1)
    answer = push(place, other, made, 403)
    assert answer.data["code"] == "HM-1205", answer
    assert any(r["event"] == "session.refused" and "another feed" in (r["detail"] or "") for r in place.trail())
    for wrong in (None, "", "hmf_" + "A" * 43, token[:-1], token.swapcase(), "x" * 2000):
        answer = push(place, wrong, made, 401)
        assert answer.headers["www-authenticate"] == "Bearer"
    # A session is no token, and a token is no session.
    answer = place.client(LIAISON).call("POST", f"/api/v1/feeds/{FEED}/rows", {"rows": made})
    assert answer.status == 401, answer
    for method, path in (("GET", f"/api/v1/feeds/{FEED}"), ("GET", "/api/v1/quarantine"), ("GET", "/api/v1/session")):
        answer = place.live.client().call(method, path, headers={"Authorization": f"Bearer {token}"})
        assert answer.status == 401, answer
    assert push(place, token, made).data["unlinked"] == 1
    call(place, SECURITY, "DELETE", f"/api/v1/tokens/{token_id}", None, 204)
    push(place, token, made, 401)


def test_rows_are_held_to_their_form(place):
    token, _ = token_of(place)
    made = rows(1)
    for body in ({}, {"rows": []}, {"rows": [[]]}, {"rows": [{"入监编号": {}}]}, {"rows": [{"入监编号": [1]}]},
                 {"rows": [{"入监编号": True}]}, {"rows": [{"入监编号": "x" * 4001}]}, {"rows": [{f"c{n}": 1 for n in range(65)}]},
                 {"rows": made * 51}, {"rows": made, "feed": FEED}):
        answer = place.live.client().call("POST", f"/api/v1/feeds/{FEED}/rows", body,
                                          headers={"Authorization": f"Bearer {token}"})
        assert answer.status == 422, (body, answer)
        assert b"CANARY" not in answer.body
        place.clock.forward(1)
    # Numbers and nothing are cells as well.
    made[0].update({"入监编号": 20260512001, "入监日期": 20260512, "姓名": None})
    assert push(place, token, made).data["unlinked"] == 1
    assert push(place, token, [{**made[0], "入监编号": "20260512001", "入监日期": "2026-05-12"}]).data["duplicate"] == 1


# Each channel alike

def outcome(told):
    return tuple(told[n] for n in ("accepted", "duplicate", "quarantined", "unlinked"))


def test_each_channel_gives_the_same(place):
    made = rows(50)
    made[1]["入监日期"] = "2026/5/13"
    made[2]["身份证号"] = wrong_end(made[2]["身份证号"])
    made[3]["入监日期"] = "12-05-26"
    made[4]["刑期"] = "P3Y6M"
    made[5]["身份证号"] = district.OWN_CHILD.father.id_no
    made[5]["姓名"] = district.OWN_CHILD.father.name
    first = place.hand_in(LIAISON, csv(made), "CANARY-FILE.csv", FEED)
    told = outcome(story(place, first))
    assert told[1] == 0 and told[0] == 1 and told[2] == 2 and told[3] == 47, told
    expected = (0, told[0] + told[3], told[2], 0)
    token, _ = token_of(place)
    assert outcome(push(place, token, made).data) == expected
    assert outcome(in_folder(place, made)) == expected
    assert outcome(story(place, place.hand_in(OFFICER, district.csv_bytes(made, "gb18030"), "CANARY-FILE.csv",
                                              FEED))) == expected
    reasons = {}
    # What came by the folder and by token is the liaison's once the source speaks of the own county alone.
    covered = call(place, OFFICER, "POST", f"/api/v1/feeds/{FEED}/coverage",
                   {"division": district.COUNTY, "from": "2026-01-01"}, 201)
    items = call(place, LIAISON, "GET", f"/api/v1/quarantine?feed={FEED}&state=waits&limit=100")["items"]
    call(place, OFFICER, "DELETE", f"/api/v1/coverage/{covered['id']}", None, 204)
    assert sum(i["value"] == made[3]["入监日期"] for i in items) == 4
    for item in items:
        reasons.setdefault((item["column"], item["value"]), set()).add((item["code"], item["reason"]))
    for row, column in ((made[2], "身份证号"), (made[3], "入监日期")):
        assert len(reasons[column, row[column]]) == 1, reasons[column, row[column]]


def in_folder(place, made):
    """The story of what is laid into the watched folder."""
    name = f"list-{next(SERIAL)}.csv"
    known = {i["id"] for i in call(place, OFFICER, "GET", f"/api/v1/deliveries?feed={FEED}&limit=100")["items"]}
    (place.folder / FEED / f"{name}.part").write_bytes(csv(made))
    (place.folder / FEED / f"{name}.part").rename(place.folder / FEED / name)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        place.clock.forward(10)
        new = [i for i in call(place, OFFICER, "GET", f"/api/v1/deliveries?feed={FEED}&limit=100")["items"]
               if i["id"] not in known and i["channel"] == "folder"]
        if new:
            told = story(place, new[0]["id"])
            break
        time.sleep(0.2)
    else:
        pytest.fail("nobody has looked into the folder")
    until = time.monotonic() + 10
    while not (place.folder / FEED / "done" / name).exists() and time.monotonic() < until:
        time.sleep(0.1)
    note = (place.folder / FEED / "done" / f"{name}.txt").read_text("utf-8")
    for row in made:
        assert row["身份证号"] not in note and row["入监编号"] not in note
    return told


def test_the_same_file_twice_at_once_is_one_delivery(place):
    content, ids, lock = csv(rows(400)), [], threading.Barrier(2)
    begun = [begin(place, content)["id"] for _ in range(2)]
    for delivery in begun:
        put(place, delivery, content, 0)
    clients = [place.client(LIAISON), place.live.client(district.ACCOUNTS[LIAISON])]
    clients[1].cookie, clients[1].csrf = clients[0].cookie, clients[0].csrf

    def finish(n):
        lock.wait()
        ids.append(clients[n].call("POST", f"/api/v1/deliveries/{begun[n]}/close", {}).data["id"])

    threads = [threading.Thread(target=finish, args=(n,)) for n in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    told = [story(place, d) for d in begun]
    assert sum(t["unlinked"] for t in told) == 400, told


# In full

def test_the_server_is_killed_while_rows_are_taken(place):
    content = csv(rows(scaled(6000)))
    delivery = place.hand_in(LIAISON, content, "CANARY-FILE.csv", FEED)
    path = f"/api/v1/deliveries/{delivery}"
    until = time.monotonic() + 60
    while call(place, OFFICER, "GET", path)["done"] == 0 and time.monotonic() < until:
        time.sleep(0.01)
    before = call(place, OFFICER, "GET", path)
    place.live.process.send_signal(signal.SIGKILL)
    place.live.process.wait()
    place.live.start()
    told = story(place, delivery)
    assert told["state"] == "done" and told["done"] == told["rows"] == scaled(6000), told
    assert told["unlinked"] == scaled(6000) and told["duplicate"] == 0, (before, told)
    verified = place.live.command("audit", "verify")
    assert verified.returncode == 0, verified.stderr


def test_nobody_waits_for_a_delivery(place):
    """Single writes while 20,000 rows are taken in."""
    count = scaled(20000)
    delivery = place.hand_in(LIAISON, csv(rows(count)), "CANARY-FILE.csv", FEED)
    times, path = [], f"/api/v1/deliveries/{delivery}"
    client = place.client("supervisor.own")
    while True:
        at = time.perf_counter()
        answer = client.call("POST", "/api/v1/notices/seen", {"up_to": "1"})
        times.append(time.perf_counter() - at)
        assert answer.status == 204, answer
        place.clock.forward(1)
        if len(times) % 20 == 0 and place.client(OFFICER).call("GET", path).data["state"] == "done":
            break
        time.sleep(0.01)
    times.sort()
    print(f"{len(times)} writes during {count} rows: half in {times[len(times) // 2] * 1000:.1f} ms, "
          f"95 of 100 in {times[len(times) * 95 // 100] * 1000:.1f} ms, the longest {times[-1] * 1000:.1f} ms")
    assert times[len(times) * 95 // 100] < 0.15


# What is told about it all

def test_sources_at_a_glance(place):
    glances = {g["name"]: g for g in call(place, OFFICER, "GET", "/api/v1/feeds")["items"]}
    assert glances[FEED]["last"] and glances[FEED]["heard"] and glances[FEED]["waiting"] > 0
    assert [g["name"] for g in call(place, LIAISON, "GET", "/api/v1/feeds")["items"]] == sorted(
        n for n, g in glances.items() if g["department"] == "justice")
    assert {g["name"] for g in call(place, SECURITY, "GET", "/api/v1/feeds")["items"]} == set(glances)
    covered = call(place, OFFICER, "POST", f"/api/v1/feeds/{FEED}/coverage",
                   {"division": district.TOWN, "from": "2026-01-01"}, 201)
    assert call(place, OFFICER, "GET", f"/api/v1/feeds/{FEED}")["coverage"][0]["division"] == district.TOWN
    call(place, LIAISON, "DELETE", f"/api/v1/coverage/{covered['id']}", None, 403)
    call(place, OFFICER, "DELETE", f"/api/v1/coverage/{covered['id']}", None, 204)
    assert call(place, OFFICER, "GET", f"/api/v1/feeds/{FEED}")["coverage"] == []
    call(place, OFFICER, "DELETE", "/api/v1/coverage/999999999999", None, 404)


def test_figures_name_sources_and_nobody(place):
    text = place.live.client().call("GET", "/metrics").body.decode()
    assert f'humiao_feed_heard_seconds{{feed="{FEED}"}}' in text
    assert 'humiao_deliveries{state="done"}' in text
    assert "CANARY" not in text and "试某" not in text


def test_no_cell_is_logged(place):
    log = place.live.log.read_bytes()
    for word in ("CANARY", "试某", "昨天", "hmf_"):
        assert word.encode() not in log, word


# What a server looks at by itself

def again(place, *lines):
    """The server once more, with more in its configuration."""
    place.live.stop()
    place.live.options = ["--config", place.program.file("again.conf", "\n".join([*lines, ""]))]
    place.live.start()


def until(what, patience=60):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.2)
    pytest.fail("it has not come about")


@pytest.mark.skipif("postgresql" not in ENGINES, reason="HUMIAO_TEST_PG is not set")
def test_a_table_of_the_exchange_side(place, tmp_path):
    """Read from where it was read last; its address is told to nobody."""
    url = new_program(tmp_path / "exchange", "postgresql").url
    made = rows(12)
    columns = list(made[0])
    psql(url, "CREATE TABLE rjry (id INTEGER, gxsj TIMESTAMP, " + ", ".join(f'"{c}" TEXT' for c in columns) + ")")

    def insert(first, some):
        for n, row in enumerate(some):
            values = ", ".join(f"'{row[c]}'" for c in columns)
            psql(url, f"INSERT INTO rjry VALUES ({first + n}, '2026-06-01 08:00:{first + n:02d}', {values})")

    insert(0, made[:10])
    file = place.program.file("exchange.url", url + "\n")
    os.chmod(file, 0o644)
    refused_start = place.program.run("serve", "--config", place.program.file(
        "open.conf", f"exchange_url_file = {file}\n"), expect=None, env=place.live.env)
    assert refused_start.returncode == 3 and url not in refused_start.stderr, refused_start
    os.chmod(file, 0o600)
    again(place, "clock = off", f"exchange_url_file = {file}")

    def told(count):
        items = call(place, OFFICER, "GET", f"/api/v1/deliveries?feed={FEED}&limit=100")["items"]
        return [i for i in items if i["channel"] == "exchange" and i["unlinked"] == count]

    until(lambda: told(10))
    insert(10, made[10:])
    again(place, "clock = off", f"exchange_url_file = {file}")  # its first look is at once
    until(lambda: told(12))
    log = place.live.log.read_text("utf-8")
    assert url not in log and "rjry" not in log


def test_a_silent_source_is_told_once(place):
    call(place, OFFICER, "POST", "/api/v1/feeds/deaths/coverage", {"division": district.COUNTY, "from": "2026-01-01"}, 201)
    place.clock.forward(50 * 24 * 3600)  # a month is usual, and five days of grace
    again(place, "clock = on")
    notices = until(lambda: [n for n in call(place, OFFICER, "GET", "/api/v1/notices")["items"]
                             if n["kind"] == "feed_silent"])
    count = len(notices)  # the sources that were heard a month and a half ago are silent by now as well
    glances = {g["name"]: g for g in call(place, OFFICER, "GET", "/api/v1/feeds")["items"]}
    assert glances["deaths"]["silent"] and not glances["deaths"]["heard"]
    again(place, "clock = on")
    time.sleep(3)
    assert len([n for n in call(place, OFFICER, "GET", "/api/v1/notices")["items"] if n["kind"] == "feed_silent"]) == count

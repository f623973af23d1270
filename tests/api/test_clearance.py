"""The clearance table: the rules that it keeps, and what the program says of it."""

import pytest

import clearance_oracle
import district


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


# The table, explained

@pytest.mark.parametrize("name", list(district.ACCOUNTS))
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

"""What masks/clearance.table says, read a second time: slow, obvious, and without the program.

Every line is spread out into single combinations of class, role, relation and purpose; whatever is not
among them is absent. How a masked value looks is written here by hand from domain.md, part 6.
"""

import re

from harness import TREE

TABLE = TREE / "masks" / "clearance.table"

ROLES = ["child_director", "supervisor", "station_worker", "centre_worker", "department_liaison",
         "organisation_manager", "helper", "guardian", "bureau_leader", "system_administrator",
         "security_administrator", "audit_administrator", "data_officer"]
ADMINISTRATORS = ROLES[9:12]
RELATIONS = ["none", "area", "department", "team", "assigned", "guardian"]
PURPOSES = ["routine", "visit", "aid", "casework", "emergency", "oversight"]

# What remains of a masked value; the other classes leave nothing, which is null.
FORMS = {"name": "name", "kin": "name", "staff": "name", "id_number": "id_number",
         "birth_date": "age", "division": "town", "hukou": "county", "address": "address",
         "phone": "phone", "kin_phone": "phone", "staff_phone": "phone"}
# Classes of which an administrator may see something: none of them is a child's.
NOT_OF_A_CHILD = {"id", "staff", "staff_phone", "account", "trail", "system", "public", "feed", "cell"}

ABSENT = ("absent", None, 0)


class Clearance:
    def __init__(self, text=None):
        self.classes, self.sights, self.permissions, self.approvals = [], {}, {}, {}
        self.read(TABLE.read_text("utf-8") if text is None else text)

    def read(self, text):
        where = None
        for line in text.splitlines():
            line = line.split("#", 1)[0].rstrip()
            if not line.strip():
                continue
            words = line.split()
            if line[0].isspace():
                if where[0] == "class":
                    self.sight(where[1], words)
                else:
                    self.permit(where[1], words)
            elif words[0] == "class":
                where = ("class", words[1])
                self.classes.append(words[1])
            elif words[0] == "permission":
                where = ("permission", words[1])
                self.permit(words[1], words[2:])
            elif words[0] == "approval":
                askers, by, approvers = words[1:]
                assert by == "by"
                for asker in askers.split(","):
                    self.approvals.setdefault(asker, set()).update(approvers.split(","))
            else:
                raise AssertionError(f"the table has a line of no known form: {line}")

    def sight(self, data_class, words):
        roles = ROLES if words[0] == "everybody" else words[0].split(",")
        relations = RELATIONS if words[1] == "any" else words[1].split(",")
        way, minutes = "free", 0
        if len(words) > 4:
            way, minutes = words[4], int(words[5].rstrip("m"))
        for role in roles:
            for relation in relations:
                for purpose in words[2].split(","):
                    key = (data_class, role, relation, purpose)
                    assert role in ROLES and relation in RELATIONS and purpose in PURPOSES, key
                    assert key not in self.sights, f"two lines meet: {key}"
                    self.sights[key] = (words[3], way, minutes)

    def permit(self, permission, words):
        for word in words:
            for role in ROLES if word == "everybody" else word.split(","):
                assert role in ROLES, f"{permission}: {role}"
                self.permissions.setdefault(permission, set()).add(role)

    def rule(self, data_class, role, relation, purpose="routine"):
        return self.sights.get((data_class, role, relation, purpose), ABSENT)

    def seen(self, data_class, role, relation, purpose="routine"):
        return self.rule(data_class, role, relation, purpose)[0]

    def may(self, role, permission):
        return role in self.permissions.get(permission, ())

    def openable(self, role, relation, way=None):
        """(purpose, class, way, minutes) for all that this role can open at this relation."""
        return [(p, c, *self.rule(c, role, relation, p)[1:]) for p in PURPOSES[1:] for c in self.classes
                if self.seen(c, role, relation, p) == "shown"
                and way in (None, self.rule(c, role, relation, p)[1])]


def masked(data_class, value, town_name, today):
    """The masked form of a true value, by hand."""
    form = FORMS.get(data_class)
    if value is None or form is None:
        return None
    if form == "name":
        return value[0] + "**"  # no name of the test district has a surname of two characters
    if form == "id_number":
        return value[:3] + "*" * 11
    if form == "phone":
        return value[:3] + "****" + value[-4:]
    if form == "address":
        return (town_name or "") + "***"
    if form == "town":
        return value[:9] + "000"
    if form == "county":
        return value[:6] + "000000"
    year, month, day = map(int, value.split("-"))
    age = today.year - year - ((today.month, today.day) < (month, day))
    for last, band in ((2, "0-2"), (5, "3-5"), (11, "6-11"), (15, "12-15"), (17, "16-17")):
        if age <= last:
            return band
    return "18+"


def looks_masked(data_class, value):
    """Whether a value can be a masked one of its class at all."""
    form = FORMS.get(data_class)
    if value is None or form is None:
        return value is None
    pattern = {"name": r".{1,2}\*\*", "id_number": r"\d{3}\*{11}", "age": r"\d+-\d+|18\+",
               "phone": r"\d{3}\*{4}\d{4}|\d{3,4}-\*+|\*+", "address": r"[^\d*]*\*{3}",
               "town": r"\d{9}000", "county": r"\d{6}000000"}[form]
    return re.fullmatch(pattern, str(value)) is not None

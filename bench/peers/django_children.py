"""The list of 50 children by Django REST framework, for the table beside ours: the same work over the same file.

A request is signed in by the session cookie (its keyed hash is looked up), finds the account's division, reads
one page of children by division and id, opens each child's sealed column, masks the name and gives the age band,
leaves a durable audit row, and answers JSON by a serializer. Django's and Debian's own pieces, set up as their
manuals advise for production: no debugging, no middleware that is not needed, one connection a worker.

    HUMIAO_PEER_DB=… HUMIAO_KEY_FILE=… gunicorn -w 2 -b 127.0.0.1:PORT django_children:application
"""
import base64
import datetime
import hashlib
import hmac
import os
import pathlib
import struct

import django
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

settings.configure(
    DEBUG=False, ALLOWED_HOSTS=["*"], SECRET_KEY="only the bench", ROOT_URLCONF=__name__, USE_TZ=False,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],  # the answer's length
    INSTALLED_APPS=["rest_framework"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["HUMIAO_PEER_DB"],
                           "CONN_MAX_AGE": None, "OPTIONS": {"timeout": 10}}},
    REST_FRAMEWORK={"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
                    "DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None})
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import serializers  # noqa: E402
from rest_framework.exceptions import NotAuthenticated  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

EPOCH = datetime.date(1970, 1, 1)
COLUMN = b"person_sealed.sealed"
PAGE = """
SELECT p.id, p.birth_day, p.residence, s.sealed, k.salt
  FROM person p JOIN person_sealed s ON s.person_id = p.id JOIN salt k ON k.subject_id = p.id
 WHERE (p.residence, p.id) > (%s, %s) AND p.residence < %s AND p.birth_day > %s AND p.ended_at IS NULL
 ORDER BY p.residence, p.id LIMIT 50"""


def mac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def derive(key, label, salt):
    return mac(key, b"\x01", label, b"\x00", salt)


def data_keys():
    """Opens the key blob with the master key (src/access/vault.c has the form)."""
    text = pathlib.Path(os.environ["HUMIAO_KEY_FILE"]).read_text()
    master = next(bytes.fromhex(word) for word in text.split() if len(word) == 64)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key_wrap FROM deployment")
        blob = bytes(cursor.fetchone()[0])
        cursor.execute("CREATE TABLE IF NOT EXISTS peer_audit (at INTEGER, account_id INTEGER, entries INTEGER)")
    return open_blob(master, blob)


def open_blob(master, blob):
    assert blob[4] == 2 and blob[5] == 1 and blob[38] == 1, "one key of the international suite"
    head = 39 + 2 * blob[38]
    key = derive(master, b"humiao wrap", blob[6:22])
    plain = AESGCM(key).decrypt(blob[head:head + 12], blob[head + 12:], blob[:head])
    return plain[32:64], plain[:32]  # hashing stands first


@connection_created.connect
def durable(connection, **_):
    with connection.cursor() as cursor:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16384"):
            cursor.execute(f"PRAGMA {pragma}")


SEALING, HASHING = data_keys()


def open_child(person_id, sealed, salt):
    key = derive(SEALING, b"humiao subject", salt)
    place = bytes((sealed[0], 1, len(COLUMN))) + COLUMN + struct.pack(">q", person_id)
    plain = AESGCM(key).decrypt(sealed[1:13], sealed[13:], place)
    fields, at = [], 0
    while at < len(plain):
        n = plain[at] | plain[at + 1] << 8
        fields.append(plain[at + 2:at + 2 + n].decode())
        at += 2 + n
    return fields


def age_band(age):
    for last, band in ((2, "0-2"), (5, "3-5"), (11, "6-11"), (15, "12-15")):
        if age <= last:
            return band
    return "16-17"


class ChildSerializer(serializers.Serializer):
    id = serializers.CharField()
    reference = serializers.CharField()
    name = serializers.CharField()
    sex = serializers.CharField()
    birth_date = serializers.CharField()
    division = serializers.CharField()
    relation = serializers.CharField()
    masked = serializers.DictField()


class Children(APIView):
    def get(self, request):
        token = request.COOKIES.get("__Host-humiao", "").encode()
        token_hash = mac(HASHING, b"\x08", struct.pack(">I", len(token)), token)[:16]
        today = datetime.date.fromisoformat(os.environ["HUMIAO_TODAY"])
        born_after = (today.replace(year=today.year - 18) - EPOCH).days
        with connection.cursor() as cursor:
            cursor.execute("SELECT a.id, a.division FROM session s JOIN account a ON a.id = s.account_id "
                           "WHERE s.token_hash = %s AND s.revoked_at IS NULL", [token_hash])
            account = cursor.fetchone()
            if account is None:
                raise NotAuthenticated()
            first, last = scope(account[1])
            after = request.GET.get("after")
            begin = [int(x) for x in base64.urlsafe_b64decode(after).split(b",")] if after else [first - 1, 0]
            cursor.execute(PAGE, [*begin, last, born_after])
            rows = cursor.fetchall()
            cursor.execute("INSERT INTO peer_audit VALUES (strftime('%%s'), %s, %s)", [account[0], len(rows)])
        items = []
        for person_id, birth, residence, sealed, salt in rows:
            fields = open_child(person_id, bytes(sealed), bytes(salt))
            born = EPOCH + datetime.timedelta(days=birth)
            age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
            items.append({"id": str(person_id), "reference": fields[0], "name": fields[1][:1] + "**",
                          "sex": fields[3], "birth_date": age_band(age), "division": str(residence),
                          "relation": "area", "masked": {"name": "approval", "birth_date": "approval"}})
        following = base64.urlsafe_b64encode(b"%d,%d" % (rows[-1][2], rows[-1][0])).decode() if rows else None
        return Response({"items": ChildSerializer(items, many=True).data, "next": following})


def scope(division):
    """The codes of a division's subtree: [first, last)."""
    for step in (10**10, 10**8, 10**6, 10**3):
        if division % step == 0:
            return division, division + step
    return division, division + 1


urlpatterns = [path("api/v1/children", Children.as_view())]
application = get_wsgi_application()

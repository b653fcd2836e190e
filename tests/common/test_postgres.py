"""The pool of the web process: a connection the server has closed is never lent."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

WEB = """
import django
django.setup()
from django.db import connection, close_old_connections
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_backend_pid()")
    before = cursor.fetchone()[0]
connection.close()  # back into the pool
import psycopg
from django.conf import settings
database = settings.DATABASES["default"]
with psycopg.connect(host=database["HOST"], port=database["PORT"] or None, user=database["USER"],
                     password=database["PASSWORD"] or None, dbname=database["NAME"], autocommit=True) as other:
    other.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_backend_pid()")
    print(before != cursor.fetchone()[0], type(connection.connection).__name__)
connection.close()
"""


@pytest.mark.django_db
def test_a_connection_the_server_has_closed_is_replaced_before_it_is_lent():
    database = connection.settings_dict
    address = f"postgresql://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}?host={database['HOST']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "HALYQ_PROCESS": "web",
        "DATABASE_URL": address + (f"&port={database['PORT']}" if database["PORT"] else ""),
        "PYTHONPATH": os.pathsep.join([str(settings.ROOT), str(settings.ROOT / "platform")]),
    }
    ended = subprocess.run(
        [sys.executable, "-c", WEB], env=environment, cwd=settings.ROOT, capture_output=True, text=True, check=False
    )
    assert ended.stdout.split() == ["True", "Connection"], ended.stderr

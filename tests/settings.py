"""The one settings file, plus what only a test needs. The database comes from DATABASE_URL as everywhere."""

import os

# Tests play the demonstration: plain HTTP on this machine, whatever the shell they run in is set to.
os.environ |= {"DEMO": "1", "DEBUG": "0", "ALLOWED_HOSTS": "", "SECRET_KEY": ""}

from stutensee_im.settings import *

# Argon2 is slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The live server finds static files by their plain names; nothing is collected for a test.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT.mkdir(exist_ok=True)
DOCUMENTS_DIR = STATE_DIR / "test-documents"
# A run that was killed leaves its write-ahead log behind, which SQLite would replay into the next run's database.
if "PYTEST_XDIST_WORKER" not in os.environ:
    for leftover in STATE_DIR.glob("test.sqlite3*"):
        leftover.unlink(missing_ok=True)

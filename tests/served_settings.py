"""The settings of the tests for a server in a process of its own, on the database of the running test.

Not built on ``tests.settings``: that file clears away the database a killed run left behind.
"""

import os

os.environ |= {"DEMO": "1", "DEBUG": "0", "ALLOWED_HOSTS": "", "SECRET_KEY": ""}

from stutensee_im.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
DATABASES["default"]["NAME"] = os.environ["SERVED_DATABASE"]

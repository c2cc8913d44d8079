"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class ModestArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 46 MiB, two rounds, one lane.

    Django's own default takes 100 MiB for every log-in that runs at the same time; this is the other setting that
    OWASP recommends and fits a small machine. The name of the algorithm stays, so Django re-hashes at next log-in.
    """

    time_cost = 2
    memory_cost = 46 * 1024  # KiB
    parallelism = 1

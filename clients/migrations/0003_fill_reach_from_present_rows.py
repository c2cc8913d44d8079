"""Files of existing installations: what their rows say now counts as recorded when those rows were.

What was changed before this migration was not kept, so the present state stands for the whole past. Written out here
and not imported: the rules may move on, what this migration did may not.
"""

import datetime

from django.db import migrations
from django.utils import timezone

CHUNK = 500
ONE_DAY = datetime.timedelta(days=1)


def fill(apps, schema_editor):
    Client = apps.get_model("clients", "Client")
    ReachPeriod = apps.get_model("clients", "ReachPeriod")
    now = timezone.now()
    keys = list(Client.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), CHUNK):
        clients = Client.objects.filter(pk__in=keys[first : first + CHUNK]).prefetch_related(
            "accommodations", "contact_points", "safety_notes"
        )
        ReachPeriod.objects.bulk_create(
            (row for client in clients for row in rows_of(client, ReachPeriod, now)), batch_size=CHUNK
        )


def rows_of(client, model, now):
    begun = client.registered_at
    found = {}

    def holds(kind, since, recorded_at, until=None, home=None):
        if until is None or since < until:
            found[kind, since, until, home] = model(
                client_id=client.pk, kind=kind, since=since, until=until, recorded_at=recorded_at, home_id=home
            )

    holds("file", begun, begun)
    if client.birth_date is not None:
        holds("born", morning(client.birth_date), begun)
    for home in client.accommodations.all():
        if home.street and home.town:
            until = morning(home.until + ONE_DAY) if home.until else None
            holds("home", morning(home.since), home.recorded_at, until, home.pk)
        if not home.letters_reach:
            holds("mail_returns", home.recorded_at, home.recorded_at, home=home.pk)
    for point in client.contact_points.all():
        if point.may_use:
            holds("email" if point.kind == "email" else "phone", point.since, point.since, point.until)
    for note in client.safety_notes.all():
        if note.only_in_pairs:
            until = morning(note.expires_on + ONE_DAY)
            holds("only_in_pairs", note.set_at, note.set_at, min(note.ended_at or until, until))
    if not client.may_be_called:
        holds("no_calls", begun, begun)
    if not client.may_be_written:
        holds("no_letters", begun, begun)
    if client.reading == "none":
        holds("reads_no_script", begun, begun)
    if client.no_home_visits_since is not None:
        # The hour of that day is not recorded: the wish holds from its end on, a visit on the day was in good faith.
        said = morning(client.no_home_visits_since + ONE_DAY) - datetime.timedelta(microseconds=1)
        said = min(said, now)
        holds("no_home_visits", said, max(said, begun))
    return found.values()


def morning(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


class Migration(migrations.Migration):
    dependencies = [("clients", "0002_keep_reach_in_two_times")]

    # Backwards there is nothing to do: the table goes with the migration before.
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

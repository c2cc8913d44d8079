"""An allocation list on its way in: uploaded, checked, decided row by row, imported."""

import datetime
import re
import uuid
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clients.models import AccessSource
from intake.choices import ImportState
from intake.models import ImportBatch, ImportRow

DATA = Path(__file__).parent.parent / "data"
IMPORTED_ON = datetime.datetime(2018, 1, 30, 9, tzinfo=datetime.UTC)


def upload(browser, cast, content=None, name="liste.csv", token=None):
    content = (DATA / "allocation_list.csv").read_bytes() if content is None else content
    return browser.post(
        reverse("intake:import_list"),
        {
            "file": SimpleUploadedFile(name, content),
            "municipality": cast.stutensee.pk,
            "source": AccessSource.objects.get(code="allocation").pk,
            "form_token": str(token or uuid.uuid4()),
        },
    )


def columns_of(batch, **changes):
    fields = {f"column_{number}": field for number, field in enumerate(batch.mapping)}
    return {**fields, **changes, "form_token": str(uuid.uuid4())}


def checked(browser, cast, content=None, name="liste.csv", **changes) -> ImportBatch:
    assert upload(browser, cast, content, name).status_code == 302
    batch = ImportBatch.objects.latest("pk")
    browser.post(reverse("intake:import_columns", args=[batch.uuid]), columns_of(batch, **changes))
    while (page := browser.get(reverse("intake:import", args=[batch.uuid]))).status_code == 200:
        batch.refresh_from_db()
        if batch.state != ImportState.CHECKING:
            break
    assert page.status_code == 200
    return batch


def row(batch: ImportBatch, label: str) -> ImportRow:
    return batch.rows.get(label=label)


def post_row(browser, batch, label, **data):
    found = row(batch, label)
    return browser.post(
        reverse("intake:import_row", args=[batch.uuid, found.uuid]),
        {"form_token": str(uuid.uuid4()), **data},
    )


def run(browser, batch):
    return browser.post(reverse("intake:import_run", args=[batch.uuid]), follow=True)


def text_of(response) -> str:
    """What a page says while names are shown."""
    page = re.sub(r'<span class="who-case">[^<]*</span>|</?bdi[^>]*>', "", response.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))

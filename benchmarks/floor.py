"""Two other ways to show the same rows: a page that is one statement and one template, and the Django admin."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin, TabularInline
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from appointments.models import Appointment, Contact
from clients.models import Client
from integration_plans.models import Goal

FRAME = (
    "<!doctype html><html lang='de'><head><title>{{ title }}</title></head>"
    "<body><h1>{{ title }}</h1>BODY</body></html>"
)
TABLE = FRAME.replace(
    "BODY",
    "<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell|default_if_none:'' }}</td>"
    "{% endfor %}</tr>{% endfor %}</table>",
)
FORM = FRAME.replace(
    "BODY",
    "<form method='post'>{% csrf_token %}{% for name in rows %}<label for='f{{ forloop.counter }}'>{{ name }}"
    "</label><input id='f{{ forloop.counter }}' name='f{{ forloop.counter }}'>{% endfor %}"
    "<button>OK</button></form>",
)
ROWS = 50


def page(title: str, source: str, rows: Callable[[HttpRequest], Any]) -> Callable[..., HttpResponse]:
    """A view with one statement and one template for every logged-in user."""
    template = engines["django"].from_string(source)

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(template.render({"title": title, "rows": rows(request)}, request))

    return login_required(view)


def of_files(*more: str) -> Any:
    own = (
        "case_no",
        "surname",
        "given_name",
        "phase",
        "birth_date",
        "last_contact_on",
        "next_appointment_at",
    )
    return Client.objects.unscoped(reason="measuring").values_list(*own, *more)


def clients(request: HttpRequest) -> Any:
    return of_files().filter(manager=request.user.pk).order_by("search_name", "pk")[:ROWS]


def found(request: HttpRequest) -> Any:
    return of_files().filter(manager=request.user.pk, surname__startswith=request.POST.get("q", "")[:20])[:25]


def one_file(request: HttpRequest) -> Any:
    return of_files("municipality__name", "manager__last_name").filter(uuid=request.GET["file"])


def contacts(request: HttpRequest) -> Any:
    rows = Contact.objects.unscoped(reason="measuring").filter(client__uuid=request.GET["file"])
    return rows.order_by("-happened_at", "-pk").values_list("happened_at", "channel", "result", "minutes")[
        :25
    ]


def day(request: HttpRequest) -> Any:
    rows = Appointment.objects.unscoped(reason="measuring").filter(manager=request.user.pk)
    return rows.order_by("-starts_at").values_list("starts_at", "channel", "place", "client__surname")[:ROWS]


def workload(request: HttpRequest) -> Any:
    return (
        Client.objects.unscoped(reason="measuring")
        .values_list("manager__last_name", "phase")
        .annotate(number=Count("pk"))
        .order_by("manager__last_name", "phase")[:ROWS]
    )


class Site(AdminSite):
    """Everything to everybody who is logged in: only its speed matters."""

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated


class Open(ModelAdmin):
    list_per_page = ROWS
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_view_permission  # type: ignore[assignment]

    def get_queryset(self, request: HttpRequest) -> Any:
        return self.model._base_manager.all()


class ContactInline(TabularInline):
    model = Contact
    fields: tuple[str, ...] = ("happened_at", "channel", "result", "minutes")
    extra = 1

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_view_permission  # type: ignore[assignment]


class GoalInline(ContactInline):
    model = Goal
    fields = ("state",)


class ClientAdmin(Open):
    """Lists with filters, and a file with its contacts and goals, as our own pages show them."""

    list_filter = ("phase", "intensity")
    inlines = (ContactInline, GoalInline)
    list_display = ("case_no", "surname", "given_name", "phase", "birth_date", "last_contact_on", "manager")
    list_select_related = ("manager",)
    search_fields = ("surname", "given_name", "case_no")
    raw_id_fields = ("municipality", "manager")


class ContactAdmin(Open):
    raw_id_fields = ("client",)


class AppointmentAdmin(Open):
    list_display = ("starts_at", "channel", "place", "client")
    list_filter = ("state", "channel")
    list_select_related = ("client",)


site = Site(name="admin")
site.register(Client, ClientAdmin)
site.register(Contact, ContactAdmin)
site.register(Appointment, AppointmentAdmin)

FIELDS = [
    "Art",
    "Ergebnis",
    "Dauer",
    "Thema",
    "Notiz",
    "Datum",
    "Beginn",
    "Sprache",
    "Ort",
    "Folge",
    "Termin",
    "Text",
]
urlpatterns = [
    path("floor/list/", page("Liste", TABLE, clients)),
    path("floor/search/", page("Suche", TABLE, found)),
    path("floor/file/", page("Akte", TABLE, one_file)),
    path("floor/timeline/", page("Verlauf", TABLE, contacts)),
    path("floor/day/", page("Mein Tag", TABLE, day)),
    path("floor/log/", page("Beratung", FORM, lambda request: FIELDS)),
    path("floor/figures/", page("Auswertung", TABLE, workload)),
    path("admin/", site.urls),
]

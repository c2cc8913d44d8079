"""The network, mounted at ``/network/``."""

from django.urls import path

from partners.views import meetings, network, spreadsheets, volunteers

app_name = "network"
urlpatterns = [
    path("", network.NetworkView.as_view(), name="list"),
    path("export/", spreadsheets.NetworkExportView.as_view(), name="export"),
    path("import/", spreadsheets.NetworkImportView.as_view(), name="import"),
    path("organisations/new/", network.OrganisationNewView.as_view(), name="organisation_new"),
    path("organisations/<uuid:organisation>/", network.OrganisationView.as_view(), name="organisation"),
    path(
        "organisations/<uuid:organisation>/edit/",
        network.OrganisationEditView.as_view(),
        name="organisation_edit",
    ),
    path(
        "organisations/<uuid:organisation>/confirm/",
        network.OrganisationConfirmView.as_view(),
        name="organisation_confirm",
    ),
    path(
        "organisations/<uuid:organisation>/retire/",
        network.OrganisationRetireView.as_view(),
        name="organisation_retire",
    ),
    path(
        "organisations/<uuid:organisation>/reinstate/",
        network.OrganisationReinstateView.as_view(),
        name="organisation_reinstate",
    ),
    path(
        "organisations/<uuid:organisation>/merge/",
        network.OrganisationMergeView.as_view(),
        name="organisation_merge",
    ),
    path(
        "organisations/<uuid:organisation>/persons/new/", network.PersonNewView.as_view(), name="person_new"
    ),
    path("organisations/<uuid:organisation>/offers/new/", network.OfferNewView.as_view(), name="offer_new"),
    path("persons/<uuid:person>/", network.PersonEditView.as_view(), name="person_edit"),
    path("persons/<uuid:person>/remove/", network.PersonRemoveView.as_view(), name="person_remove"),
    path("offers/<uuid:offer>/", network.OfferEditView.as_view(), name="offer_edit"),
    path("volunteers/", volunteers.VolunteersView.as_view(), name="volunteers"),
    path("volunteers/new/", volunteers.VolunteerNewView.as_view(), name="volunteer_new"),
    path("volunteers/<uuid:volunteer>/", volunteers.VolunteerView.as_view(), name="volunteer"),
    path("volunteers/<uuid:volunteer>/edit/", volunteers.VolunteerEditView.as_view(), name="volunteer_edit"),
    path(
        "volunteers/<uuid:volunteer>/confirm/",
        volunteers.VolunteerConfirmView.as_view(),
        name="volunteer_confirm",
    ),
    path(
        "volunteers/<uuid:volunteer>/erase/", volunteers.VolunteerEraseView.as_view(), name="volunteer_erase"
    ),
    path("meetings/", meetings.MeetingsView.as_view(), name="meetings"),
    path("meetings/new/", meetings.MeetingNewView.as_view(), name="meeting_new"),
    path("meetings/<uuid:meeting>/", meetings.MeetingView.as_view(), name="meeting"),
    path("meetings/<uuid:meeting>/edit/", meetings.MeetingEditView.as_view(), name="meeting_edit"),
    path("meetings/<uuid:meeting>/minutes/", meetings.MinutesView.as_view(), name="minutes"),
    path("meetings/<uuid:meeting>/decisions/new/", meetings.DecisionNewView.as_view(), name="decision_new"),
    path("decisions/<uuid:decision>/", meetings.DecisionEditView.as_view(), name="decision_edit"),
    path("decisions/<uuid:decision>/done/", meetings.DecisionDoneView.as_view(), name="decision_done"),
    path("decisions/<uuid:decision>/reopen/", meetings.DecisionReopenView.as_view(), name="decision_reopen"),
]

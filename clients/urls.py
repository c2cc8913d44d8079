"""Lists and files of clients: the verbs of a file lie under the file."""

from django.urls import include, path

from clients.views import (
    drafts,
    duplicates,
    edit,
    facts,
    files,
    homes,
    household,
    list_extras,
    lists,
    permits,
    phases,
    questions,
    timeline,
)

app_name = "clients"

file_urls = [
    path("", files.ClientDetailView.as_view(), name="detail"),
    path("timeline/", timeline.ClientTimelineView.as_view(), name="timeline"),
    path("timeline/print/", timeline.ClientTimelinePrintView.as_view(), name="timeline_print"),
    path("person/", files.ClientPersonView.as_view(), name="person"),
    path("access-log/", files.ClientAccessLogView.as_view(), name="access_log"),
    # The person
    path("edit/", edit.ClientPersonEditView.as_view(), name="edit"),
    path("edit/reach/", edit.ClientReachEditView.as_view(), name="edit_reach"),
    path("edit/languages/", edit.ClientLanguagesView.as_view(), name="edit_languages"),
    path("names/new/", edit.SpellingNewView.as_view(), name="spelling_new"),
    path("names/<int:pk>/remove/", edit.SpellingRemoveView.as_view(), name="spelling_remove"),
    # Numbers and addresses
    path("contact-points/new/", facts.ContactPointNewView.as_view(), name="contact_point_new"),
    path(
        "contact-points/<uuid:row>/replace/",
        facts.ContactPointReplaceView.as_view(),
        name="contact_point_replace",
    ),
    path("contact-points/<uuid:row>/end/", facts.ContactPointEndView.as_view(), name="contact_point_end"),
    # Dated facts
    path("accommodation/new/", homes.AccommodationNewView.as_view(), name="accommodation_new"),
    path("accommodation/<uuid:row>/", homes.AccommodationEditView.as_view(), name="accommodation_edit"),
    path("address/protect/", homes.AddressProtectView.as_view(), name="address_protect"),
    path("address/protection/<uuid:row>/end/", homes.ProtectionEndView.as_view(), name="protection_end"),
    path("address/show/", homes.AddressGrantView.as_view(), name="address_show"),
    path("history/", facts.FactHistoryView.as_view(), name="history"),
    path("residence/new/", permits.ResidenceNewView.as_view(), name="residence_new"),
    path("residence/<uuid:row>/", permits.ResidenceEditView.as_view(), name="residence_edit"),
    path("residence/<uuid:row>/prolong/", permits.ResidenceProlongView.as_view(), name="residence_prolong"),
    path(
        "residence/<uuid:row>/take-back/",
        permits.ResidenceTakeBackView.as_view(),
        name="residence_take_back",
    ),
    path(
        "residence/<uuid:row>/reminded/", permits.ResidenceRemindedView.as_view(), name="residence_reminded"
    ),
    path("facts/<slug:kind>/new/", facts.FactNewView.as_view(), name="fact_new"),
    path("facts/<uuid:row>/", facts.FactEditView.as_view(), name="fact_edit"),
    path("facts/<uuid:row>/end/", facts.FactEndView.as_view(), name="fact_end"),
    path("facts/<uuid:row>/take-back/", facts.FactTakeBackView.as_view(), name="fact_take_back"),
    path("safety/new/", facts.SafetyNoteNewView.as_view(), name="safety_new"),
    path("safety/<uuid:row>/end/", facts.SafetyNoteEndView.as_view(), name="safety_end"),
    # Household
    path("household/relatives/new/", household.RelativeNewView.as_view(), name="relative_new"),
    path("household/relatives/<uuid:row>/", household.RelativeEditView.as_view(), name="relative_edit"),
    path("household/relatives/<uuid:row>/file/", household.RelativeFileView.as_view(), name="relative_file"),
    path("household/join/", household.HouseholdJoinView.as_view(), name="household_join"),
    path("household/split/", household.HouseholdSplitView.as_view(), name="household_split"),
    path(
        "household/split/<uuid:row>/undo/",
        household.HouseholdUnsplitView.as_view(),
        name="household_unsplit",
    ),
    # Whether another file is about the same person
    path(
        "duplicates/<uuid:other>/different/",
        duplicates.DuplicateDismissView.as_view(),
        name="duplicate_dismiss",
    ),
    path(
        "duplicates/<uuid:other>/ask-again/",
        duplicates.DuplicateReopenView.as_view(),
        name="duplicate_reopen",
    ),
    path("duplicates/<uuid:other>/link/", duplicates.DuplicateLinkView.as_view(), name="duplicate_link"),
    path(
        "duplicates/<uuid:other>/unlink/", duplicates.DuplicateUnlinkView.as_view(), name="duplicate_unlink"
    ),
    # Phases and clock
    path("phase/", phases.ClientPhaseView.as_view(), name="phase"),
    path("close/", phases.ClientCloseView.as_view(), name="close"),
    path("reopen/", phases.ClientReopenView.as_view(), name="reopen"),
    path("clock/", phases.ClientClockView.as_view(), name="clock"),
    # What the office asks
    path("questions/<uuid:row>/answer/", questions.QuestionAnswerView.as_view(), name="question_answer"),
    path("questions/<uuid:row>/reopen/", questions.QuestionReopenView.as_view(), name="question_reopen"),
]

urlpatterns = [
    path("", lists.ClientListView.as_view(), name="list"),
    path("columns/", list_extras.ListColumnsView.as_view(), name="list_columns"),
    path("pick/", list_extras.ListPickView.as_view(), name="list_pick"),
    path("export/", list_extras.ListExportView.as_view(), name="list_export"),
    path("search/", lists.ClientSearchView.as_view(), name="search"),
    path("drafts/save/", drafts.DraftSaveView.as_view(), name="draft_save"),
    path("drafts/<int:pk>/", drafts.DraftView.as_view(), name="draft"),
    path("drafts/<int:pk>/discard/", drafts.DraftDiscardView.as_view(), name="draft_discard"),
    path("drafts/<int:pk>/restore/", drafts.DraftRestoreView.as_view(), name="draft_restore"),
    path("drafts/<int:pk>/hand-over/", drafts.DraftHandOverView.as_view(), name="draft_hand_over"),
    path("<uuid:uuid>/", include(file_urls)),
]

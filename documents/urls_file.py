"""Consents and documents inside one file, mounted at ``/clients/<uuid>/``."""

from django.urls import path

from documents.views import consents, files

app_name = "file_documents"
urlpatterns = [
    path("consents/", consents.ConsentsView.as_view(), name="consents"),
    path("consents/new/", consents.ConsentNewView.as_view(), name="consent_new"),
    path("consents/<uuid:row>/", consents.ConsentEditView.as_view(), name="consent_edit"),
    path("consents/<uuid:row>/revoke/", consents.ConsentRevokeView.as_view(), name="consent_revoke"),
    path("consents/<uuid:row>/reinstate/", consents.ConsentReinstateView.as_view(), name="consent_reinstate"),
    path("consents/informed/new/", consents.InformationNewView.as_view(), name="information_new"),
    path("documents/", files.DocumentsView.as_view(), name="documents"),
    path("documents/new/", files.DocumentNewView.as_view(), name="document_new"),
    path("documents/<uuid:row>/", files.DocumentView.as_view(), name="document"),
    path("documents/<uuid:row>/describe/", files.DocumentDescribeView.as_view(), name="document_describe"),
    path("documents/<uuid:row>/delete/", files.DocumentDeleteView.as_view(), name="document_delete"),
    path("documents/<uuid:row>/restore/", files.DocumentRestoreView.as_view(), name="document_restore"),
]

"""The plan inside one file."""

app_name = "file_plans"
urlpatterns: list = []

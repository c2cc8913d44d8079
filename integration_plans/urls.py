"""Plans across all of one's own files."""

app_name = "plans"
urlpatterns: list = []

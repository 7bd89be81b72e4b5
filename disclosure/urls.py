"""Pages of the disclosure floor, one list per resource."""

app_name = "disclosure"

urlpatterns = []

"""Pages of the assemblies floor, one list per resource."""

app_name = "assemblies"

urlpatterns: list = []

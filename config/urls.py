"""Where the floors are mounted."""

from django.conf import settings
from django.urls import include, path

from unions.views.gallery import gallery
from unions.views.health import healthz

handler400 = "unions.views.problems.bad_request"
handler403 = "unions.views.problems.not_allowed"
handler404 = "unions.views.problems.not_found"
handler500 = "unions.views.problems.broken"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/", include("config.api")),
    path("", include("unions.urls")),
    path("", include("assemblies.urls")),
    path("", include("disclosure.urls")),
]

if settings.SHOW_GALLERY:
    urlpatterns.append(path("_components/", gallery, name="components"))

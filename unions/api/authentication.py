"""The API's people are the pages' people: the same session, and a 401 where there is none."""

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import SessionAuthentication as BaseSessionAuthentication


class SessionAuthentication(BaseSessionAuthentication):
    """DRF answers 403 to a stranger unless the scheme has a name; ours says that signing in would help."""

    def authenticate_header(self, request):
        return "Session"


class SessionScheme(OpenApiAuthenticationExtension):
    """How the schema names it."""

    target_class = "unions.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}

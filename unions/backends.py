"""Sign-in by account name and password, and permissions answered from the grants down the tree."""

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password

from unions.models import User
from unions.wall import system


class TreeBackend(BaseBackend):
    def authenticate(self, request, username=None, password=None, **kwargs):
        if not username or password is None:
            return None
        with system("signs somebody in"):
            user = User.objects.typed(username)
            if user is None:
                make_password(password)  # the same time for an unknown name
                return None
            return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id):
        return User.objects.filter(pk=user_id, is_active=True).first()

    def has_perm(self, user_obj, perm, obj=None):
        return user_obj.has_perm(perm, obj)

"""What every page's frame needs: menu, unread notices, whose workplace this is. Lazy, so fragments pay nothing."""

from django.utils.functional import SimpleLazyObject

from unions.kit.registry import menu


def _menu(request):
    user = request.user
    shown = [
        item
        for item in menu
        if (item.permission is None or user.has_perm(item.permission)) and (item.shown is None or item.shown(user))
    ]
    # A group stands where its first entry does, and once.
    first = {}
    for item in shown:
        first[str(item.group)] = min(item.order, first.get(str(item.group), item.order))
    return sorted(shown, key=lambda item: (bool(item.group), first[str(item.group)], item.order))


def layout(request):
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "menu": SimpleLazyObject(lambda: _menu(request)),
        "unread": SimpleLazyObject(lambda: user.notices.unread().count()),
        "workplace": SimpleLazyObject(lambda: user.union),
    }

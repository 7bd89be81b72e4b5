"""The accounts within somebody's scope: which, filtered how, shown how."""

from datetime import timedelta

import django_filters
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from unions.kit.filters import ListFilters, SearchFilter
from unions.kit.tables import Column, LinkColumn, ListTable, MomentColumn
from unions.models import CodeApp, Passkey, RoleAssignment, User
from unions.permissions import Permission
from unions.roles import ROLE_CHOICES
from unions.settingbook import setting
from unions.templatetags.components import tag

SOON = timedelta(days=30)


def posts_within(user: User) -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.visible_to(user, Permission.ACCOUNT_MANAGE)


def accounts_within(user: User) -> QuerySet[User]:
    """Accounts that work or worked at a union where this person manages accounts."""
    return User.objects.filter(Exists(posts_within(user).filter(user=OuterRef("pk"))))


def last_used_before(moment) -> Q:
    """Not signed in since then; one that never was counts from its making."""
    return Q(last_login__lt=moment) | Q(last_login=None, created_at__lt=moment)


def unused() -> Q:
    return last_used_before(timezone.now() - timedelta(days=setting("unused-days") or 90))


def listed(user: User) -> QuerySet[User]:
    """With what the list shows: the posts in this person's scope, and whether there is a second factor."""
    posts = posts_within(user).in_force().select_related("union").order_by("union__path", "pk")
    return accounts_within(user).annotate(
        has_app=Exists(CodeApp.objects.filter(user=OuterRef("pk"))),
        has_passkey=Exists(Passkey.objects.filter(user=OuterRef("pk"))),
    ).prefetch_related(Prefetch("assignments", posts, to_attr="shown_posts"))  # fmt: skip


class AccountFilters(ListFilters):
    """By name, by what is amiss, by role."""

    q = SearchFilter(placeholder=_("Name or account name"), method="search")
    amiss = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[
            ("never", _("never signed in")),
            ("unused", _("unused for long")),
            ("disabled", _("disabled")),
            ("expiring", _("appointment ends within 30 days")),
            ("plain", _("without a second factor")),
            ("idle", _("without an appointment")),
        ],
        method="by_state",
    )
    role = django_filters.ChoiceFilter(label=_("Role"), choices=ROLE_CHOICES, method="by_role")

    class Meta:
        model = User
        fields = []

    def search(self, queryset, name, text):
        return queryset.filter(Q(name__icontains=text) | Q(username__icontains=text))

    def by_role(self, queryset, name, role):
        return queryset.filter(Exists(posts_within(self.user).in_force().filter(user=OuterRef("pk"), role=role)))

    def by_state(self, queryset, name, state):
        today = timezone.localdate()
        posts = posts_within(self.user).in_force().filter(user=OuterRef("pk"))
        return queryset.filter(
            {
                "never": Q(last_login=None),
                "unused": unused() & Q(is_active=True),
                "disabled": Q(is_active=False),
                "expiring": Exists(posts.filter(ends_on__lte=today + SOON)),
                "plain": Q(has_app=False, has_passkey=False, is_active=True),
                "idle": ~Exists(posts),
            }[state]
        )


class AccountTable(ListTable):
    """Given nothing; the rows come from `listed`."""

    name = LinkColumn(
        _("Name"), url=lambda record: reverse("unions:account", args=[record.pk]), note=lambda record: record.username
    )
    posts = Column(_("Appointments"), accessor="pk", orderable=False)
    last_login = MomentColumn(_("Last sign-in"))
    factor = Column(_("Second factor"), accessor="has_app", orderable=False)
    is_active = Column(_("State"), has_label=False)

    caption = _("Accounts")
    empty_title = _("No accounts in your scope yet")
    empty_text = _("Open accounts on the page of a union (People), or import a list.")

    class Meta:
        order_by = ("name",)

    def counted(self, count: int) -> str:
        text = ngettext("%(count)s account", "%(count)s accounts", count)
        return text % {"count": number_format(count, force_grouping=True)}

    def render_posts(self, record):
        rows = ((post.get_role_display(), post.union.name) for post in record.shown_posts)
        return format_html_join("", '<div>{} <small class="mute">{}</small></div>', rows)

    def value_posts(self, record):
        return "；".join(f"{post.get_role_display()}（{post.union.name}）" for post in record.shown_posts)

    def render_factor(self, record):
        has_one = record.has_app or record.has_passkey
        return tag(_("yes"), "ok", "shield-check") if has_one else tag(_("none"), "mute", "shield-off")

    def value_factor(self, record):
        return str(_("yes") if record.has_app or record.has_passkey else _("none"))

    def render_is_active(self, record):
        if not record.is_active:
            return tag(_("disabled"), "mute", "circle-slash")
        if record.last_login is None:
            return tag(_("never signed in"), "warn", "clock")
        return tag(_("enabled"), "ok", "check")

    def value_is_active(self, record):
        return str(_("enabled") if record.is_active else _("disabled"))

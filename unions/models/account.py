"""People, what they were appointed to do, and the grants that follow from it."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from guardian.managers import UserObjectPermissionManager
from guardian.models import UserObjectPermissionBase

from unions.kit.fields import DerivedForeignKey
from unions.kit.sealed import EncryptedCharField, SealedRow
from unions.models.base import UnionOwned, UnionOwnedQuerySet, fill_middle
from unions.models.union import Union
from unions.permissions import Permission, Reach
from unions.policies import WRITE, Rights, Walled
from unions.roles import ADMINISTRATORS, ROLE_CHOICES, ROLES
from unions.scoping import Grant, Scope, build_scope, union_of


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(username__iexact=username)

    def typed(self, username: str | None) -> "User | None":
        """Whose name somebody typed, in any case and with blanks around it."""
        return self.filter(username__iexact=(username or "").strip()).first()

    def create_user(self, username, password=None, **fields):
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save()
        return user


class User(SealedRow, AbstractBaseUser):
    """An account of a person who works for a union. Members and workers need none."""

    rights = Rights(everyone="SELECT, INSERT, UPDATE")

    username = models.CharField(
        _("Account name"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
    )
    name = models.CharField(_("Name"), max_length=40)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = EncryptedCharField(_("Phone"), max_length=20, blank=True)
    language = models.CharField(_("Language"), max_length=10, default="zh-hans")
    is_active = models.BooleanField(_("Enabled"), default=True)
    must_change_password = models.BooleanField(_("Must change the password at next sign-in"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("Account")
        ordering = ["username"]
        indexes = [models.Index(fields=["phone"], opclasses=["text_pattern_ops"], name="user_phone")]
        constraints = [
            models.UniqueConstraint(models.functions.Lower("username"), name="user_username_any_case"),
        ]

    def __str__(self):
        return self.name or self.username

    @cached_property
    def grants(self) -> list[Grant]:
        """The grants in force today, read once per request."""
        if not self.is_active or self.pk is None:
            return []
        grants = UnionGrant.objects.filter(user=self).in_force().as_grants()
        if any(grant.permission == Permission.EMERGENCY_READ for grant in grants):
            for access in self.emergencies.open().select_related("union"):
                grants += access.grants()
        return grants

    def scope(self, permission: Permission) -> Scope:
        return build_scope(Permission(permission), self.grants)

    def has_perm(self, permission: str, obj=None) -> bool:
        """Whether the permission holds for this record, or anywhere at all without one. Unknown names raise."""
        scope = self.scope(Permission(permission))
        if obj is None:
            return bool(scope)
        return scope.covers(union_of(obj))

    def holds_at(self, permission: Permission, union_id: int) -> bool:
        """Whether the permission was granted at this very union, not inherited from above."""
        return any(g.permission == permission and g.union_id == union_id for g in self.grants)

    @cached_property
    def posts(self) -> list["RoleAssignment"]:
        """Today's appointments, highest tier first."""
        if self.pk is None:
            return []
        return list(self.assignments.in_force().select_related("union").order_by("union__path", "pk"))

    def post_for(self, record: UnionOwned, permission: str = "") -> "RoleAssignment | None":
        """The appointment by which the person acts on a union's record: one that reaches the union and holds the
        permission asked for, or else the highest."""
        if len(self.posts) < 2:
            return self.posts[0] if self.posts else None
        reaching = [post for post in self.posts if f"{record.union.path}.".startswith(f"{post.union.path}.")]
        holding = [post for post in reaching if permission in ROLES[post.role].permissions]
        return [*holding, *reaching, *self.posts][0]

    @property
    def union(self) -> Union | None:
        """The union the person works for: that of the highest appointment."""
        return self.posts[0].union if self.posts else None


def _in_force(queryset, day=None):
    day = day or timezone.localdate()
    return queryset.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


def _term() -> Func:
    """The days of an appointment, both ends counted."""
    return Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange", output_field=DateRangeField())


def _office() -> Case:
    """0 for the district's business, a number of its own for each administrator."""
    offices = [When(role=role, then=Value(number)) for number, role in enumerate(ADMINISTRATORS, 1)]
    return Case(*offices, default=Value(0), output_field=models.IntegerField())


class RoleAssignmentQuerySet(UnionOwnedQuerySet):
    def in_force(self, day=None):
        """Begun, not ended, not withdrawn; the day itself counts on both ends."""
        return _in_force(self.filter(withdrawn_at=None), day)


class RoleAssignment(UnionOwned):
    """A person holds a role at a union from one day to another, given by somebody for a reason."""

    user = models.ForeignKey(User, models.PROTECT, related_name="assignments", verbose_name=_("Account"))
    role = models.CharField(_("Role"), max_length=24, choices=ROLE_CHOICES)
    starts_on = models.DateField(_("From"), default=timezone.localdate)
    ends_on = models.DateField(_("To"), null=True, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("Given by"))
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Appointment")
        ordering = ["union", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="assignment_dates",
                violation_error_message=_("The last day cannot come before the first."),
            ),
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="assignment_role_known"),
            models.UniqueConstraint(
                fields=["user", "role", "union"],
                condition=Q(withdrawn_at=None),
                name="assignment_once",
                violation_error_message=_("This person holds the role at this union already."),
            ),
            # Three administrators are three people, and none of them does the district's business: at no time does one
            # person hold appointments of two kinds.
            ExclusionConstraint(
                name="assignment_administrators_apart",
                expressions=[("user", RangeOperators.EQUAL), (_term(), RangeOperators.OVERLAPS), (_office(), "<>")],
                condition=Q(withdrawn_at=None),
                violation_error_message=_(
                    "One person cannot be two of the three administrators, nor an administrator and something else."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.get_role_display()} · {self.union}"


class UnionGrantQuerySet(models.QuerySet):
    def in_force(self, day=None):
        return _in_force(self, day)

    def as_grants(self) -> list[Grant]:
        below = Union.objects.filter(parent=OuterRef("content_object"))
        rows = self.annotate(has_children=Exists(below)).values_list(
            "permission__codename", "content_object_id", "content_object__kind", "content_object__path", "has_children"
        )
        return [Grant(Permission(codename), *rest) for codename, *rest in rows.distinct()]

    def reaching(self, union: Union, permission: Permission):
        """The grants of this permission that reach a union."""
        grants = self.filter(permission__codename=permission)
        if permission.reach is Reach.OWN:
            return grants.filter(content_object=union)
        if permission.reach is Reach.CHILDREN:
            return grants.filter(content_object=union.superior_id)
        return grants.filter(content_object__path__above=union.path)


class UnionGrant(UserObjectPermissionBase):
    """A guardian object permission on a union, by direct foreign key, with the dates of the appointment behind it."""

    rights = Rights(everyone=WRITE)

    content_object = models.ForeignKey(Union, models.CASCADE, related_name="grants")
    middle = DerivedForeignKey(Union, models.PROTECT, related_name="+", null=True, editable=False)
    assignment = models.ForeignKey(RoleAssignment, models.CASCADE, related_name="grants")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    objects = UserObjectPermissionManager.from_queryset(UnionGrantQuerySet)()

    class Meta:
        verbose_name = _("Grant")
        triggers = [fill_middle("content_object_id")]
        constraints = [
            Walled(name="grant_wall", union="content_object_id"),
            models.UniqueConstraint(fields=["assignment", "permission"], name="grant_once"),
        ]
        indexes = [models.Index(fields=["content_object", "permission"], name="grant_union")]

    def __str__(self):
        return f"{self.user} · {self.permission.codename} · {self.content_object}"

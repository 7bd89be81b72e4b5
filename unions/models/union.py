"""The tree of unions: each hangs under its parent; the database keeps path and middle-tier union by trigger."""

from datetime import date, timedelta

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Upper
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from unions.enums import (
    MIDDLE_KINDS,
    EmployerNature,
    Engagement,
    Industry,
    Rank,
    Sex,
    Tier,
    UnionKind,
    UnionState,
)
from unions.kit.fields import CharPairs, DerivedForeignKey, LTreeField
from unions.kit.masking import mask_phone
from unions.kit.names import pinyin_key, search_text
from unions.kit.sealed import EncryptedCharField, SealedRow
from unions.policies import MIDDLE, SEVERAL, UNION, WRITE, Rights, Walled
from unions.scoping import ScopedQuerySet
from unions.wall import current, system

_MIDDLE = ", ".join(f"'{kind}'" for kind in MIDDLE_KINDS)

PLACE_IN_TREE = pgtrigger.Trigger(
    name="place_in_tree",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id", "kind", "path", "middle_id"),
    when=pgtrigger.Before,
    declare=[("above", "RECORD"), ("label", "TEXT")],
    func=f"""
        label := lpad(NEW.id::text, 8, '0');
        IF NEW.parent_id IS NULL THEN
            NEW.path := label::ltree;
            NEW.middle_id := NULL;
            RETURN NEW;
        END IF;
        SELECT path, middle_id, kind INTO above FROM unions_union WHERE id = NEW.parent_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'union % has an unknown parent %', NEW.id, NEW.parent_id USING ERRCODE = '23503';
        END IF;
        IF above.path ~ ('*.' || label || '.*')::lquery THEN
            RAISE EXCEPTION 'union % cannot hang below itself', NEW.id USING ERRCODE = '23514';
        END IF;
        IF (NEW.kind IN ({_MIDDLE})) <> (above.kind = 'district') THEN
            RAISE EXCEPTION 'a union of kind % cannot hang under one of kind %', NEW.kind, above.kind
                USING ERRCODE = '23514';
        END IF;
        NEW.path := above.path || label;
        NEW.middle_id := CASE WHEN NEW.kind IN ({_MIDDLE}) THEN NEW.id ELSE above.middle_id END;
        RETURN NEW;
    """,
)

CARRY_SUBTREE = pgtrigger.Trigger(
    name="carry_subtree",
    operation=pgtrigger.UpdateOf("parent_id", "kind"),
    when=pgtrigger.After,
    # As text: a dump sets an empty search path, where ltree's own operator is not found.
    condition=pgtrigger.Condition("OLD.path::text IS DISTINCT FROM NEW.path::text"),
    # Direct children only: each child's own change carries its subtree on, level by level.
    func="UPDATE unions_union SET parent_id = parent_id WHERE parent_id = NEW.id; RETURN NULL;",
)


def term_ended(day: date) -> Q:
    """The term's last day lies before a day: the anniversary has come (Civil Code article 203), and so has the day to
    which the tier above postponed the election."""
    ended = Q()
    for years in (3, 5):
        try:
            began = day.replace(year=day.year - years)
        except ValueError:  # 29 February
            began = date(day.year - years, 2, 28)
        ended |= Q(term_years=years, term_started_on__lte=began)
    return ended & (Q(term_extended_to=None) | Q(term_extended_to__lt=day))


def _subtotal(grouped: models.QuerySet, total: models.Aggregate):
    """One figure out of a grouped subquery, 0 where it has no rows."""
    rows = models.Subquery(grouped.annotate(total=total).values("total"), output_field=models.IntegerField())
    return Coalesce(rows, 0)


class UnionQuerySet(ScopedQuerySet):
    scope_union = ""
    scope_middle = "middle"

    def active(self):
        return self.filter(state=UnionState.ACTIVE)

    def of_tier(self, tier: Tier):
        return self.filter(kind__in=tier.kinds)

    def district(self) -> "Union":
        """The district federation, above all others; there is one (`union_one_district`)."""
        return self.get(kind=UnionKind.DISTRICT)

    def below(self, union: "Union"):
        """The subtree of a union, itself included."""
        return self.filter(path__below=union.path)

    def term_overdue(self, day: date | None = None):
        """Active unions whose term has ended without an election (overdue renewal); as `term_ends_on` < day."""
        return self.active().filter(term_ended(day or timezone.localdate()))

    def matching(self, text: str):
        """Found by name, former name, pinyin, initials, code or credit code; every word must match."""
        found = self
        for word in text.upper().split():
            found = found.filter(search_text__contains=word)
            # The index serves those who see every row: below a narrower policy it may not be asked, and what it is made
            # of costs more than looking at the few rows.
            if len(word) == 2 and current().role not in (MIDDLE, UNION, SEVERAL):
                found = found.alias(pairs=CharPairs("search_text")).filter(pairs__contains=[word])
        return found

    def best_first(self, text: str):
        """Active before closed, names that begin with the text before names that hold it, then by pinyin."""
        rank = models.Case(
            models.When(name__istartswith=text, then=0), models.When(name__icontains=text, then=1), default=2
        )
        is_closed = models.Case(models.When(state=UnionState.ACTIVE, then=0), default=1)
        return self.order_by(is_closed, rank, "pinyin", "pk")

    def with_tree_counts(self):
        """Beside each union, in the same query: `child_count`, active unions directly below, and `member_count`,
        its members by the register; for the district and the middle tier those of all unions below."""
        below = Union.objects.active().order_by().filter(parent=models.OuterRef("pk"))
        grassroots = Union.objects.active().of_tier(Tier.GRASSROOTS).order_by()
        within = grassroots.filter(middle=models.OuterRef("pk")).values("middle")
        return self.annotate(
            child_count=_subtotal(below.values("parent"), models.Count("pk")),
            member_count=models.Case(
                models.When(kind__in=MIDDLE_KINDS, then=_subtotal(within, models.Sum("members"))),
                models.When(
                    kind=UnionKind.DISTRICT,
                    then=_subtotal(grassroots.annotate(all=models.Value(1)).values("all"), models.Sum("members")),
                ),
                default=F("members"),
                output_field=models.IntegerField(),
            ),
        )


class Union(SealedRow):
    """A union's card in the register (domain: register card, and the roster's columns)."""

    rights = Rights(everyone=WRITE)

    code = models.CharField(_("Union code"), max_length=20, unique=True)
    name = models.CharField(_("Union name"), max_length=120)
    former_names = ArrayField(
        models.CharField(max_length=120), default=list, blank=True, verbose_name=_("Former names")
    )
    kind = models.CharField(_("Kind of union"), max_length=12, choices=UnionKind.choices)
    state = models.CharField(_("State"), max_length=12, choices=UnionState.choices, default=UnionState.ACTIVE)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Superior union")
    )
    path = LTreeField(editable=False, null=True)
    middle = DerivedForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")

    employer_name = models.CharField(_("Employer"), max_length=120, blank=True)
    credit_code = models.CharField(_("Unified social credit code"), max_length=18, blank=True)
    employer_nature = models.CharField(
        _("Employer type"), max_length=14, choices=EmployerNature.choices, blank=True, default=""
    )
    industry = models.CharField(_("Industry"), max_length=1, choices=Industry.choices, blank=True, default="")
    address = models.CharField(_("Address"), max_length=200, blank=True)

    workers = models.PositiveIntegerField(_("Workers"), default=0)
    women_workers = models.PositiveIntegerField(_("Women workers"), default=0)
    migrant_workers = models.PositiveIntegerField(_("Rural migrant workers"), default=0)
    members = models.PositiveIntegerField(_("Members"), default=0)
    women_members = models.PositiveIntegerField(_("Women members"), default=0)

    founded_on = models.DateField(_("Founded on"), null=True, blank=True)
    term_years = models.PositiveSmallIntegerField(_("Term (years)"), null=True, blank=True)
    term_started_on = models.DateField(_("Term began on"), null=True, blank=True)
    term_extended_to = models.DateField(_("Election postponed to"), null=True, blank=True, editable=False)
    chair_name = models.CharField(_("Chair"), max_length=40, blank=True)
    chair_sex = models.CharField(_("Chair's sex"), max_length=6, choices=Sex.choices, blank=True, default="")
    chair_rank = models.CharField(_("Chair's rank"), max_length=16, choices=Rank.choices, blank=True, default="")
    chair_engagement = models.CharField(
        _("Chair full- or part-time"), max_length=10, choices=Engagement.choices, blank=True, default=""
    )
    chair_phone = EncryptedCharField(_("Chair's phone"), max_length=20, blank=True)

    has_place = models.BooleanField(_("Fixed place for activities"), default=False)
    has_sign = models.BooleanField(_("Sign put up"), default=False)
    has_account = models.BooleanField(_("Own bank account"), default=False)
    has_audit_committee = models.BooleanField(_("Fund audit committee"), default=False)
    has_women_committee = models.BooleanField(_("Women workers' committee"), default=False)

    pinyin = models.CharField(max_length=400, editable=False, default="")
    search_text = models.TextField(editable=False, default="")
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = UnionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Union")
        ordering = ["path"]
        permissions = []  # the list in unions/permissions.py, created after migrate
        default_permissions = ()
        triggers = [PLACE_IN_TREE, CARRY_SUBTREE]
        indexes = [
            GistIndex(fields=["path"], name="union_path"),
            models.Index(fields=["middle", "kind", "state"], include=["members"], name="union_middle"),
            models.Index(fields=["parent", "state", "pinyin", "id"], name="union_children"),
            models.Index(fields=["pinyin", "id"], name="union_pinyin"),
            models.Index(
                fields=["state", "term_years", "term_started_on"], include=["term_extended_to"], name="union_term"
            ),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="union_search"),
            models.Index(fields=["chair_phone"], opclasses=["text_pattern_ops"], name="union_chair_phone"),
            GinIndex(CharPairs("search_text"), name="union_search_pairs"),
        ]
        constraints = [
            Walled(name="union_wall", union="id", is_chain_open=True),
            models.UniqueConstraint(
                F("kind"),
                condition=Q(kind=UnionKind.DISTRICT),
                name="union_one_district",
                violation_error_message=_("There is one district federation already."),
            ),
            models.CheckConstraint(
                condition=Q(kind=UnionKind.DISTRICT, parent=None)
                | (~Q(kind=UnionKind.DISTRICT) & Q(parent__isnull=False)),
                name="union_parent_by_kind",
                violation_error_message=_("Every union but the district federation has a superior union."),
            ),
            models.CheckConstraint(condition=Q(kind__in=UnionKind.values), name="union_kind_known"),
            models.CheckConstraint(condition=Q(state__in=UnionState.values), name="union_state_known"),
            models.UniqueConstraint(
                Upper("credit_code"),
                condition=~Q(credit_code="") & Q(state=UnionState.ACTIVE, kind=UnionKind.UNIT),
                name="union_one_per_employer",
                violation_error_message=_("This employer already has a union: one employer, one grassroots union."),
            ),
            models.CheckConstraint(
                condition=Q(women_workers__lte=F("workers")),
                name="union_women_workers",
                violation_error_message=_("Women workers cannot outnumber workers."),
            ),
            models.CheckConstraint(
                condition=Q(migrant_workers__lte=F("workers")),
                name="union_migrant_workers",
                violation_error_message=_("Rural migrant workers cannot outnumber workers."),
            ),
            models.CheckConstraint(
                condition=Q(women_members__lte=F("members")),
                name="union_women_members",
                violation_error_message=_("Women members cannot outnumber members."),
            ),
            models.CheckConstraint(
                condition=Q(term_years__in=(3, 5)) | Q(term_years=None),
                name="union_term_years",
                violation_error_message=_("A term is 3 or 5 years (Trade Union Law, article 16)."),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.derive()
        super().save(*args, **kwargs)

    def validate_unique(self, exclude=None):
        """A code is taken wherever it is taken, within the person's scope or not."""
        with system("asks whether a code is taken"):
            super().validate_unique(exclude)

    def validate_constraints(self, exclude=None):
        with system("asks whether an employer has a union"):
            super().validate_constraints(exclude)

    def derive(self) -> None:
        """Fill the columns that follow from others; bulk writers call it themselves."""
        self.credit_code = self.credit_code.upper()
        self.pinyin = pinyin_key(self.name)[:400]
        self.search_text = search_text(self.name, *self.former_names, self.code, self.credit_code, self.employer_name)

    @property
    def tier(self) -> Tier:
        return UnionKind(self.kind).tier

    @property
    def union_id(self) -> int:
        """A union belongs to itself: records and unions answer the same question."""
        return self.pk

    @property
    def superior_id(self) -> int | None:
        """The union of the tier above that reviews and decides: for a grassroots union its middle-tier union, even
        where it hangs below a federation."""
        return self.middle_id if self.tier is Tier.GRASSROOTS else self.parent_id

    @property
    def superior(self) -> "Union | None":
        return self.middle if self.tier is Tier.GRASSROOTS else self.parent

    @property
    def is_active(self) -> bool:
        return self.state == UnionState.ACTIVE

    @property
    def term_ends_on(self):
        """The day before the term's anniversary (Civil Code article 203: a period of years ends that day)."""
        if not (self.term_started_on and self.term_years):
            return None
        year = self.term_started_on.year + self.term_years
        try:
            return self.term_started_on.replace(year=year) - timedelta(days=1)
        except ValueError:  # began on 29 February
            return date(year, 2, 28)

    @property
    def is_term_overdue(self) -> bool:
        """Overdue for election: the term has ended and the union is still active."""
        last = self.term_ends_on and max(self.term_ends_on, self.term_extended_to or self.term_ends_on)
        return self.is_active and last is not None and last < timezone.localdate()

    @property
    def conditions_met(self) -> int:
        """How many of the recorded conditions of the “five haves” the union meets."""
        return sum(
            (self.has_place, self.has_sign, self.has_account, self.has_audit_committee, self.has_women_committee)
        )

    def shown(self, name: str) -> str:
        """A field's value as a person reads it; the phone masked."""
        value = getattr(self, name)
        if name == "chair_phone":
            return mask_phone(value)
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        display = getattr(self, f"get_{name}_display", None)
        return str(display() if display else "" if value is None else value)

    def conflict_rows(self, posted) -> list[dict]:
        """What was sent beside what the card holds by now, for the fields that differ."""
        rows = []
        for field in self._meta.concrete_fields:
            if not field.editable or field.is_relation or field.name not in posted or field.name == "id":
                continue
            sent = Union()
            try:
                setattr(sent, field.name, field.to_python(posted[field.name] or (None if field.null else "")))
                mine = sent.shown(field.name)
            except ValidationError:
                mine = str(posted[field.name])
            if mine != (theirs := self.shown(field.name)):
                rows.append({"label": field.verbose_name, "mine": mine, "theirs": theirs})
        return rows

    def ancestors(self):
        """The chain from the district down to the parent."""
        return Union.objects.filter(path__above=self.path).exclude(pk=self.pk).order_by("path")

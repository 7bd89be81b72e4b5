"""Unions and people. Credit codes are real in form: they pass their check digit."""

import factory
from factory.django import DjangoModelFactory
from stdnum.cn import uscc

from unions.enums import UnionKind
from unions.models import Union, User
from unions.services import appoint


def credit_code(number: int, prefix: str = "91110105") -> str:
    """A unified social credit code with its check digit, the same for the same number."""
    body = f"{prefix}{number:09d}"
    return body + uscc.calc_check_digit(body)


class UnionFactory(DjangoModelFactory):
    class Meta:
        model = Union

    code = factory.Sequence(lambda n: f"11010509{n:05d}")
    name = factory.Sequence(lambda n: f"北京测试{n}有限公司工会委员会")
    kind = UnionKind.UNIT
    employer_name = factory.LazyAttribute(lambda o: o.name.removesuffix("工会委员会"))
    credit_code = factory.Sequence(lambda n: credit_code(n + 1))
    workers = 100
    women_workers = 40
    members = 90
    women_members = 36


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"王{n}")
    email = factory.LazyAttribute(lambda o: f"{o.username}@example.org")
    must_change_password = False

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or "correct-horse-9")
        if create:
            self.save(update_fields=["password"])


class DistrictWorld:
    """The district, two streets (望京 with two unions, 建外 with one) and an industry union, with a person a role.
    Attributes: district, wangjing, jianwai, education, factory, school, bank; and people by role."""

    def __init__(self):
        self.district = UnionFactory(code="110105000", name="朝阳区总工会", kind=UnionKind.DISTRICT, parent=None)
        self.wangjing = UnionFactory(
            code="110105026", name="望京街道总工会", kind=UnionKind.STREET, parent=self.district
        )
        self.jianwai = UnionFactory(
            code="110105001", name="建外街道总工会", kind=UnionKind.STREET, parent=self.district
        )
        self.factory = UnionFactory(
            code="1101050260001", name="北京瑞丰同创科技有限公司工会委员会", parent=self.wangjing, workers=264, women_workers=118,
            migrant_workers=46, members=242, women_members=109,
        )  # fmt: skip
        self.hotel = UnionFactory(code="1101050260002", name="北京望湖宾馆工会委员会", parent=self.wangjing)
        self.bank = UnionFactory(code="1101050010001", name="北京建外商业银行工会委员会", parent=self.jianwai)
        self.people = {}

    def person(self, role: str, union: Union) -> User:
        """The person who holds a role at a union, made on first asking."""
        if (role, union.pk) not in self.people:
            user = UserFactory(username=f"{role}.{union.code}")
            appoint(user=user, role=role, union=union, by=None)
            self.people[role, union.pk] = User.objects.get(pk=user.pk)
        return self.people[role, union.pk]

    def forget(self, user: User) -> User:
        """The person as the next request would see them, without what was read before."""
        return User.objects.get(pk=user.pk)

    @property
    def leader(self):
        return self.person("district_leader", self.district)

    @property
    def officer(self):
        return self.person("district_staff", self.district)

    @property
    def reviewer(self):
        return self.person("middle_reviewer", self.wangjing)

    @property
    def street_chair(self):
        return self.person("middle_chair", self.wangjing)

    @property
    def street_staff(self):
        return self.person("middle_staff", self.wangjing)

    @property
    def chair(self):
        return self.person("grassroots_chair", self.factory)

    @property
    def clerk(self):
        return self.person("grassroots_staff", self.factory)

    @property
    def neighbour(self):
        return self.person("grassroots_chair", self.hotel)

    @property
    def stranger(self):
        return self.person("grassroots_chair", self.bank)

    @property
    def other_reviewer(self):
        return self.person("middle_reviewer", self.jianwai)

"""Keeping a union's public page: its words, opening and closing it, publishing the committee's names."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.enums import Body
from assemblies.models import Seat
from disclosure.cache import forget
from disclosure.enums import LINKED, Readers
from disclosure.models import Bulletin, PublicPage
from disclosure.site import Site
from unions.models import Union, User
from unions.notices import absolute
from unions.permissions import Permission
from unions.services import differences, record
from unions.workflow import Conflict, MoveError, NotAllowed


def page_of(union: Union) -> PublicPage | None:
    return PublicPage.objects.filter(union=union).first()


def address_of(page: PublicPage) -> str:
    """The address that stands on the poster."""
    return absolute(reverse("disclosure:public", args=[page.slug]))


def address_of_bulletin(bulletin: Bulletin) -> str:
    """Where everybody reads it; nothing where nobody does."""
    page = PublicPage.objects.open_to_public().filter(union=bulletin.union_id).first()
    is_shown = page and Bulletin.objects.published_to_public().filter(pk=bulletin.pk).exists()
    return reverse("disclosure:public-bulletin", args=[page.slug, bulletin.code]) if is_shown else ""


def reading_address(bulletin: Bulletin) -> str:
    """Where those read it for whom it is meant, by their link; nothing where they cannot."""
    page = PublicPage.objects.filter(union=bulletin.union_id).first()
    if page is None or bulletin.readers not in LINKED:
        return ""
    site = Site(page, Readers(bulletin.readers))
    return site.of_bulletin(bulletin) if site.bulletins().filter(pk=bulletin.pk).exists() else ""


def forget_pages_of(union_id: int) -> None:
    """What is published or taken back shows at once."""
    for slug in PublicPage.objects.filter(union=union_id).values_list("slug", flat=True):
        forget(slug)


def _locked(union: Union, by: User) -> PublicPage:
    """The page, made on the first write; writers come one after the other."""
    if not by.has_perm(Permission.BULLETIN_APPROVE, union):
        raise NotAllowed(_("You may not keep this union's public page."))
    Union.objects.select_for_update(of=("self",), no_key=True).get(pk=union.pk)
    return PublicPage.objects.select_for_update(no_key=True).filter(union=union).first() or PublicPage(union=union)


def _keep(page: PublicPage, action: str, by: User, **data) -> PublicPage:
    page.revision += 1
    page.save()
    record(page.union, action, page, by=by, data=data)
    forget(page.slug)
    return page


@transaction.atomic
def edit(union: Union, values: dict[str, Any], *, by: User, revision: int | None = None) -> PublicPage:
    page = _locked(union, by)
    if revision is not None and page.pk and revision != page.revision:
        raise Conflict(page)
    changes = differences({name: getattr(page, name) for name in values}, values)
    if page.pk and not changes:
        return page
    forget(page.slug)
    for name in values:
        setattr(page, name, values[name])
    return _keep(page, "publicpage.edit", by, changes=changes)


@transaction.atomic
def set_open(union: Union, is_open: bool, *, by: User) -> PublicPage:
    """Open the page to everybody, or close it; closed it answers as if there were none."""
    page = _locked(union, by)
    if page.pk and page.is_open == is_open:
        return page
    page.is_open = is_open
    return _keep(page, "publicpage.open" if is_open else "publicpage.close", by)


@transaction.atomic
def renew_link(union: Union, readers: Readers, *, by: User, number: int) -> PublicPage:
    """A new link for these readers; the former one, `number`, and its posters lead nowhere from now on. Asked twice for the
    same it is done once."""
    page = _locked(union, by)
    if page.pk is None:
        raise MoveError(_("Save the words of the public page first."))
    if page.link_number(readers) != number:
        return page
    setattr(page, f"{readers}_link", number + 1)
    return _keep(page, "publicpage.renew_link", by, readers=readers)


def seats_to_publish(union: Union) -> list[Seat]:
    """Who sits in the committee today, by the register of the term in office."""
    rows = Seat.objects.filter(union=union, term__ended_on=None, body=Body.COMMITTEE)
    return list(rows.held().by_rank())


@transaction.atomic
def publish_committee(union: Union, *, by: User) -> PublicPage:
    """Copy name and post of today's committee onto the page; PIPL article 25: those named have agreed to it."""
    page, seats = _locked(union, by), seats_to_publish(union)
    if not seats:
        raise MoveError(_("Nobody stands in the register of the term in office."))
    page.committee = [{"name": seat.name, "post": str(seat.post_words)} for seat in seats]
    page.committee_on = timezone.localdate()
    return _keep(page, "publicpage.committee", by, count=len(seats))


@transaction.atomic
def withdraw_committee(union: Union, *, by: User) -> PublicPage:
    page = _locked(union, by)
    if not page.committee:
        return page
    page.committee, page.committee_on = [], None
    return _keep(page, "publicpage.no_committee", by)

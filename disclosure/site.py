"""A union's pages as one circle of readers meets them: everybody at the short address, the others by the link of theirs.

A link for readers (docs/adr/0085) opens what is meant for them and for every wider circle, of this one union.
"""

from dataclasses import dataclass

from django.urls import reverse

from disclosure.enums import Readers
from disclosure.models import Bulletin, PublicPage
from unions import tokens
from unions.models import Union


@dataclass(frozen=True)
class Site:
    """What these readers may read of a union, and where each page of it lies for them."""

    page: PublicPage
    readers: Readers = Readers.PUBLIC

    @property
    def union(self) -> Union:
        return self.page.union

    @property
    def is_public(self) -> bool:
        return self.readers == Readers.PUBLIC

    def bulletins(self):
        return Bulletin.objects.published_to(self.readers).filter(union=self.page.union_id)

    @property
    def home(self) -> str:
        return self._address("")

    @property
    def listing(self) -> str:
        return self._address("-bulletins")

    def of_bulletin(self, bulletin: Bulletin) -> str:
        return self._address("-bulletin", bulletin.code)

    def of_file(self, bulletin: Bulletin, upload: int) -> str:
        return self._address("-file", bulletin.code, upload)

    def _address(self, part: str, *more: str | int) -> str:
        if self.is_public:
            return reverse(f"disclosure:public{part}", args=[self.page.slug, *more])
        token = tokens.make(purpose_of(self.readers), self.page.pk, self.page.link_number(self.readers))
        return reverse(f"disclosure:read{part}", args=[self.readers, token, *more])


def purpose_of(readers: Readers) -> tokens.Purpose:
    return tokens.Purpose(f"read-{readers}")

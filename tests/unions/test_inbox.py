import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.unions import UserFactory
from unions.models import Notice
from unions.notices import notify

PARAMS = {"union": "望京", "zh": "信息反馈", "en": "Feedback", "period": "2026Q3", "by": "王", "reason": "停电", "until": "2026-12-01"}  # fmt: skip


def tell(*people, key="k", url="/duties/"):
    return notify(people, "duty.ask", union=None, params=PARAMS, url=url, key=key)


def test_everybody_sees_their_own_notices_and_nobody_elses(world, sign_in):
    (mine,) = tell(world.chair)
    (theirs,) = tell(world.stranger, key="other")
    page = sign_in(world.chair).get(reverse("unions:inbox"))
    assert [row["notice"] for row in page.context["rows"]] == [mine]
    assert "停电" in page.content.decode()
    assert sign_in(world.chair).get(reverse("unions:inbox-open", args=[theirs.pk])).status_code == 404
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_opening_marks_read_and_goes_there(world, sign_in):
    (notice,) = tell(world.chair)
    client = sign_in(world.chair)
    response = client.get(reverse("unions:inbox-open", args=[notice.pk]))
    assert response.url == "/duties/"
    notice.refresh_from_db()
    first = notice.read_at
    assert first
    client.get(reverse("unions:inbox-open", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.read_at == first


def test_the_unread_can_be_listed_and_all_marked_read(world, sign_in):
    tell(world.chair, key="a")
    Notice.objects.update(read_at=timezone.now())
    (fresh,) = tell(world.chair, key="b")
    tell(world.stranger, key="c")
    client = sign_in(world.chair)
    page = client.get(reverse("unions:inbox"), {"show": "unread"})
    assert [row["notice"] for row in page.context["rows"]] == [fresh]
    assert client.get(reverse("unions:inbox-read-all")).status_code == 405
    assert client.post(reverse("unions:inbox-read-all")).status_code == 302
    assert world.chair.notices.unread().count() == 0
    assert world.stranger.notices.unread().count() == 1
    assert client.get(reverse("unions:inbox"), {"show": "unread"}).status_code == 200


def test_a_notice_of_a_kind_that_is_gone_keeps_its_place(world, sign_in):
    Notice.objects.create(recipient=world.chair, kind="gone", key="x")
    assert sign_in(world.chair).get(reverse("unions:inbox")).status_code == 200


def test_the_inbox_costs_the_same_for_one_and_sixty(
    world, sign_in, django_assert_num_queries, django_assert_max_num_queries
):
    client = sign_in(world.chair)
    tell(world.chair)
    client.get(reverse("unions:inbox"))
    with django_assert_max_num_queries(12) as one:
        client.get(reverse("unions:inbox"))
    for number in range(60):
        tell(world.chair, key=f"n{number}")
    with django_assert_num_queries(len(one)):
        client.get(reverse("unions:inbox"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_words_are_the_readers(world, client, language):
    user = UserFactory(language=language)
    tell(user)
    client.force_login(user, backend="unions.backends.TreeBackend")
    text = client.get(reverse("unions:inbox")).content.decode()
    assert ("信息反馈" in text) is (language == "zh-hans")
    assert ("Feedback" in text) is (language == "en")

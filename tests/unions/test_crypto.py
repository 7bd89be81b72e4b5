"""What is sealed opens only in its place, under a key of the ring, and never shows itself unasked."""

import pickle

import pytest
from django.apps.registry import Apps
from django.core.exceptions import FieldError, ImproperlyConfigured, ValidationError
from django.db import connection

from unions.kit.crypto import CannotOpen, KeyRing, ring
from unions.kit.sealed import EncryptedCharField, SealedRow

PHONE = "13800135678"
OLD, NEW = "old:" + "o" * 50, "new:" + "n" * 50
PLACE = ("unions.union.chair_phone", "row-1")


@pytest.mark.parametrize("cipher", ["", "sm4:"])
def test_a_value_opens_again_under_either_cipher(cipher):
    keys = KeyRing.parse(f"k1:{cipher}{'s' * 43}")
    sealed = keys.seal("王芳 138-0013", *PLACE)
    assert sealed.startswith("k1.") and "138" not in sealed.rpartition(".")[0]
    assert keys.open(sealed, *PLACE) == "王芳 138-0013"
    assert keys.seal("王芳 138-0013", *PLACE) != sealed, "a nonce is never used twice"


def test_the_empty_value_stays_empty():
    keys = KeyRing.parse(OLD)
    assert keys.seal("", *PLACE) == "" and keys.open("", *PLACE) == ""


@pytest.mark.parametrize("place", [("unions.user.phone", "row-1"), ("unions.union.chair_phone", "row-2")])
def test_a_value_moved_to_another_column_or_row_does_not_open(place):
    keys = KeyRing.parse(OLD)
    with pytest.raises(CannotOpen, match="belongs to another row") as refused:
        keys.open(keys.seal(PHONE, *PLACE), *place)
    assert PHONE not in str(refused.value)


@pytest.mark.parametrize("position", [5, -3])
def test_a_changed_value_or_index_does_not_open(position):
    keys = KeyRing.parse(OLD)
    sealed = list(keys.seal(PHONE, *PLACE))
    sealed[position] = "A" if sealed[position] != "A" else "B"
    with pytest.raises(CannotOpen):
        keys.open("".join(sealed), *PLACE)


def test_a_plain_value_is_never_taken_for_a_sealed_one():
    with pytest.raises(CannotOpen, match="not sealed"):
        KeyRing.parse(OLD).open(PHONE, *PLACE)


def test_the_first_key_writes_and_all_read():
    before, both, after = KeyRing.parse(OLD), KeyRing.parse(f"{NEW}, {OLD}"), KeyRing.parse(NEW)
    sealed = before.seal(PHONE, *PLACE)
    assert both.open(sealed, *PLACE) == PHONE and not both.is_current(sealed)
    anew = both.seal(PHONE, *PLACE)
    assert anew.startswith("new.") and both.is_current(anew) and after.open(anew, *PLACE) == PHONE
    with pytest.raises(CannotOpen, match="needs the key “old”"):
        after.open(sealed, *PLACE)
    assert [sealed.startswith(start) for start in both.beginnings(PHONE, PLACE[0])] == [False, True]


def test_equal_values_share_an_index_within_a_column_and_never_across():
    keys = KeyRing.parse(OLD)
    index = lambda value, column="a.b.c": keys.first.index(value, column)  # noqa: E731
    assert index("138 0013-5678") == index(PHONE) != index("13800135679")
    assert index("11010519491231002x") == index("11010519491231002X")
    assert index(PHONE) != index(PHONE, "a.b.d")


@pytest.mark.parametrize(
    "text", ["", "k1", "k1:short", "K1:" + "s" * 50, "k1:des:" + "s" * 50, f"{OLD},{OLD}", f"{OLD},"]
)
def test_a_ring_that_is_missing_or_wrong_names_itself_and_its_cure(text):
    with pytest.raises(ImproperlyConfigured, match="PORTAL_KEYS") as refused:
        KeyRing.parse(text)
    assert "sss" not in str(refused.value) and "ooo" not in str(refused.value)


def test_a_key_never_shows_its_secret():
    assert "ooo" not in repr(KeyRing.parse(OLD).first)


@pytest.fixture
def people(db):
    """A table of people with encrypted telephone numbers, known to no app."""

    class Person(SealedRow):
        phone = EncryptedCharField("Phone", max_length=20, blank=True)
        mobile = EncryptedCharField("Mobile", max_length=20, null=True)

        class Meta:
            app_label = "people"
            apps = Apps()

    with connection.schema_editor() as editor:
        editor.sql_create_table = editor.sql_create_table.replace(
            "TABLE", "TEMPORARY TABLE"
        )  # the login makes no other
        editor.create_model(Person)
    return Person


def stored(people):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT phone, mobile FROM {people._meta.db_table} ORDER BY id")
        return cursor.fetchall()


def test_the_table_holds_what_is_sealed_and_the_instance_opens_it(people):
    people.objects.create(phone=PHONE)
    ((phone, mobile),) = stored(people)
    assert phone.startswith("test.") and PHONE not in phone and mobile is None
    person = people.objects.get()
    assert person.phone == PHONE and person.mobile is None
    assert PHONE not in repr(vars(person)) and PHONE.encode() not in pickle.dumps(vars(person))
    assert people.objects.values_list("phone", flat=True).get() == phone


def test_equal_values_are_found_and_nothing_else_is_asked(people):
    people.objects.bulk_create([people(phone=PHONE), people(phone=""), people(phone="13900000000")])
    assert [p.phone for p in people.objects.filter(phone="138 0013 5678")] == [PHONE]
    assert people.objects.filter(phone="").count() == 1 and people.objects.exclude(phone=PHONE).count() == 2
    assert people.objects.filter(mobile=None).count() == 3
    with pytest.raises(FieldError):
        people.objects.filter(phone__contains="138")


def test_each_way_of_writing_seals_and_one_that_cannot_raises(people):
    person = people.objects.create(phone=PHONE)
    person.phone = "13911112222"
    person.save(update_fields=["phone"])
    assert people.objects.get().phone == "13911112222"
    person.phone = "13933334444"
    people.objects.bulk_update([person], ["phone"])
    assert people.objects.get(phone="13933334444") == person
    with pytest.raises(TypeError, match="bound to its row") as refused:
        people.objects.update(phone=PHONE)
    assert PHONE not in str(refused.value)


def test_the_length_is_that_of_the_plain_value(people):
    person = people(phone="1" * 20, mobile="")
    person.clean_fields(exclude=["seal", "mobile"])
    assert person.phone == "1" * 20
    person.phone = "1" * 21
    with pytest.raises(ValidationError):
        person.clean_fields(exclude=["seal", "mobile"])


def test_rows_made_by_the_database_have_a_mark_each(people):
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {people._meta.db_table} (phone) SELECT '' FROM generate_series(1, 3)")
    assert people.objects.values("seal").distinct().count() == 3


def test_this_portals_ring_comes_from_its_environment(settings):
    settings.PORTAL_KEYS = NEW
    assert ring().first.id == "new"

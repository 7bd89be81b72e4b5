"""Keys change while the portal runs: mixed keys are read, what is broken off goes on, and nobody's edit is lost."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from unions import rotation
from unions.kit.crypto import CannotOpen
from unions.models import Union

OLD, NEW = "old:" + "o" * 50, "new:" + "n" * 50


@pytest.fixture
def sealed_by_the_old_key(world, settings):
    settings.PORTAL_KEYS = OLD
    for number, union in enumerate(Union.objects.all()):
        union.chair_phone = f"1390000{number:04d}"
        union.save()
    settings.PORTAL_KEYS = f"{NEW},{OLD}"
    return world


def run(*arguments) -> dict:
    out = StringIO()
    call_command("rotate_keys", *arguments, stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


def test_all_values_go_under_the_first_key_and_the_old_one_may_leave(sealed_by_the_old_key, settings):
    before = {union.pk: union.chair_phone for union in Union.objects.all()}
    assert set(run("--check")["in_use"]["unions.union.chair_phone"]) == {"old"}
    said = run()
    assert said["in_use"]["unions.union.chair_phone"] == {"new": len(before)}
    settings.PORTAL_KEYS = NEW
    assert {union.pk: union.chair_phone for union in Union.objects.all()} == before
    found = before[sealed_by_the_old_key.factory.pk]
    assert Union.objects.get(chair_phone=found) == sealed_by_the_old_key.factory, "the index went along"


def test_between_the_keys_everything_is_read_and_found(sealed_by_the_old_key):
    world = sealed_by_the_old_key
    world.factory.chair_phone = "13911112222"
    world.factory.save()
    hotel = Union.objects.get(pk=world.hotel.pk)
    assert Union.objects.get(chair_phone="13911112222") == world.factory
    assert Union.objects.get(chair_phone=hotel.chair_phone) == hotel


def test_a_rotation_that_was_broken_off_goes_on_where_it_stopped(sealed_by_the_old_key, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 2)
    told = []

    def stop(place, rows):
        told.append(rows)
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(stop)
    used = rotation.keys_in_use()["unions.union.chair_phone"]
    assert used["new"] == 4 and used["old"] > 0
    assert set(run()["in_use"]["unions.union.chair_phone"]) == {"new"}


def test_what_somebody_writes_meanwhile_is_left_alone(sealed_by_the_old_key, monkeypatch):
    world, write = sealed_by_the_old_key, rotation._write

    def edited_first(one, fresh):
        if one.place == "unions.union.chair_phone":
            Union.objects.filter(pk=world.factory.pk).update(chair_phone="")
        return write(one, fresh)

    monkeypatch.setattr(rotation, "_write", edited_first)
    run()
    assert Union.objects.get(pk=world.factory.pk).chair_phone == ""


def test_a_value_that_no_key_opens_is_named_and_the_others_are_done(sealed_by_the_old_key, settings):
    world = sealed_by_the_old_key
    Union.objects.filter(pk=world.hotel.pk).update(chair_phone=world.factory.chair_phone_sealed)
    Union.objects.filter(pk=world.hotel.pk).update(
        chair_phone=Union.objects.get(pk=world.factory.pk).chair_phone_sealed
    )
    with pytest.raises(CannotOpen):
        _shown = Union.objects.get(pk=world.hotel.pk).chair_phone
    out = StringIO()
    with pytest.raises(CommandError, match="no key of the ring"):
        call_command("rotate_keys", stdout=out, stderr=StringIO())
    said = json.loads(out.getvalue())
    assert said["unopened"] == {"unions.union.chair_phone": [world.hotel.pk]}
    assert said["in_use"]["unions.union.chair_phone"]["old"] == 1

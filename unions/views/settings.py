"""The district's settings: what holds, since when, on what basis; changed and put back by the district alone."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from unions import rulebook, settingbook
from unions.audit_words import changes, sentence
from unions.forms_settings import SettingForm
from unions.kit.http import any_account
from unions.models import Event
from unions.permissions import Permission
from unions.settingbook import Definition, definitions

HISTORY = 30


def _shown(definition: Definition) -> dict:
    """A setting as the pages show it."""
    row = settingbook.in_force(definition.key)
    return {
        "definition": definition,
        "words": definition.words(settingbook.setting(definition.key)),
        "default": definition.words(definition.default),
        "basis": row.basis if row else definition.basis,
        "since": row.effective_from if row else None,
        "level3": None if definition.level3 is None else definition.words(definition.level3),
        "is_changed": settingbook.is_changed(definition.key),
        "upcoming": [
            {"from": later.effective_from, "words": definition.words(definition.read(later.value))}
            for later in settingbook.upcoming(definition.key)
        ],
    }


EDITORS = (Permission.RULE_EDIT, Permission.SECURITY_EDIT)


def _demand_editor(user) -> None:
    if not any(user.has_perm(permission) for permission in EDITORS):
        raise PermissionDenied


def _definition(user, key: str) -> Definition:
    """A setting that this person sets: the district's staff most of them, the system administrator those of security."""
    _demand_editor(user)
    found = definitions.get(key)
    if found is None:
        raise Http404
    if not user.has_perm(found.permission):
        raise PermissionDenied
    return found


def _seen(request) -> int:
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() else -1


@any_account
@require_GET
def setting_list(request):
    """The settings that this person sets, by group: what holds today and why."""
    _demand_editor(request.user)
    mine = [definition for definition in definitions if request.user.has_perm(definition.permission)]
    groups: dict[str, list[dict]] = {}
    for definition in mine:
        groups.setdefault(str(definition.group), []).append(_shown(definition))
    found = [{"name": name, "rows": rows} for name, rows in groups.items()]
    return render(
        request, "unions/settings/list.html",
        {"groups": found, "may_edit_rules": request.user.has_perm(Permission.RULE_EDIT)},
    )  # fmt: skip


@any_account
@require_http_methods(["GET", "POST"])
def setting_edit(request, key):
    """Change a setting from a day on; beside it what was changed so far."""
    definition = _definition(request.user, key)
    row = settingbook.in_force(key)
    initial = {
        "value": settingbook.setting(key), "basis": row.basis if row else definition.basis, "effective_from": timezone.localdate(),
    }  # fmt: skip
    form = SettingForm(request.POST or None, initial=initial, definition=definition)
    if request.method == "POST" and form.is_valid():
        rulebook.edit_setting(key, **form.cleaned_data, by=request.user, seen=_seen(request))
        messages.success(request, _("The setting is saved."))
        return redirect("unions:setting-list")
    events = list(Event.objects.filter(model="unions.Setting", data__key=key).select_related("by")[:HISTORY])
    for event in events:
        event.sentence, event.changes = sentence(event), changes(event)
    context = {**_shown(definition), "form": form, "events": events, "revision": settingbook.revision(key)}
    if definition.least is not None:
        context |= {"least": definition.words(definition.least), "most": definition.words(definition.most)}
    return render(request, "unions/settings/edit.html", context, status=422 if form.is_bound else 200)


@any_account
@require_http_methods(["GET", "POST"])
def setting_reset(request, key):
    """Ask, then let the portal's default hold again."""
    definition = _definition(request.user, key)
    if request.method == "POST":
        rulebook.reset_setting(key, by=request.user, seen=_seen(request))
        messages.success(request, _("The portal's default holds again."))
        return redirect("unions:setting-list")
    context = {**_shown(definition), "revision": settingbook.revision(key)}
    return render(request, "unions/settings/reset.html", context)

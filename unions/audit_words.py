"""The record of changes in words: an act is a sentence, a change is label: old → new.

An app registers the sentence of its acts (`presenters.add("return.accept", lambda event: _("…"))`) from its
AppConfig.ready(); an act that nobody registered shows the workflow's own word, so nothing is ever missing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import BooleanField, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unions.kit.registry import Registry
from unions.models import Event, User
from unions.notices import Wording, wordings
from unions.permissions import Permission
from unions.roles import ROLES
from unions.settingbook import definitions
from unions.workflow import WORKFLOWS

presenters: Registry[Callable[[Event], str]] = Registry("act")


@dataclass(frozen=True)
class Change:
    """One field of an act, as it was and as it became."""

    label: str
    old: str
    new: str


def sentence(event: Event) -> str:
    """What was done, in the reader's language."""
    if presenter := presenters.get(event.action):
        return str(presenter(event))
    workflow = WORKFLOWS.get(event.model)
    name = event.action.rpartition(".")[2]
    if workflow and name in workflow.transitions:
        what = apps.get_model(event.model)._meta.verbose_name
        return _("%(what)s: %(act)s") % {"what": what, "act": workflow.transitions[name].label}
    return event.action


def acts_of(record: Model, user: User, see: Permission, most: int = 30) -> list[tuple[str, Event]]:
    """What was done with a record, the newest first: each act in words."""
    events = Event.objects.visible_to(user, see).filter(model=record._meta.label, object_id=record.pk)
    return [(sentence(event), event) for event in events.select_related("by")[:most]]


def changes(event: Event) -> list[Change]:
    """The fields that an act changed; what is masked on its page is masked in the record itself (`unions.personal`)."""
    model = apps.get_model(event.model)
    return [
        Change(_label(model, name), _shown(model, name, old), _shown(model, name, new))
        for name, (old, new) in event.data.get("changes", {}).items()
    ]


def notes(event: Event) -> list[str]:
    """What else is known of a refusal or of a file taken away."""
    found = [event.data.get("why", ""), *event.data.get("filters", [])]
    return [note for note in found if note]


def record_of(event: Event) -> str:
    """The record an event is about, in a word."""
    return str(apps.get_model(event.model)._meta.verbose_name)


def _field(model, name):
    return next((field for field in model._meta.fields if name in (field.name, field.attname)), None)


def _label(model, name: str) -> str:
    field = _field(model, name)
    return str(field.verbose_name) if field else name


def _shown(model, name: str, value) -> str:
    field = _field(model, name)
    if value in (None, "", "None"):
        return _("none")
    if isinstance(value, list):
        return _(", ").join(map(str, value)) or _("none")
    if isinstance(field, BooleanField) or isinstance(value, bool):
        return _("yes") if value in (True, "True", "true") else _("no")
    return str(dict(field.flatchoices).get(value, value)) if field is not None and field.choices else str(value)


def _role(event: Event) -> str:
    role = ROLES.get(event.data.get("role", ""))
    return str(role.label) if role else event.data.get("role", "")


PLAIN = {
    "union.edit": gettext_lazy("Edited the union's card"),
    "union.move": gettext_lazy("Moved the union below another superior"),
    "union.move_undo": gettext_lazy("Took a move back: the union hangs below its former superior"),
    "union.found": gettext_lazy("Entered the district federation"),
    "union.dissolve": gettext_lazy("Dissolved the union"),
    "union.restore": gettext_lazy("Restored the union"),
    "union.import_undo": gettext_lazy("Undid an import of the roster"),
    "session.open": gettext_lazy("Signed in to the portal"),
    "session.prove": gettext_lazy("Passed the second factor"),
    "session.close": gettext_lazy("Signed out"),
    "session.fail": gettext_lazy("Tried to sign in in vain"),
    "session.lock": gettext_lazy("Turned away: too many failed sign-ins"),
    "account.own_password": gettext_lazy("Changed one's own password"),
    "import.read": gettext_lazy("Uploaded or checked a file to import"),
    "import.commit": gettext_lazy("Confirmed an import"),
    "import.undo": gettext_lazy("Had an import undone"),
    "delivery.resend": gettext_lazy("Had a message sent again"),
    "webhook.test": gettext_lazy("Sent a test to a webhook"),
    "audit.check": gettext_lazy("Had the record of acts checked"),
    "audit.export": gettext_lazy("Exported the record of acts"),
    "person.reveal": gettext_lazy("Looked at the chair's full phone number"),
    "person.erase": gettext_lazy("Erased personal data past their time"),
    "upload.add": gettext_lazy("Uploaded a file"),
    "upload.refuse": gettext_lazy("A file was removed after the virus check"),
    "upload.remove": gettext_lazy("Removed a file"),
    "person.export": gettext_lazy("Made a workbook with full telephone numbers"),
    "account.handout": gettext_lazy("Took the initial passwords of an import away"),
    "emergency.begin": gettext_lazy("Opened the union by emergency access"),
    "emergency.end": gettext_lazy("Closed an emergency access"),
    "duty.ask": gettext_lazy("Asked for an extension"),
    "duty.extend": gettext_lazy("Granted an extension"),
    "duty.decline": gettext_lazy("Declined an extension"),
    "duty.waive": gettext_lazy("Exempted the union from a duty"),
    "duty.demand": gettext_lazy("Took an exemption back"),
    "duty.reckon": gettext_lazy("An assembly was assigned to another year"),
    "duty.reopen": gettext_lazy("What had fulfilled it was withdrawn"),
    "rule.edit": gettext_lazy("Edited a duty rule"),
    "rule.redate": gettext_lazy("Moved due days with the calendar or the rule"),
    "calendar.add": gettext_lazy("Entered a day in the calendar"),
    "calendar.edit": gettext_lazy("Changed a day of the calendar"),
    "webhook.add": gettext_lazy("Entered a webhook"),
    "webhook.edit": gettext_lazy("Changed a webhook"),
    "webhook.secret": gettext_lazy("Made a new secret for a webhook"),
    "webhook.remove": gettext_lazy("Removed a webhook"),
    "calendar.remove": gettext_lazy("Removed a day from the calendar"),
}


def _setting(event: Event) -> str:
    definition = definitions.get(event.data["key"])
    return str(definition.label) if definition else event.data["key"]


def _refused(event: Event) -> str:
    right = event.data.get("permission", "")
    if right in set(Permission):
        return _("Refused: %(right)s") % {"right": Permission(right).label}
    return _("Refused: %(path)s") % {"path": event.data.get("path", "")}


def _refused_move(event: Event) -> str:
    workflow = WORKFLOWS.get(event.model)
    known = workflow.transitions.get(event.data.get("move", "")) if workflow else None
    return _("Refused: %(what)s: %(act)s") % {"what": record_of(event), "act": known.label if known else ""}


FAULTS = {
    "changed": gettext_lazy("entry %(event)s was changed after it was sealed (seal %(seal)s)"),
    "removed": gettext_lazy("entry %(event)s was removed after it was sealed (seal %(seal)s)"),
    "added": gettext_lazy("entry %(event)s was put in after its seal (seal %(seal)s)"),
    "seal": gettext_lazy("seal %(seal)s was changed, or a seal before it is gone"),
    "signature": gettext_lazy("seal %(seal)s is not signed with the portal's key"),
    "lost": gettext_lazy("seal %(seal)s, written down outside the database, is gone"),
    "unsealed": gettext_lazy("entry %(event)s has waited for its seal for hours"),
}


def fault_in_words(kind: str, seal: int, event: int | None) -> str:
    """What is wrong with the record of acts, and where."""
    return str(FAULTS[kind]) % {"seal": seal, "event": event}


# About a person: the sentence names them.
ABOUT_PEOPLE = {
    "assignment.give": gettext_lazy("Appointed %(who)s: %(role)s"),
    "assignment.withdraw": gettext_lazy("Ended an appointment: %(who)s, %(role)s"),
    "correction.ask": gettext_lazy("%(who)s asked for a correction of their data"),
    "correction.done": gettext_lazy("Corrected the account of %(who)s as asked"),
    "correction.declined": gettext_lazy("Declined a correction that %(who)s asked for"),
    "account.create": gettext_lazy("Opened an account for %(who)s"),
    "account.password": gettext_lazy("Set a new initial password for %(who)s"),
    "account.disable": gettext_lazy("Disabled the account of %(who)s"),
    "factor.add": gettext_lazy("Added a second factor: %(who)s"),
    "factor.remove": gettext_lazy("Removed a second factor: %(who)s"),
    "factor.codes": gettext_lazy("Made new recovery codes: %(who)s"),
    "factor.recovery": gettext_lazy("Used a recovery code: %(who)s"),
    "factor.reset": gettext_lazy("Reset the second factor of %(who)s"),
    "proof.fail": gettext_lazy("Could not prove who they are: %(who)s"),
    "account.unlock": gettext_lazy("Opened the locked sign-in of %(who)s"),
    "account.unused": gettext_lazy("Disabled after long disuse: the account of %(who)s"),
    "assist.begin": gettext_lazy("Began to look on as %(who)s"),
    "assist.end": gettext_lazy("Stopped looking on as %(who)s"),
    "session.end": gettext_lazy("Signed out devices of %(who)s"),
    "account.enable": gettext_lazy("Enabled the account of %(who)s"),
}


def register() -> None:
    wordings.add(
        "audit.broken",
        Wording(
            lambda p: _("The record of acts does not agree with its seals"),
            lambda p: (
                _("%(count)s findings; the first: %(what)s. Keep the database as it is and tell the security officer.")
                % {"count": p["count"], "what": fault_in_words(p["kind"], p["seal"], p["event"])}
            ),
            "shield-alert",
        ),
    )
    for action, words in PLAIN.items():
        presenters.add(action, lambda event, words=words: words)
    presenters.add("page.refuse", _refused)
    presenters.add("move.refuse", _refused_move)
    presenters.add(
        "file.export", lambda event: _("Exported a long list: %(path)s") % {"path": event.data.get("path", "")}
    )
    presenters.add("file.download", lambda event: _("Took away %(file)s") % {"file": event.data.get("file", "")})
    presenters.add(
        "union.import",
        lambda event: (
            _("Entered a union below by an import of the roster")
            if event.data.get("new")
            else _("Brought up to date by an import of the roster")
        ),
    )
    presenters.add(
        "union.add", lambda event: _("Entered the union below %(parent)s") % {"parent": event.data.get("parent", "")}
    )
    presenters.add(
        "union.merge", lambda event: _("Merged the union into %(name)s") % {"name": event.data.get("name", "")}
    )
    presenters.add("setting.edit", lambda event: _("Changed a setting: %(name)s") % {"name": _setting(event)})
    presenters.add("setting.reset", lambda event: _("Put a setting back: %(name)s") % {"name": _setting(event)})
    for action, words in ABOUT_PEOPLE.items():
        presenters.add(
            action,
            lambda event, words=words: str(words) % {"who": event.data.get("user", ""), "role": _role(event)},
        )

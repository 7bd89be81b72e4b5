"""The words of the ground floor's notices, made in the reader's language when they are read or sent."""

from datetime import date

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from unions import jobs
from unions.enums import JobState
from unions.models.duty import titled
from unions.notices import Wording, wordings
from unions.sessions import device
from unions.templatetags.components import month_day

LINES = 20


def _what(params: dict) -> str:
    """2026年第三季度信息反馈"""
    name = params["en"] if (get_language() or "").startswith("en") and params["en"] else params["zh"]
    return titled(name, params["period"])


def _day(text: str) -> str:
    return month_day(date.fromisoformat(text))


def _own(group: dict, names_union: bool) -> str:
    sentences = {
        "opened": _("%(what)s is open, due on %(day)s"),
        "before": _("%(what)s: due on %(day)s"),
        "today": _("%(what)s: due today"),
        "late": _("%(what)s: overdue since %(day)s"),
        "returned": _("%(what)s: returned, to be corrected by %(day)s"),
    }
    line = sentences[group["stage"]] % {"what": _what(group), "day": _day(group["last_day"])}
    return _("%(line)s (%(union)s)") % {"line": line, "union": group["name"]} if names_union else line


def _others(group: dict) -> str:
    """Counts of unions, never their names: the list is one click away."""
    values = {"count": group["n"], "what": _what(group), "union": group["name"] or _("The district")}
    if group["role"] == "board":
        text = ngettext(
            "%(union)s: %(count)d union on the overdue board", "%(union)s: %(count)d unions on the overdue board", group["n"]
        )  # fmt: skip
    elif group["stage"] == "late":
        text = ngettext("%(union)s: %(count)d union overdue", "%(union)s: %(count)d unions overdue", group["n"])
    else:
        text = ngettext(
            "%(union)s: %(count)d union has not submitted yet", "%(union)s: %(count)d unions have not submitted yet", group["n"]
        )  # fmt: skip
    return text % values


def _others_line(group: dict) -> str:
    return _("%(what)s: %(line)s") % {"what": _what(group), "line": _others(group)}


def _split(params: dict) -> tuple[list[dict], list[dict]]:
    groups = params.get("groups", [])
    return [g for g in groups if g["role"] == "own"], [g for g in groups if g["role"] != "own"]


def digest_title(params: dict) -> str:
    own, others = _split(params)
    parts = []
    if len(own) == 1:
        parts.append(_own(own[0], names_union=False))
    elif own:
        late = sum(group["stage"] == "late" for group in own)
        text = ngettext("%(count)d thing to do", "%(count)d things to do", len(own)) % {"count": len(own)}
        parts.append(_("%(text)s, %(late)d of them overdue") % {"text": text, "late": late} if late else text)
    if len(others) == 1:
        parts.append(_others(others[0]))
    elif others:
        total = sum(group["n"] for group in others)
        parts.append(
            ngettext("%(count)d duty of the unions below", "%(count)d duties of the unions below", total) % {"count": total}
        )  # fmt: skip
    return _("; ").join(parts)


def digest_body(params: dict) -> str:
    own, others = _split(params)
    names_union = len({group["name"] for group in own}) > 1
    lines = [_own(group, names_union) for group in own] + [_others_line(group) for group in others]
    if len(lines) > LINES:
        rest = len(lines) - LINES
        lines = [*lines[:LINES], ngettext("and %(count)d more", "and %(count)d more", rest) % {"count": rest}]
    return "\n".join(lines)


def _about(params: dict) -> dict:
    until = _day(params["until"]) if params.get("until") else ""
    return {**params, "what": _what(params), "until": until}


def _job_title(params: dict) -> str:
    title = jobs.title_of(params["kind"], params["job"])
    if params["state"] == JobState.FAILED:
        return _("Failed: %(job)s") % {"job": title}
    return _("Done: %(job)s") % {"job": title}


def register() -> None:
    """Called once when the app is ready."""
    wordings.add("job", Wording(_job_title, lambda p: p["result"], "hourglass"))
    wordings.add("digest", Wording(digest_title, digest_body, "bell-ring"))
    reason = gettext_lazy("Reason: %(reason)s (%(by)s)")
    for act, title, body, icon in (
        ("ask", gettext_lazy("%(union)s asks for an extension until %(until)s: %(what)s"), reason, "calendar-clock"),
        ("extend", gettext_lazy("Extended until %(until)s: %(what)s"), reason, "calendar-clock"),
        ("decline", gettext_lazy("The extension was declined: %(what)s"), reason, "calendar-x"),
        ("waive", gettext_lazy("Exempt this time: %(what)s"), reason, "circle-slash"),
        (
            "demand",
            gettext_lazy("To be submitted after all: %(what)s"),
            gettext_lazy("The exemption was taken back by %(by)s."),
            "rotate-ccw",
        ),
    ):
        wordings.add(f"duty.{act}", Wording.of(title, body, icon, _about))
    for kind, title, body, icon in (
        ("correction.ask", gettext_lazy("%(user)s asks for a correction of the account"), gettext_lazy("Union: %(union)s"), "user-check"),
        ("correction.done", gettext_lazy("Your data were corrected as you asked"), gettext_lazy("By %(by)s"), "user-check"),
        ("correction.declined", gettext_lazy("Your request for a correction was declined"), gettext_lazy("Reason: %(answer)s (%(by)s)"), "user-x"),
        ("erasure.proposed", gettext_lazy("Personal data are past their time: %(n)s records"), gettext_lazy("Look at them and confirm their erasure."), "shredder"),
    ):  # fmt: skip
        wordings.add(kind, Wording.of(title, body, icon))
    wordings.add(
        "session.elsewhere",
        Wording(
            lambda p: _("Signed out on another device: %(device)s") % {"device": device(p["agent"])},
            lambda p: _("Your account signed in once more, and only so many devices may be signed in at a time. The address was "
                        "%(address)s. If that was not you, change your password.") % p,
            "monitor-smartphone",
        ),
    )  # fmt: skip
    for kind, title, body in (
        ("factor.add", gettext_lazy("A second factor was added: %(what)s"), gettext_lazy("From now on it is asked for at sign-in. If that was not you, ask for a reset and change your password.")),
        ("factor.remove", gettext_lazy("A second factor was removed: %(what)s"), gettext_lazy("If that was not you, change your password and tell whoever manages your account.")),
        ("factor.reset", gettext_lazy("%(by)s reset your second factor"), gettext_lazy("Reason: %(reason)s. Add a new one at the next sign-in.")),
        ("session.lock", gettext_lazy("Too many wrong passwords for your account"), gettext_lazy("They came from the address %(address)s, where your account cannot sign in for a while. If that was not you, tell whoever manages your account.")),
        ("assist.begin", gettext_lazy("%(by)s looked on as your account, to help"), gettext_lazy("Reason: %(reason)s. They could read what you can read, and change nothing.")),
        ("account.unused", gettext_lazy("Your account will be disabled on %(day)s"), gettext_lazy("It has not been used for long. Sign in once and it stays.")),
        ("emergency.begin", gettext_lazy("%(by)s (%(from)s) opened %(union)s by emergency access"), gettext_lazy("Reason: %(reason)s. Read-only, for a short time.")),
        ("factor.recovery", gettext_lazy("A recovery code was used; %(left)s are left"), gettext_lazy("If that was not you, change your password and make new codes.")),
    ):  # fmt: skip
        wordings.add(kind, Wording(lambda p, t=title: str(t) % p, lambda p, b=body: str(b) % p, "shield-check"))

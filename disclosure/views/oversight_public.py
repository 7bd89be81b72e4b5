"""An overseer's own page, by a link and without an account: take part or not, findings, the replies, how far they satisfy."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from disclosure import oversight
from disclosure.enums import FindingState, OverseerState, OversightState
from disclosure.models import Overseer, OversightFinding
from disclosure.models.oversight import REPLIED
from disclosure.oversight_forms import FindingForm, MoveForm, move_form
from disclosure.oversight_moves import FINDINGS, OVERSEERS
from unions.models import Upload
from unions.moves import add_errors
from unions.tokens import Purpose, by_link
from unions.views.uploads import UploadForm
from unions.workflow import MoveError, Transition, perform, refusal

LEAVING = ("decline", "recuse")
STALE = gettext_lazy("This has moved on in the meantime. Load the page anew.")


@require_http_methods(["GET", "POST"])
@by_link(Purpose.OVERSIGHT)
def by_own_link(request: HttpRequest, link, token: str) -> HttpResponse:
    """What an overseer sees is the matter and their own findings, nobody else's."""
    rows = Overseer.objects.select_related("oversight__union", "draw")
    me = rows.filter(pk=link.pk, link_number=link.number).first()
    if me is None:
        raise Http404
    page = Page(me, request.POST if request.method == "POST" else None, request.FILES)
    if request.method == "POST" and page.take():
        return redirect("disclosure:oversight-link", token)
    return render(request, "disclosure/oversight/public.html", page.context(), status=422 if page.is_refused else 200)


class FileForm(UploadForm):
    """A photograph or a PDF beside one's own finding."""

    def __init__(self, *args, finding: OversightFinding, **kwargs):
        super().__init__(
            *args, purpose=oversight.OWN_FILE, union=finding.oversight.union, user=None, auto_id=f"file-{finding.pk}-%s", **kwargs
        )  # fmt: skip
        self.finding = finding
        self.fields["note"].help_text = ""

    def receive(self, data: dict) -> Upload:
        return oversight.bring(self.finding, data["file"], data["note"])


class Page:
    """The forms of the page as they stand for this overseer now; `act` says which one was sent."""

    def __init__(self, me: Overseer, data, files):
        self.me, self.data, self.problem = me, data, ""
        self.act = data.get("act", "") if data else ""
        self.findings = list(me.findings.select_related("oversight__union", "overseer").prefetch_related("replies"))
        self.answers = {
            name: self._form(name, OVERSEERS.transitions[name])
            for name in ("accept", *LEAVING)
            if refusal(me, OVERSEERS.transitions[name], None) is None
        }
        self.is_taking = me.state == OverseerState.ACCEPTED and me.oversight.state == OversightState.OPEN
        self.finding_form = FindingForm(data if self.act == "finding" else None, auto_id="finding-%s")
        kept = oversight.files_by_finding(self.findings)
        for one in self.findings:
            one.files = kept[one.pk]
            sent = (data, files) if self.act == f"file-{one.pk}" else ()
            one.file_form = FileForm(*sent, finding=one) if self.is_taking else None
            is_open = me.oversight.state == OversightState.FOLLOWING and one.state == FindingState.ANSWERED
            one.rate_form = self._form(f"rate-{one.pk}", FINDINGS.transitions["rate"]) if is_open else None

    def _form(self, act: str, transition: Transition) -> MoveForm:
        return move_form(transition, self.data if self.act == act else None, auto_id=f"{act}-%s")

    def take(self) -> bool:
        """Do what was sent, if it is whole and still possible."""
        form = self._sent()
        try:
            if form is None:
                return self._without_form()
            if form.is_valid():
                self._write(form)
                return True
        except MoveError as problem:
            if form is None:
                self.problem = str(problem)
            else:
                add_errors(form, problem)
        return False

    def _sent(self):
        if self.act == "finding":
            return self.finding_form
        for one in self.findings:
            if self.act in (f"rate-{one.pk}", f"file-{one.pk}"):
                return one.rate_form if self.act.startswith("rate-") else one.file_form
        return self.answers.get(self.act)

    def _write(self, form) -> None:
        """A file was taken in when its form was looked at."""
        if self.act == "finding":
            oversight.give(self.me, **form.cleaned_data, by=None)
        elif self.act in self.answers:
            perform(self.me, self.act, by=None, **form.given())
        elif self.act.startswith("rate-"):
            oversight.rate(self._finding("rate-"), form.cleaned_data["satisfaction"], by=None)

    def _without_form(self) -> bool:
        if self.act == "hand-in":
            oversight.hand_in(self.me, by=None)
        elif self.act.startswith("take-back-"):
            oversight.take_back(self._finding("take-back-"), by=None)
        else:
            raise MoveError(STALE)
        return True

    def _finding(self, prefix: str) -> OversightFinding:
        found = next((one for one in self.findings if self.act == f"{prefix}{one.pk}"), None)
        if found is None:
            raise MoveError(STALE)
        return found

    @property
    def is_refused(self) -> bool:
        return self.data is not None

    def context(self) -> dict:
        return {
            "me": self.me, "oversight": self.me.oversight, "union": self.me.oversight.union, "findings": self.findings,
            "accept_form": self.answers.get("accept"), "problem": self.problem, "is_taking": self.is_taking,
            "leaving": [(OVERSEERS.transitions[name], self.answers[name]) for name in LEAVING if name in self.answers],
            "finding_form": self.finding_form, "is_replied": self.me.oversight.state in REPLIED,
        }  # fmt: skip

"""What matching an employer by hand asks for."""

from django.utils.translation import gettext_lazy as _

from disclosure.oversight_forms import MoveForm
from unions.models import User
from unions.pickers import UnionPickerField
from unions.workflow import Transition


class AssignForm(MoveForm):
    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["union"] = UnionPickerField(user=user, label=_("Union"))

    def given(self) -> dict:
        return {"data": {"union": self.cleaned_data["union"].pk}}


def move_form(transition: Transition, user: User, *args) -> MoveForm:
    if transition.name == "assign":
        return AssignForm(*args, transition=transition, user=user)
    return MoveForm(*args, transition=transition)

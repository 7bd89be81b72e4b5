"""The clock's part: whoever has an enquiry hears before it is due and once more when it is past; then the tier above too."""

from django.urls import reverse

from disclosure.enums import EnquiryState
from disclosure.models import Enquiry
from disclosure.step_clock import Steps
from unions.permissions import Permission

STEPS = Steps(
    kind="enquiry",
    waiting=lambda: Enquiry.objects.filter(state=EnquiryState.ASKED).select_related(
        "handler__middle", "handler__parent", "theme"
    ),
    union=lambda enquiry: enquiry.handler,
    permission=Permission.ENQUIRY_HANDLE,
    params=lambda enquiry: {"code": enquiry.code, "theme": enquiry.theme.name_zh},
    address=lambda enquiry: reverse("disclosure:enquiry", args=[enquiry.pk]),
    setting="enquiry-remind-workdays",
)
remind = STEPS.remind

"""The clock's part: the union hears before a step of an oversight is due and once more when it is past; then the tier above."""

from django.urls import reverse

from disclosure.models import Oversight
from disclosure.oversight import WRITE
from disclosure.step_clock import Steps

STEPS = Steps(
    kind="oversight",
    waiting=lambda: Oversight.objects.under_way().select_related("union__middle", "union__parent"),
    union=lambda oversight: oversight.union,
    permission=WRITE,
    params=lambda oversight: {"title": oversight.title},
    address=lambda oversight: reverse("disclosure:oversight", args=[oversight.pk]),
    setting="oversight-remind-workdays",
)
remind = STEPS.remind

"""Long work with a progress bar, and the runs of the clock."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from unions.enums import JobState
from unions.models.base import UnionOwned
from unions.policies import READ, Rights


class Job(UnionOwned):
    """Work that a person started and may watch: an import, an export, a bulk act."""

    kind = models.CharField(_("Kind"), max_length=40)
    by = models.ForeignKey("unions.User", models.PROTECT, related_name="+", verbose_name=_("Started by"))
    params = models.JSONField(default=dict)
    state = models.CharField(_("State"), max_length=10, choices=JobState.choices, default=JobState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=80, blank=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    file = models.FileField(upload_to="jobs/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=160, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # The request that started it: what the job does on the person's behalf is recorded under its number.
    request_id = models.CharField(max_length=40, blank=True, default="", editable=False)
    address = models.CharField(max_length=45, blank=True, default="", editable=False)
    created_at = models.DateTimeField(_("Started at"), auto_now_add=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("Finished at"), null=True)

    class Meta(UnionOwned.Meta):
        verbose_name = _("Job")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["by", "-created_at"], name="job_by")]
        constraints = [models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="job_state_known")]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    @property
    def percent(self) -> int:
        if self.state == JobState.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED)


class Run(models.Model):
    """One run of the clock: a task and the slot of time it stands for, so that two machines run it once."""

    rights = Rights(everyone=READ, district="INSERT, UPDATE, DELETE", login=READ)

    task = models.CharField(_("Task"), max_length=40)
    slot = models.CharField(_("Slot"), max_length=40)
    state = models.CharField(_("State"), max_length=10, choices=JobState.choices, default=JobState.RUNNING)
    started_at = models.DateTimeField(_("Started at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("Finished at"), null=True)
    counts = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("Run")
        ordering = ["-started_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["task", "slot"], name="run_once")]

    def __str__(self):
        return f"{self.task} {self.slot}"

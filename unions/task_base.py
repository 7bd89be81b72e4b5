"""What every Celery task does first: it says for whom it works."""

from celery import Task

from unions import wall


class PortalTask(Task):
    """`system` names why a task works for the whole district. A task without it starts as nobody, and whatever it reads
    before it has a person's pass (unions/jobs.py) raises."""

    system = ""

    def __call__(self, *args, **kwargs):
        with wall.system(self.system) if self.system else wall.under(wall.NOBODY):
            return super().__call__(*args, **kwargs)

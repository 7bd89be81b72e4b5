"""Celery's entries: fetch, call, nothing else. Each is also safe to run twice and from two machines."""

from celery import shared_task

from unions import clock, import_jobs, jobs, outbox, retention, seals, unused, uploads, watch, webhooks


@shared_task
def run_job(pk: int) -> None:
    jobs.run(pk)


@shared_task
def resume_jobs() -> None:
    for pk in jobs.stranded():
        jobs.run(pk)
    jobs.give_up()


@shared_task
def run_duties() -> None:
    clock.run_round()


@shared_task
def send_deliveries() -> None:
    outbox.send_due()


@shared_task
def send_posts() -> None:
    webhooks.send_due()


@shared_task
def tidy_accounts() -> None:
    unused.run_daily()


@shared_task
def remove_stale_files() -> None:
    import_jobs.remove_stale_files()
    jobs.remove_old_files()
    uploads.remove_orphans()


@shared_task
def propose_erasure() -> None:
    retention.propose()


@shared_task
def check_uploads() -> None:
    uploads.check_waiting()


@shared_task
def seal_events() -> None:
    seals.seal_events()


@shared_task
def check_seals() -> None:
    watch.check_seals()

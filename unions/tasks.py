"""Celery's entries: fetch, call, nothing else. Each is also safe to run twice and from two machines."""

from celery import shared_task

from unions import clock, import_jobs, jobs, outbox, retention, seals, unused, uploads, wall, watch, webhooks


@shared_task
def run_job(pk: int) -> None:
    jobs.run(pk)


@shared_task
def resume_jobs() -> None:
    with wall.system("looks for stranded jobs"):
        stranded = jobs.stranded()
    for pk in stranded:
        jobs.run(pk)
    with wall.system("gives up dead jobs"):
        jobs.give_up()


@shared_task(system="opens duties and reminds")
def run_duties() -> None:
    clock.run_round()


@shared_task(system="sends e-mail")
def send_deliveries() -> None:
    outbox.send_due()


@shared_task(system="posts to webhooks")
def send_posts() -> None:
    webhooks.send_due()


@shared_task(system="tells and disables accounts that nobody uses")
def tidy_accounts() -> None:
    unused.run_daily()


@shared_task(system="removes stale files")
def remove_stale_files() -> None:
    import_jobs.remove_stale_files()
    jobs.remove_old_files()
    uploads.remove_orphans()


@shared_task(system="proposes what is past its time")
def propose_erasure() -> None:
    retention.propose()


@shared_task(system="looks at files that came in")
def check_uploads() -> None:
    uploads.check_waiting()


@shared_task(system="seals the record of acts")
def seal_events() -> None:
    seals.seal_events()


@shared_task(system="checks the record of acts")
def check_seals() -> None:
    watch.check_seals()

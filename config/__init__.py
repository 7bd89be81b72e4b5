"""Settings, URL mounting, Celery and start-up; no models and no business words."""

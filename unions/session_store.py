"""The session engine: rows of unions.models.Session, read from the database at each request and never from a cache."""

from datetime import datetime, timedelta

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

SEEN_EVERY = timedelta(minutes=1)


class SessionStore(db.SessionStore):
    """`ended_for` says why a cookie that came opens nothing any more; `row` is the live session behind it."""

    ended_for = ""
    row = None

    @classmethod
    def get_model_class(cls):
        from unions.models import Session

        return Session

    def _get_session_from_db(self):
        row = self.model.objects.filter(session_key=self.session_key).first()
        self.ended_for = row.over() if row else ""
        if row is None or self.ended_for:
            self._session_key = None
            return None
        self.row = row
        return row

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.address, row.agent = data.get("address", ""), data.get("agent", "")
        if data.get("signed_in_at"):
            row.made_at = datetime.fromisoformat(data["signed_in_at"])
        return row

    def touch(self) -> None:
        """Somebody is at it; written once a minute at most."""
        now = timezone.now()
        if self.row is not None and now - self.row.seen_at > SEEN_EVERY:
            self.model.objects.filter(pk=self.row.pk).update(seen_at=now)

"""Models of the ground floor."""

from unions.models.account import RoleAssignment, UnionGrant, User
from unions.models.base import UnionOwned, UnionOwnedQuerySet, UnionPart
from unions.models.duty import CalendarDay, Duty, DutyQuerySet, DutyRule, DutyTotal, ReminderStep, Setting
from unions.models.emergency import EmergencyAccess
from unions.models.event import Event, Seal
from unions.models.factor import CodeApp, FormerPassword, Passkey, RecoveryCode
from unions.models.importing import ImportBatch, ImportRow
from unions.models.job import Job, Run
from unions.models.notice import Delivery, Notice, NoticeItem, Outgoing, Reminder
from unions.models.privacy import Correction, Erasure
from unions.models.session import Session
from unions.models.union import Union, UnionQuerySet
from unions.models.upload import Upload, UploadQuerySet
from unions.models.webhook import Webhook, WebhookPost

__all__ = [
    "CalendarDay",
    "CodeApp",
    "Correction",
    "Delivery",
    "Duty",
    "DutyQuerySet",
    "DutyRule",
    "DutyTotal",
    "EmergencyAccess",
    "Erasure",
    "Event",
    "FormerPassword",
    "ImportBatch",
    "ImportRow",
    "Job",
    "Notice",
    "NoticeItem",
    "Outgoing",
    "Passkey",
    "RecoveryCode",
    "Reminder",
    "ReminderStep",
    "RoleAssignment",
    "Run",
    "Seal",
    "Session",
    "Setting",
    "Union",
    "UnionGrant",
    "UnionOwned",
    "UnionOwnedQuerySet",
    "UnionPart",
    "UnionQuerySet",
    "Upload",
    "UploadQuerySet",
    "User",
    "Webhook",
    "WebhookPost",
]

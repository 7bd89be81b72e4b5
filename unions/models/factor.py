"""What a person proves themselves with besides the password: codes of an app, passkeys, recovery codes."""

from binascii import unhexlify

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, DeviceManager, ThrottlingMixin
from django_otp.oath import TOTP

from unions.kit.sealed import EncryptedCharField, SealedRow
from unions.policies import WRITE, Rights

DRIFT = 1  # steps of 30 seconds that a phone's clock may be off


class CodeApp(SealedRow, ThrottlingMixin, Device):
    """An app that shows a new code every 30 seconds (RFC 6238). A code counts once; wrong ones make the next wait."""

    rights = Rights(everyone=WRITE)

    user = models.OneToOneField("unions.User", models.CASCADE, related_name="code_app")
    seed = EncryptedCharField(max_length=64, help_text="hexadecimal")
    last_step = models.BigIntegerField(default=-1)
    made_at = models.DateTimeField(_("Added"), default=timezone.now)
    used_at = models.DateTimeField(_("Last used"), null=True)

    objects = DeviceManager()

    class Meta:
        verbose_name = _("Code app")

    def __str__(self):
        return f"{self.user} {self.name}"

    def get_throttle_factor(self) -> int:
        return 1

    def step_of(self, token: str) -> int | None:
        """The step whose code this is: that of now, give or take one, and later than the last that was used."""
        totp = TOTP(unhexlify(self.seed))
        totp.time = timezone.now().timestamp()
        is_right = token.isdecimal() and totp.verify(int(token), DRIFT, self.last_step + 1)
        return totp.t() if is_right else None

    def verify_token(self, token: str) -> bool:
        """Use a code up. The caller holds the row's lock, so that one code typed twice at once counts once."""
        step = self.step_of(token)
        if step is None:
            self.throttle_increment()
            return False
        self.last_step, self.used_at = step, timezone.now()
        self.throttle_reset()
        return True


class Passkey(models.Model):
    """A key that never leaves its device (WebAuthn); we hold the public half."""

    rights = Rights(everyone=WRITE)

    user = models.ForeignKey("unions.User", models.CASCADE, related_name="passkeys")
    name = models.CharField(_("Name"), max_length=40)
    credential = models.BinaryField(unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    made_at = models.DateTimeField(_("Added"), default=timezone.now)
    used_at = models.DateTimeField(_("Last used"), null=True)

    class Meta:
        verbose_name = _("Passkey")
        ordering = ["made_at", "pk"]

    def __str__(self):
        return f"{self.user} {self.name}"


class RecoveryCode(models.Model):
    """A code on paper for the day the phone is lost. Its first group says which one it is, the rest is hashed."""

    rights = Rights(everyone=WRITE)

    user = models.ForeignKey("unions.User", models.CASCADE, related_name="recovery_codes")
    mark = models.CharField(max_length=4)
    digest = models.CharField(max_length=128)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Recovery code")
        constraints = [models.UniqueConstraint(fields=["user", "mark"], name="recovery_mark_once")]

    def __str__(self):
        return f"{self.user} {self.mark}"


class FormerPassword(models.Model):
    """The hash of a password that was set, so that it does not come back."""

    rights = Rights(everyone=WRITE)

    user = models.ForeignKey("unions.User", models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Former password")
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return f"{self.user} {self.made_at:%F}"

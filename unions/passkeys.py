"""Passkeys (WebAuthn): what the browser is asked, and whether its answer is right. The library judges; what a session
must remember between question and answer is the challenge alone, and it counts once."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from ipaddress import ip_address

import webauthn
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from unions.factors import ISSUER, changed
from unions.models import Passkey, User

CHALLENGE = "passkey_challenge"


def site(request: HttpRequest) -> str:
    """The name that passkeys are bound to; empty where there is none: an address of numbers cannot have any."""
    host = request.get_host().rsplit(":", 1)[0].strip("[]")
    try:
        ip_address(host)
    except ValueError:
        return host
    return ""


def _ask(request: HttpRequest, options) -> str:
    request.session[CHALLENGE] = urlsafe_b64encode(options.challenge).decode()
    return webauthn.options_to_json(options)


def _expected(request: HttpRequest) -> dict:
    challenge = request.session.pop(CHALLENGE, "")
    return {
        "expected_challenge": urlsafe_b64decode(challenge) or b"none was asked",
        "expected_rp_id": site(request),
        "expected_origin": f"{request.scheme}://{request.get_host()}",
    }


def question_for_new(request: HttpRequest, user: User) -> str:
    """What a browser is asked to make a passkey; the keys that are there already are left out."""
    return _ask(
        request,
        webauthn.generate_registration_options(
            rp_id=site(request), rp_name=ISSUER, user_id=str(user.pk).encode(), user_name=user.username,
            user_display_name=user.name, exclude_credentials=_known(user),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
            ),
        ),
    )  # fmt: skip


def question(request: HttpRequest, user: User) -> str:
    """What a browser is asked to prove that a passkey is at hand; empty where the person has none here."""
    known = _known(user)
    if not known or not site(request):
        return ""
    return _ask(request, webauthn.generate_authentication_options(rp_id=site(request), allow_credentials=known))


def _known(user: User) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=bytes(key.credential)) for key in user.passkeys.all()]


@transaction.atomic
def add(request: HttpRequest, user: User, answer: str, name: str) -> bool:
    """Keep the public half of a new key, if the answer fits the question."""
    try:
        made = webauthn.verify_registration_response(credential=answer, **_expected(request))
    except (WebAuthnException, ValueError, KeyError):
        return False
    Passkey.objects.create(
        user=user, name=name, credential=made.credential_id, public_key=made.credential_public_key, sign_count=made.sign_count
    )  # fmt: skip
    changed(user, "factor.add", name, request.session.session_key)
    return True


@transaction.atomic
def is_proof(request: HttpRequest, user: User, answer: str) -> bool:
    """Whether the answer was signed by one of the person's keys for the question just asked."""
    expected = _expected(request)
    try:
        credential = webauthn.base64url_to_bytes(json.loads(answer)["rawId"])
        key = user.passkeys.select_for_update().get(credential=credential)
        proof = webauthn.verify_authentication_response(
            credential=answer, credential_public_key=bytes(key.public_key), credential_current_sign_count=key.sign_count,
            **expected,
        )  # fmt: skip
    except (WebAuthnException, Passkey.DoesNotExist, ValueError, KeyError, TypeError):
        return False
    key.sign_count, key.used_at = proof.new_sign_count, timezone.now()
    key.save(update_fields=["sign_count", "used_at"])
    return True

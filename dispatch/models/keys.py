"""Bearer tokens and idempotency keys of the API."""

import hashlib
import secrets

from django.conf import settings
from django.db import models


class ApiToken(models.Model):
    """A bearer token; only its digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self):
        return f"{self.user_id} until {self.expires_at}"

    @staticmethod
    def digest_of(token):
        """The digest under which `token` is stored."""
        return hashlib.sha256(token.encode()).hexdigest()

    @classmethod
    def issue(cls, user, now, expires_at):
        """A new token's text, shown once."""
        token = secrets.token_urlsafe(32)
        cls.objects.create(
            user=user, digest=cls.digest_of(token), created_at=now, expires_at=expires_at
        )
        return token


class IdempotencyKey(models.Model):
    """The answer to a POST, kept so that the same POST sent again is answered, not done again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key")]

    def __str__(self):
        return self.key

"""Who is at a socket: a session or a token, the rights that go with it, and whether they still do.

These functions read the database; the socket calls them in the hub's gate thread.
"""

from dataclasses import dataclass, replace
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.utils.crypto import constant_time_compare

from dispatch.access import Scope, access_events, home_log, scopes_of, topic_tokens
from dispatch.models import ApiToken
from events import moment
from events.tail.screen import FORBIDDEN, RESUME, UNAUTHENTICATED, Verdict


@dataclass(frozen=True)
class Badge:
    """A person at a socket. `secret` is the session's key or the token's digest."""

    scope: Scope
    log_id: int | None
    secret: str
    password: str | None

    @property
    def key(self):
        """What presence tells people apart by."""
        return self.scope.user_id


def by_session(key):
    """The badge of a session cookie's owner, or None. Five queries."""
    session = _store()(key).load()
    user = _session_user(session)
    if user is None:
        return None
    known = session.get(HASH_SESSION_KEY, "")
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    if not any(constant_time_compare(known, one) for one in hashes):
        return None
    return _badge(user, key, hashes[0])


def by_token(token):
    """The badge of a bearer token's owner, or None. Four queries."""
    digest = ApiToken.digest_of(token)
    found = _live_tokens([digest]).select_related("user").first()
    return _badge(found.user, digest, None) if found else None


def _session_user(session):
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    model = get_user_model()
    user_id = model._meta.pk.to_python(session.get(SESSION_KEY))
    return model.objects.filter(pk=user_id, is_active=True).first()


def _store():
    return import_module(settings.SESSION_ENGINE).SessionStore


def _live_tokens(digests):
    return ApiToken.objects.filter(
        digest__in=digests, expires_at__gt=moment.now(), user__is_active=True
    )


def _badge(user, secret, password):
    scope = scopes_of([user.pk]).get(user.pk) or Scope(user.pk, user.get_username())
    log = home_log(scope)
    return Badge(scope, log.pk if log else None, secret, password)


def allowed_topics(scope, topics):
    """Those of `topics` that this person may follow now, in order. At most one query."""
    numbers = [topic.partition(":")[2] for topic in topics if topic.startswith("event:")]
    seen = set()
    if numbers:
        found = access_events(scope).filter(number__in=numbers)
        seen = {f"event:{number}" for number in found.values_list("number", flat=True)}
    return [topic for topic in topics if topic in seen or topic_tokens(scope, topic) is not None]


def recheck(seats):
    """A Verdict for each (badge, topics): is the session alive, what are the rights now?

    Four queries however many there are, and one for each whose rights have changed.
    """
    badges = [badge for badge, _topics in seats]
    alive = _alive(badges)
    scopes = scopes_of({badge.scope.user_id for badge in badges})
    return [_verdict(badge, topics, alive, scopes) for badge, topics in seats]


def _verdict(badge, topics, alive, scopes):
    if badge.secret not in alive:
        return Verdict(code=UNAUTHENTICATED)
    scope = scopes.get(badge.scope.user_id)
    if scope is None or not scope.tokens:
        return Verdict(code=FORBIDDEN)
    if scope == badge.scope:
        return Verdict(badge=badge, tokens=scope.tokens)
    log = home_log(scope)
    if log is None or log.pk != badge.log_id:
        return Verdict(code=RESUME)
    kept = set(allowed_topics(scope, topics))
    return Verdict(
        badge=replace(badge, scope=scope),
        tokens=scope.tokens,
        lost=tuple(topic for topic in topics if topic not in kept),
    )


def _alive(badges):
    """The secrets of sessions and tokens that still hold."""
    tokens = [badge.secret for badge in badges if badge.password is None]
    sessions = [badge for badge in badges if badge.password is not None]
    alive = set(_live_tokens(tokens).values_list("digest", flat=True)) if tokens else set()
    if sessions:
        users = get_user_model().objects.in_bulk({badge.scope.user_id for badge in sessions})
        passwords = {
            user.pk: user.get_session_auth_hash() for user in users.values() if user.is_active
        }
        keys = _live_sessions([badge.secret for badge in sessions])
        alive |= {
            badge.secret
            for badge in sessions
            if badge.secret in keys and passwords.get(badge.scope.user_id) == badge.password
        }
    return alive


def _live_sessions(keys):
    store = _store()
    if hasattr(store, "get_model_class"):
        rows = store.get_model_class().objects.filter(
            session_key__in=keys, expire_date__gt=moment.now()
        )
        return set(rows.values_list("session_key", flat=True))
    return {key for key in keys if store(key).load()}

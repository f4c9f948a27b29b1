"""Who is at a socket: a session or a token, the rights that go with it, and whether they still do.

These functions read the database, for many sockets at once; the hub calls them in its gate thread.
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
class Claim:
    """What somebody shows at the door: a session's key or a token's text."""

    session: str = ""
    token: str = ""


@dataclass(frozen=True)
class Badge:
    """A person at a socket.

    `secret` is the session's key or the token's digest; `password` the hash that a session hangs
    on, None for a token; `log_id` is None when there is no log to follow.
    """

    scope: Scope
    log_id: int | None
    secret: str
    password: str | None


def admit(claims):
    """A Badge for each claim, or None where it does not hold. At most six queries and one a log."""
    known = {**_by_token(claims), **_by_session(claims)}
    scopes = scopes_of({user_id for user_id, _secret, _password in known.values()})
    logs = {}
    badges = {}
    for claim, (user_id, secret, password) in known.items():
        scope = scopes.get(user_id) or Scope(user_id, "")
        if scope.areas not in logs:
            logs[scope.areas] = home_log(scope)
        log = logs[scope.areas]
        badges[claim] = Badge(scope, log.pk if log else None, secret, password)
    return [badges.get(claim) for claim in claims]


def _by_token(claims):
    digests = {ApiToken.digest_of(claim.token): claim for claim in claims if claim.token}
    if not digests:
        return {}
    rows = _live_tokens(digests).values_list("digest", "user_id")
    return {digests[digest]: (user_id, digest, None) for digest, user_id in rows}


def _live_tokens(digests):
    return ApiToken.objects.filter(
        digest__in=digests, expires_at__gt=moment.now(), user__is_active=True
    )


def _by_session(claims):
    wanted = {claim.session: claim for claim in claims if claim.session}
    sessions = {key: _user_id(decode()) for key, decode in _sessions(wanted).items()}
    users = _users({user_id for user_id, _known in sessions.values() if user_id is not None})
    found = {}
    for key, (user_id, known) in sessions.items():
        if (user := users.get(user_id)) is None:
            continue
        hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
        if any(constant_time_compare(known, one) for one in hashes):
            found[wanted[key]] = (user_id, key, hashes[0])
    return found


def _user_id(session):
    """Whose session it says to be, and the hash by which that must be checked."""
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None, ""
    field = get_user_model()._meta.pk
    return field.to_python(session.get(SESSION_KEY)), session.get(HASH_SESSION_KEY, "")


def _users(ids):
    if not ids:
        return {}
    return {user.pk: user for user in get_user_model().objects.filter(pk__in=ids, is_active=True)}


def _sessions(keys):
    """{key: a function that decodes it} of the sessions that have not ended. One query."""
    if not keys:
        return {}
    store = import_module(settings.SESSION_ENGINE).SessionStore
    if hasattr(store, "get_model_class"):
        rows = store.get_model_class().objects.filter(
            session_key__in=keys, expire_date__gt=moment.now()
        )
        return {row.session_key: row.get_decoded for row in rows}
    loaded = {key: store(key).load() for key in keys}
    return {key: session.copy for key, session in loaded.items() if session}


def allowed_topics(scope, topics):
    """Those of `topics` that this person may follow now, in order. At most one query."""
    numbers = event_numbers(topics)
    seen = set()
    if numbers:
        found = access_events(scope).filter(number__in=numbers)
        seen = {f"event:{number}" for number in found.values_list("number", flat=True)}
    return [topic for topic in topics if topic in seen or topic_tokens(scope, topic) is not None]


def event_numbers(topics):
    """The events among `topics`: those whose right is a question to the database."""
    return [topic.partition(":")[2] for topic in topics if topic.startswith("event:")]


def recheck(seats):
    """A Verdict for each (badge, topics): is the session alive, what are the rights now?

    Five queries however many there are, and two for each whose rights have changed.
    """
    badges = [badge for badge, _topics in seats]
    # Rights before sessions: who is dismissed between the two has no session, not no rights.
    scopes = scopes_of({badge.scope.user_id for badge in badges})
    alive = _alive(badges)
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
    digests = [badge.secret for badge in badges if badge.password is None]
    alive = set(_live_tokens(digests).values_list("digest", flat=True)) if digests else set()
    seated = [badge for badge in badges if badge.password is not None]
    users = _users({badge.scope.user_id for badge in seated})
    passwords = {user_id: user.get_session_auth_hash() for user_id, user in users.items()}
    sessions = _sessions([badge.secret for badge in seated])
    for badge in seated:
        if badge.secret in sessions and passwords.get(badge.scope.user_id) == badge.password:
            alive.add(badge.secret)
    return alive

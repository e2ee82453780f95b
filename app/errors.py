"""Errors that have a meaning: what to answer, and whether trying again can help."""

from datetime import datetime


class AppError(Exception):
    """Something a person or a caller must hear about.

    `status_code` is the HTTP answer it becomes; `permanent` says that trying again cannot help, so someone must act.
    `said` is what happened and `cure` what to do about it, where the two are told apart; `message` is both.
    """

    status_code = 500
    permanent = True

    def __init__(self, said: str, cure: str = "") -> None:
        self.said, self.cure = said, cure
        self.message = f"{said} {cure}".strip()
        super().__init__(self.message)


class Invalid(AppError):
    """What was given cannot be accepted; nothing was changed."""

    status_code = 422


class Unreadable(Invalid):
    """What was given is not even in the form that was agreed on."""

    status_code = 400


class Unauthorized(AppError):
    """The caller did not prove who it is."""

    status_code = 401


class Denied(AppError):
    """The caller is known, or needs no proof, and may not do this."""

    status_code = 403


class Unfitting(Invalid):
    """What was given is well formed, but does not fit how things stand now."""

    status_code = 409


class TooLarge(AppError):
    """The body is larger than what is accepted."""

    status_code = 413


class Missing(AppError):
    """What was asked for is not there, or not visible to us."""

    status_code = 404


class Alarm(AppError):
    """What an outside system tells is too odd to be believed: nothing of it was applied, and a person must look."""

    status_code = 409


class RemoteError(AppError):
    """An outside system (named in the message) failed us."""

    status_code = 502


class AuthFailed(RemoteError):
    """The outside system does not know us: wrong, expired or revoked token. Never retried (CAPTCHA lock-out)."""


class Forbidden(RemoteError):
    """The outside system knows us and refuses."""


class NotFound(RemoteError):
    """The outside system says it is not there, or hides it from us."""


class Gone(RemoteError):
    """The call itself was removed by the outside system (410)."""


class Rejected(RemoteError):
    """The outside system refuses what we sent (400, 413, 422); the message carries its reason."""


class Conflict(RemoteError):
    """Somebody else wrote first (409); the whole decision must be made anew."""

    permanent = False


class Transient(RemoteError):
    """5xx, refused, reset, timed out, half an answer: trying again later can help.

    `sent` is True where the request may have been carried out although no answer came.
    """

    permanent = False

    def __init__(self, said: str, cure: str = "", *, sent: bool = False) -> None:
        super().__init__(said, cure)
        self.sent = sent


class RetryAfter(AppError):
    """A rate limit: not before `at` (aware, UTC). The engine reschedules the job; no worker sleeps through it."""

    status_code = 503
    permanent = False

    def __init__(self, message: str, at: datetime) -> None:
        super().__init__(message)
        self.at = at

"""What the wiki answers when it does not do what it was asked."""


class Refused(Exception):
    """The status and words of a refusal; each API puts them into its own envelope. Not an error of the sandbox."""

    def __init__(self, status: int, code: str, title: str) -> None:
        super().__init__(title)
        self.status = status
        self.code = code
        self.title = title


def bad_request(title: str) -> Refused:
    return Refused(400, "BAD_REQUEST", title)


def not_found(title: str = "Not Found") -> Refused:
    return Refused(404, "NOT_FOUND", title)


def forbidden(title: str) -> Refused:
    return Refused(403, "FORBIDDEN", title)


def conflict(title: str) -> Refused:
    return Refused(409, "CONFLICT", title)


def too_large(title: str) -> Refused:
    return Refused(413, "PAYLOAD_TOO_LARGE", title)

"""A rule's refusal: a stable code and a sentence that says what to do instead."""


class Refused(Exception):
    """The hall's rules do not allow this now; nothing has changed."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail

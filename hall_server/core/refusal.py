"""A rule's refusal: a stable code and a sentence that says what to do instead."""

from collections.abc import Mapping


class Refused(Exception):
    """The hall's rules do not allow this now; nothing has changed."""

    def __init__(self, code: str, detail: str, about: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.about = dict(about or {})  # what a program needs to know beside the sentence, by its name

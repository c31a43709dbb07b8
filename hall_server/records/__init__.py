"""Long-lived rows beside the journal; every change also appends a fact, in the same transaction."""

from hall_server.records.credentials import Credential, Credentials, add, digest, end
from hall_server.records.presence import meet

__all__ = ["Credential", "Credentials", "add", "digest", "end", "meet"]

"""Long-lived rows beside the journal; every change also appends a fact, in the same transaction."""

from hall_server.records.credentials import Credential, Credentials, add, digest, end

__all__ = ["Credential", "Credentials", "add", "digest", "end"]

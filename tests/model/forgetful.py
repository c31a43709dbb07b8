"""A server that remembers no request key: a machine has to find that out. Never imported."""

from hall_server import serve  # first of all: it makes waiting cooperative

from hall_server import journal  # isort: skip

journal.Transaction.answers = lambda _self, _keys: {}  # type: ignore[assignment]
journal.Transaction.remember = lambda _self, _answers, _at: None  # type: ignore[assignment]

if __name__ == "__main__":
    serve.main(prog_name="forgetful")

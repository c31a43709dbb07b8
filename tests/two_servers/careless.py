"""A server without what keeps two of them apart: it locks no row and looks no request key up. Never imported."""

from hall_server import serve  # first of all: it makes waiting cooperative

from hall_server import journal  # isort: skip

journal._HEAD = journal._HEAD.with_only_columns(*journal._HEAD.selected_columns)  # noqa: SLF001 - what is to be broken
journal._HEAD._for_update_arg = None  # noqa: SLF001
journal.Transaction.answers = lambda _self, _keys: {}  # type: ignore[assignment]

if __name__ == "__main__":
    serve.main(prog_name="careless")

"""Which programs this computer may run for its devices: a file here names them, never the hall and never a page."""

import logging
import tomllib
from pathlib import Path

from pydantic import TypeAdapter

from hall_server.settings.tables import HelperSettings

LOG = logging.getLogger(__name__)
ROWS: TypeAdapter[tuple[HelperSettings, ...]] = TypeAdapter(tuple[HelperSettings, ...])


def helpers_in(path: Path | None) -> dict[str, tuple[str, ...]]:
    """The commands by name. A file with a mistake has none: the other devices of this computer work on."""
    if path is None:
        return {}
    try:
        rows = ROWS.validate_python(tomllib.loads(path.read_text("utf-8")).get("helper", ()))
    except (OSError, ValueError) as trouble:
        LOG.error("no helper is run, since %s cannot be understood: %s", path, trouble)  # noqa: TRY400 - a person's mistake
        return {}
    return {row.id: row.command for row in rows}

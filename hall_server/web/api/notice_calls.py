"""The calls about notices made of a template: one tap puts one on the TV for today, another takes it away."""

from hall_server.contract.content import NOTICES, ContentRow
from hall_server.core.commands.content import PostNotice, RemoveContent
from hall_server.core.content import Item
from hall_server.core.rules.content import standing
from hall_server.views.content import row
from hall_server.web.api.ask import Ask, ok
from hall_server.web.api.problems import problem
from hall_server.web.desk import new_id
from hall_server.writer import Answer

ANSWERS = {201: ContentRow}


def post(ask: Ask) -> Answer:
    """Put a notice up until midnight."""
    name, today = ask.args["notice"], ask.desk.today()
    if name not in NOTICES:
        return problem("unknown_content", "There is no such template.")
    said = ask.desk.outside.signs.phrases.both(f"notice.{name}")
    item = Item(new_id(), "ticker", said.zh, said.en, ask.actor, today, today, notice=name)
    return ask.do(PostNotice(item), lambda hall, _: ok(row(hall, hall.content[item.id], hall.at), 201))


def lift(ask: Ask) -> Answer:
    """Take it away again."""
    name, now = ask.args["notice"], ask.desk.clock()
    known = ask.desk.look(lambda hall: standing(hall, name, now)) if name in NOTICES else None
    return ask.do(RemoveContent(known.id if known is not None else ""), lambda _hall, _facts: Answer(204, ""))

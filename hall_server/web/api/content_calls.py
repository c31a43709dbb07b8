"""The calls about what the hall tells its customers: send a file, put up, change, take away, list, and look up."""

import base64
from typing import cast

from hall_server.contract import content as m
from hall_server.core.commands.content import AddContent, RemoveContent, ReviseContent
from hall_server.core.content import Item
from hall_server.media import MediaRefused
from hall_server.views.content import guide, row
from hall_server.web.api.ask import Ask, ok
from hall_server.web.api.problems import problem
from hall_server.web.desk import new_id
from hall_server.writer import Answer


def read_content(ask: Ask) -> Answer:
    """Everything that was put up."""
    return ok(ask.desk.contents.view())


def send_part(ask: Ask) -> Answer:
    """One part of a picture or film."""
    part = cast(m.PartRequest, ask.body)
    try:
        size = ask.desk.contents.write(_mine(ask, part.upload), part.offset, base64.b64decode(part.data))
    except MediaRefused as why:
        return problem(why.code, why.detail)
    return ok(m.PartAnswer(size=size))


def add(ask: Ask) -> Answer:
    """Put something up; what was sent for it is looked at first, unless this request was answered before."""
    said, kind, media = cast(m.ContentRequest, ask.body), "text", ""
    if said.upload is not None and not ask.desk.answered(ask.key):
        try:
            kind, media = ask.desk.contents.take(_mine(ask, said.upload))
        except MediaRefused as why:
            return problem(why.code, why.detail)
    item = _item(new_id(), said, kind, media)
    answer = ask.do(AddContent(item), lambda hall, _: ok(row(hall, hall.content[item.id], hall.at), 201))
    if answer.status >= 400:
        ask.desk.contents.tidy(media)
    return answer


def revise(ask: Ask) -> Answer:
    """Let something say something else; a file that nothing shows any more goes."""
    said, wanted = cast(m.ReviseRequest, ask.body), ask.args["content"]
    before = ask.desk.look(lambda hall: hall.content.get(wanted))
    kind, media = (before.kind, before.media) if before is not None and said.keep else ("text", "")
    if said.upload is not None and not ask.desk.answered(ask.key):
        try:
            kind, media = ask.desk.contents.take(_mine(ask, said.upload))
        except MediaRefused as why:
            return problem(why.code, why.detail)
    item = _item(wanted, said, kind, media)
    answer = ask.do(ReviseContent(item), lambda hall, _: ok(row(hall, hall.content[wanted], hall.at)))
    for name in {media, before.media if before is not None else ""}:
        ask.desk.contents.tidy(name)
    return answer


def read_guide(ask: Ask) -> Answer:
    """What customers can look up."""
    now = ask.desk.clock()
    return ok(ask.desk.look(lambda hall: guide(hall, now)))


def _item(name: str, said: m.ContentRequest, kind: str, media: str) -> Item:
    return Item(
        name, said.place, said.zh, said.en, said.owner, str(said.first), str(said.last), kind, media,
        more_zh=said.more_zh, more_en=said.more_en, service=said.service or "", on_tv=said.on_tv,
    )  # fmt: skip


def remove(ask: Ask) -> Answer:
    """Take something away."""
    wanted = ask.args["content"]
    media = ask.desk.look(lambda hall: hall.content[wanted].media if wanted in hall.content else "")
    answer = ask.do(RemoveContent(wanted), lambda _hall, _facts: Answer(204, ""))
    ask.desk.contents.tidy(media)
    return answer


def _mine(ask: Ask, upload: str) -> str:
    """Nobody continues what somebody else sends."""
    return f"{ask.actor} {upload}"

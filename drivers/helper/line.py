"""A program as a line of signs: the numbered questions of ``Talk`` in the place of frames on a cable."""

from collections.abc import Callable

from drivers.bus.ear import Ear
from drivers.bus.exchange import Line
from drivers.bus.hearing import Answer, Spoken
from drivers.helper.talk import USUAL, Patience, Talk
from drivers.helper.words import detail_of, faults_of, parse
from drivers.led.families import Proof
from drivers.ports import Clock
from drivers.transport import Transport


class HelperLine(Line):
    """What a sign's worker asks is answered by the program; its silence is the line's fault, a refusal the sign's."""

    def __init__(
        self,
        transport: Transport,
        baud: int,
        clock: Clock,
        sleep: Callable[[float], object],
        ear: Ear | None = None,
        patience: Patience = USUAL,
    ) -> None:
        super().__init__(transport, baud, clock, sleep, ear)
        self._talk = Talk(transport, "sign", clock, patience)

    def _once(self, sign: Spoken, frame: bytes) -> Answer:
        said = self._talk.ask(within_s=self._talk.patience.answer_s, **(parse(frame) or {}))
        if sign.family.proof is Proof.NONE:
            return Answer(None, 1)
        faults = () if said.get("ok") is True else faults_of(said)
        return Answer(faults[0], 1, words=detail_of(said) or "refused") if faults else Answer(None, 1)

    def _heartbeat(self, sign: Spoken) -> Answer:
        assert sign.family.heartbeat is not None, "only such a sign is asked whether it lives"
        return self._once(sign, sign.family.heartbeat.ask(sign.address))

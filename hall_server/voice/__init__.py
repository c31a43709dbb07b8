"""What hall screens say: halves of sentences as sounds, put together of clips or made by a program that reads aloud."""

from hall_server.voice.clips import shipped as shipped
from hall_server.voice.engine import Sound as Sound
from hall_server.voice.engine import Voice as Voice
from hall_server.voice.program import NotMadeError as NotMadeError
from hall_server.voice.sentence import Part as Part
from hall_server.voice.sentence import UnspeakableError as UnspeakableError

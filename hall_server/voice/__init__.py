"""What hall screens say: halves of sentences as sounds, put together of clips or made by a program that reads aloud."""

from display.speech.clips import shipped as shipped
from display.speech.sentence import Part as Part
from display.speech.sentence import UnspeakableError as UnspeakableError
from hall_server.voice.engine import Sound as Sound
from hall_server.voice.engine import Voice as Voice
from hall_server.voice.program import NotMadeError as NotMadeError

"""Voice modules: their frames, what of a text they can be given, and the worker that lets them speak in turn."""

from drivers.speech.worker import SpeechWorker as SpeechWorker

"""Makes display/static/audio/chime.wav: two bell tones a third apart, soft enough for a hall that hears it all day."""

import math
import struct
import wave
from pathlib import Path

OUT = Path(__file__).parent.parent / "display" / "static" / "audio" / "chime.wav"
RATE_HZ = 24_000  # enough for bells: their highest partial here is 3.3 kHz
LENGTH_S = 1.45  # the voice begins when it has ended
PEAK = 0.6  # -4.4 dBFS: speech at -21 dBFS RMS follows and must not seem quiet
ATTACK_S = 0.006  # shorter clicks in cheap loudspeakers
FADE_S = 0.12  # the end reaches zero without a step
TONES = ((0.0, 659.26), (0.42, 523.25))  # start in seconds, pitch in Hz: E5, then C5
PARTIALS = ((1.0, 1.0, 0.55), (2.0, 0.32, 0.32), (3.0, 0.1, 0.2), (5.0, 0.04, 0.1))  # multiple, loudness, decay s


def bell(age_s: float, pitch_hz: float) -> float:
    if age_s < 0:
        return 0.0
    attack = min(age_s / ATTACK_S, 1.0)
    return attack * sum(
        loudness * math.exp(-age_s / decay_s) * math.sin(2 * math.pi * pitch_hz * multiple * age_s)
        for multiple, loudness, decay_s in PARTIALS
    )


def samples() -> list[float]:
    count = round(LENGTH_S * RATE_HZ)
    raw = [sum(bell(n / RATE_HZ - start_s, pitch) for start_s, pitch in TONES) for n in range(count)]
    faded = [value * min((count - n) / (FADE_S * RATE_HZ), 1.0) for n, value in enumerate(raw)]
    loudest = max(abs(value) for value in faded)
    return [value / loudest * PEAK for value in faded]


def main() -> None:
    frames = b"".join(struct.pack("<h", round(value * 32767)) for value in samples())
    OUT.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(OUT), "wb") as chime:
        chime.setnchannels(1)
        chime.setsampwidth(2)
        chime.setframerate(RATE_HZ)
        chime.writeframes(frames)


if __name__ == "__main__":
    main()

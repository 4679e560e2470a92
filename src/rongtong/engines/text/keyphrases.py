"""The phrases a text is about: noun words and chains of them, by frequency, rarity and place."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from rongtong.engines.text.dictionary import read_word_list, segmenter, stop_words
from rongtong.engines.text.language import language
from rongtong.engines.text.normal import fold
from rongtong.engines.text.sentences import Span
from rongtong.engines.text.stemming import stem
from rongtong.engines.text.tokens import is_han

# The share of documents that contain a word (0 to 1), 0 when it was never seen.
DocumentShare = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class KeyPhrase:
    """A phrase, its weight (the best of a text has 1) and all places where it stands in the original."""

    text: str
    weight: float
    spans: tuple[Span, ...]


def key_phrases(text: str, limit: int = 12, df: DocumentShare | None = None, *, longest: int = 4) -> list[KeyPhrase]:
    """Return up to `limit` phrases that tell what a Chinese or English text is about, the most telling first.

    Candidates are nouns and chains of up to `longest` words that stand together (石灰窑出灰系统). A word weighs its
    frequency times its rarity, more when it stands early; a chain weighs the mean of its words and a little more for
    each further word and each repetition. A phrase that only occurs inside a better one is left out. `df` gives the
    share of documents with a word in the caller's corpus; without it a table from patent abstracts serves.
    """
    folded = fold(text[:_LONGEST_TEXT])
    tokens = _chinese_tokens(folded) if language(text) == "zh" else _english_tokens(folded)
    weights = _word_weights(tokens, df or background_share)
    candidates = _candidates(tokens, weights, longest)
    chosen = _chosen(candidates, limit, len(folded))
    best = chosen[0].weight if chosen else 1.0
    return [
        KeyPhrase(text[found.places[0][0] : found.places[0][1]], found.weight / best, _spans(text, found.places))
        for found in chosen
    ]


@lru_cache(maxsize=1)
def _background() -> dict[str, float]:
    path = files("rongtong") / "packs" / "dictionaries" / "background_words.csv"
    rows = (line.split(",") for line in path.read_text(encoding="utf-8").splitlines()[1:])
    return {word: float(share) for word, share in rows}


def background_share(word: str) -> float:
    """Return the share of 3,720 Chinese patent abstracts that contain the word (0 below one in a thousand)."""
    return _background().get(word, 0.0)


_LONGEST_TEXT = 20_000
# Found by trial on part of KPPatent-ZH (benchmarks/key_phrases.py) and by reading phrases of demands: beyond one
# document in a thousand rarity tells no more, and a word never seen is more often a fragment than a term.
_RAREST = 1 / 1000
_UNSEEN = 0.8
_REPEATED = 0.7
_EARLY = 0.3
_VERB = 0.8
_CHAIN = 0.45
_NOUNS = ("n", "vn", "eng", "j", "l", "b", "g", "z", "nz", "an", "ns", "nr", "nt", "x")
_ADJOINING = (*_NOUNS, "v", "a", "h", "k", "m")
_FORMULA = re.compile(r"[A-Za-z][A-Za-z0-9\-+.]{1,20}")
# Numbers of patents and standards name no topic.
_NUMBERED = re.compile(r"\d{5}")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9\-]*|[^\sA-Za-z]")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    key: str
    tag: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(slots=True)
class _Candidate:
    words: tuple[str, ...]
    weight: float
    places: list[tuple[int, int]]


def _chinese_tokens(folded: str) -> list[_Token]:
    found: list[_Token] = []
    position = 0
    for word, tag in segmenter().tag(folded):
        # The segmenter may drop blanks; the word itself stands at or after the running position.
        start = folded.find(word, position, position + len(word) + 64)
        if start >= 0:
            found.append(_Token(word, word.lower(), _tag(word, tag), start))
            position = start + len(word)
    return found


def _tag(word: str, tag: str) -> str:
    if _FORMULA.fullmatch(word):
        return "w" if _NUMBERED.search(word) else "eng"
    return tag if word[0].isalnum() or is_han(word[0]) else "w"


def _english_tokens(folded: str) -> list[_Token]:
    drop = stop_words()
    found: list[_Token] = []
    for match in _WORD.finditer(folded):
        word = match.group().lower()
        tag = "w" if not word[0].isalpha() or word in drop else "n"
        found.append(_Token(match.group(), stem(word), tag, match.start()))
    return found


def _word_weights(tokens: Sequence[_Token], share: DocumentShare) -> dict[str, float]:
    content = [token for token in tokens if _is_content(token)]
    counts = Counter(token.key for token in content)
    first = {token.key: token for token in reversed(content)}
    return {key: count**_REPEATED * _word_weight(first[key], share(key)) for key, count in counts.items()}


def _word_weight(first: _Token, share: float) -> float:
    rarity = math.log(1 / max(share, _RAREST)) * (1.0 if share else _UNSEEN)
    kind = 1.0 if first.tag.startswith(_NOUNS) else _VERB
    return rarity * kind * (1 + _EARLY / (1 + first.start / 60))


def _is_content(token: _Token) -> bool:
    return token.tag.startswith(_ADJOINING) and token.tag != "w" and token.key not in _uninformative()


@lru_cache(maxsize=1)
def _uninformative() -> frozenset[str]:
    return stop_words() | frozenset(read_word_list("business_words_zh"))


def _is_noun(token: _Token) -> bool:
    return token.tag.startswith(_NOUNS) and len(token.text) > 1


def _names_an_act(token: _Token) -> bool:
    """染色, 紧固: a verb of two characters can be what a text is about."""
    return token.tag.startswith("v") and len(token.text) > 1


def _candidates(tokens: Sequence[_Token], weights: dict[str, float], longest: int) -> list[_Candidate]:
    found: dict[tuple[str, ...], _Candidate] = {}
    for run in _runs(tokens):
        for size in range(1, longest + 1):
            for begin in range(len(run) - size + 1):
                chain = run[begin : begin + size]
                if _names_something(chain):
                    key = tuple(token.key for token in chain)
                    place = (chain[0].start, chain[-1].end)
                    found.setdefault(key, _Candidate(key, 0.0, [])).places.append(place)
    for key, candidate in found.items():
        candidate.weight = _chain_weight(key, len(candidate.places), weights)
    return list(found.values())


def _runs(tokens: Sequence[_Token]) -> Iterable[list[_Token]]:
    run: list[_Token] = []
    for token in tokens:
        adjoins = not run or token.start - run[-1].end <= (1 if token.text.isascii() else 0)
        if not _is_content(token) or not adjoins:
            if run:
                yield run
            run = []
        if _is_content(token):
            run.append(token)
    if run:
        yield run


def _names_something(chain: Sequence[_Token]) -> bool:
    """A phrase ends with a noun and does not open with a verb of doing; single words have two characters."""
    length = chain[-1].end - chain[0].start
    if len(chain) == 1:
        return _is_noun(chain[0]) or _names_an_act(chain[0])
    # A chain that opens with a single character is mostly the rest of a word cut wrongly.
    opens = len(chain[0].text) > 1 and (not chain[0].tag.startswith(("v", "m", "k")) or chain[0].tag == "vn")
    closes = chain[-1].tag.startswith(("n", "vn", "eng", "k", "g")) or _is_noun(chain[-1])
    return opens and closes and length <= (14 if is_han(chain[0].text[0]) else 40)


def _chain_weight(key: tuple[str, ...], count: int, weights: dict[str, float]) -> float:
    mean = sum(weights.get(word, 0.0) for word in key) / len(key)
    repeated = 1 + 0.25 * math.log(count)
    # A repeated chain is a term; one that stands only once may be a chance neighbourhood.
    return mean * repeated * (1 + (_CHAIN if count > 1 else _CHAIN / 3) * (len(key) - 1))


def _chosen(candidates: Sequence[_Candidate], limit: int, length: int) -> list[_Candidate]:
    chosen: list[_Candidate] = []
    # The number of the chosen phrase that covers each character, 0 for none.
    cover = [0] * length
    for candidate in sorted(candidates, key=lambda found: (-found.weight, found.places[0])):
        free = any(not _covered(cover, place) for place in candidate.places)
        if not free or any(_contains(candidate.words, other.words) for other in chosen):
            continue
        chosen.append(candidate)
        for start, end in candidate.places:
            cover[start:end] = [len(chosen)] * (end - start)
        if len(chosen) == limit:
            break
    return chosen


def _covered(cover: Sequence[int], place: tuple[int, int]) -> bool:
    return cover[place[0]] != 0 and cover[place[0]] == cover[place[1] - 1]


def _contains(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    size = len(shorter)
    return any(longer[begin : begin + size] == shorter for begin in range(len(longer) - size + 1))


def _spans(text: str, places: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end, text[start:end]) for start, end in places)

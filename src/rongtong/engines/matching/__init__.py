"""Who can answer a demand, how sure are we, and why.

From files, in one call (see `match_files`), or in memory:

    from rongtong.engines import matching

    supply = matching.index([matching.Record("S1", "patent", "石灰窑自动出灰装置", "一种……")])
    answer = supply.match(matching.Query("D1", "石灰窑出灰", "人工出灰温度高，希望自动出灰"), top=5)
    answer.verdict, answer.candidates[0].probability

or over a store on disk that is filled, filtered and asked while it grows: `Matcher(Store.open(path), encoder)`.
"""

from rongtong.engines.matching.answer import Answer, Candidate, Missing
from rongtong.engines.matching.batch import index, match_files
from rongtong.engines.matching.calibration import Grade, Thresholds, Verdict, thresholds
from rongtong.engines.matching.collection import Collection
from rongtong.engines.matching.encoder import Encoder, EncoderError, EncoderSettings, open_encoder
from rongtong.engines.matching.explain import Explanation, PhraseMatch, SentencePair, explain
from rongtong.engines.matching.files import InputError, Problem
from rongtong.engines.matching.matcher import Matcher
from rongtong.engines.matching.query import Query
from rongtong.engines.matching.records import Record
from rongtong.engines.matching.store import Store, StoreError

__all__ = [
    "Answer",
    "Candidate",
    "Collection",
    "Encoder",
    "EncoderError",
    "EncoderSettings",
    "Explanation",
    "Grade",
    "InputError",
    "Matcher",
    "Missing",
    "PhraseMatch",
    "Problem",
    "Query",
    "Record",
    "SentencePair",
    "Store",
    "StoreError",
    "Thresholds",
    "Verdict",
    "explain",
    "index",
    "match_files",
    "open_encoder",
    "thresholds",
]

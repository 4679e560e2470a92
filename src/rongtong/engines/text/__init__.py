"""Reading technical text in Chinese and English: normal form, words, sentences, parameters, demands.

Pure functions; nothing here knows a database, a network or a model.
"""

from rongtong.engines.text.cues import Form
from rongtong.engines.text.demands import Advice, DemandReading, Passage, Role, WantedForm, object_of, read_demand
from rongtong.engines.text.duplicates import NEAR, distance, near_pairs, simhash
from rongtong.engines.text.keyphrases import DocumentShare, KeyPhrase, background_share, key_phrases
from rongtong.engines.text.language import Language, language
from rongtong.engines.text.normal import fold, normalise, simplify
from rongtong.engines.text.parameters import Parameter, parameters
from rongtong.engines.text.relations import Change, Relation
from rongtong.engines.text.satisfaction import Reason, Satisfaction, Verdict, compare, satisfaction_table
from rongtong.engines.text.sentences import Span, sentences
from rongtong.engines.text.spam import Spam, is_spam_line
from rongtong.engines.text.stated import stated
from rongtong.engines.text.tokens import bigrams, bigrams_of_normal, words, words_of_normal

__all__ = [
    "NEAR",
    "Advice",
    "Change",
    "DemandReading",
    "DocumentShare",
    "Form",
    "KeyPhrase",
    "Language",
    "Parameter",
    "Passage",
    "Reason",
    "Relation",
    "Role",
    "Satisfaction",
    "Spam",
    "Span",
    "Verdict",
    "WantedForm",
    "background_share",
    "bigrams",
    "bigrams_of_normal",
    "compare",
    "distance",
    "fold",
    "is_spam_line",
    "key_phrases",
    "language",
    "near_pairs",
    "normalise",
    "object_of",
    "parameters",
    "read_demand",
    "satisfaction_table",
    "sentences",
    "simhash",
    "simplify",
    "stated",
    "words",
    "words_of_normal",
]

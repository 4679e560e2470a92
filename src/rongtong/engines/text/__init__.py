"""Reading technical text in Chinese and English: normal form, words, sentences, parameters, demands.

Pure functions; nothing here knows a database, a network or a model.
"""

from rongtong.engines.text.language import Language, language
from rongtong.engines.text.normal import fold, normalise, simplify
from rongtong.engines.text.sentences import Span, sentences
from rongtong.engines.text.tokens import bigrams, bigrams_of_normal, words, words_of_normal

__all__ = [
    "Language",
    "Span",
    "bigrams",
    "bigrams_of_normal",
    "fold",
    "language",
    "normalise",
    "sentences",
    "simplify",
    "words",
    "words_of_normal",
]

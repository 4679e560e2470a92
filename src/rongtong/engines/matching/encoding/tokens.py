"""Texts to the model's tokens, exactly as the model was trained: unigram pieces after a map of characters."""

from collections.abc import Sequence

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from rongtong.engines.matching.encoding.weights import Vocabulary

LONGEST = 512


class Tokeniser:
    """The unigram model of e5-small. Texts beyond 512 tokens are cut, as in the model's training."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._characters = vocabulary.characters
        self._tokenizer = _tokenizer(vocabulary)

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """Token numbers of each text, with the begin and end marks."""
        mapped = [text.translate(self._characters) for text in texts]
        return [encoding.ids for encoding in self._tokenizer.encode_batch(mapped)]


def _tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    pieces = list(zip(vocabulary.pieces, vocabulary.scores.tolist(), strict=True))
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=vocabulary.unknown))
    tokenizer.normalizer = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    begin, end = vocabulary.pieces[vocabulary.begin], vocabulary.pieces[vocabulary.end]
    marks = [(begin, vocabulary.begin), (end, vocabulary.end)]
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{begin} $A {end}", special_tokens=marks)
    tokenizer.enable_truncation(LONGEST)
    return tokenizer

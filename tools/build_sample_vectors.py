"""Compute the sentence vectors that the sample region ships.

    python tools/build_sample_vectors.py CACHE

CACHE is a folder that keeps the converted model and every vector computed so far, so that a second run computes only
what has changed. Writes ``src/rongtong/packs/sample/vectors.npz``. To be run whenever the sample's texts change.
"""

import os
import sys
import tempfile
from pathlib import Path

PACK = Path(__file__).resolve().parent.parent / "src" / "rongtong" / "packs" / "sample"


def main(cache: Path) -> None:
    """Encode every record of the pack as the index would."""
    from rongtong.cli import sample_vectors
    from rongtong.engines.matching.encoder import EncoderSettings, open_encoder

    encoder = open_encoder(EncoderSettings(cache=cache))
    if encoder is None:
        raise SystemExit("no encoder")
    sample_vectors.write(PACK / sample_vectors.FILE, encoder, sample_vectors.texts(), _report)


def _report(done: int, total: int) -> None:
    sys.stdout.write(f"\r{done}/{total}")
    sys.stdout.flush()


def _start_django() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "rongtong.site.settings"
    os.environ["RONGTONG_HOME"] = tempfile.mkdtemp()
    django.setup()


if __name__ == "__main__":
    _start_django()
    main(Path(sys.argv[1]))

"""Memory of a process that answers from an index: after opening, and after a hundred demands.

    python -m benchmarks.memory                      the index of benchmarks.interactive with 10,000 records, and one
    python -m benchmarks.memory --records 1000000    the one with a million, when it has been built

Each index is opened in a process of its own with the encoder and the matcher, as the portal does. What is counted is
resident memory: a part of it is pages of index files that the system gives back when others need it.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from benchmarks.harness import Benchmark
from rongtong.engines.matching.encoder import default_cache

DEMANDS = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="*", default=[10_000])
    parser.add_argument("--folder", type=Path, default=default_cache() / "benchmarks")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(_inside(options.inside)))
        return
    benchmark = Benchmark("memory")
    for count in options.records:
        for key, megabytes in _measured(options.folder / f"interactive-{count}").items():
            benchmark.record(f"{key}_{count}", megabytes)
    benchmark.finish()


def _measured(store: Path) -> dict[str, float]:
    if not store.is_dir():
        raise SystemExit(f"{store} is missing: python -m benchmarks.interactive builds it")
    command = [sys.executable, "-m", "benchmarks.memory", "--inside", str(store)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def _inside(folder: Path) -> dict[str, float]:
    """Megabytes before anything, with the index open, with the encoder too, and after many demands."""
    from benchmarks.corpus import queries
    from benchmarks.interactive import Projection
    from rongtong.engines.matching.encoder import OnnxEncoder
    from rongtong.engines.matching.matcher import Matcher
    from rongtong.engines.matching.query import Query
    from rongtong.engines.matching.store import Store

    found = {"python": _resident()}
    store = Store.open(folder, model=Projection.name)
    store.statistics()
    found["index"] = _resident()
    encoder = OnnxEncoder(default_cache())
    encoder.encode(["石灰窑自动出灰系统"], role="query")
    found["encoder"] = _resident()
    matcher = Matcher(store, Projection())
    for number, (title, text) in enumerate(queries(DEMANDS)):
        matcher.match(Query(str(number), title, text))
    found["answered"] = _resident()
    return found


def _resident() -> float:
    """Resident megabytes of this process now (Linux)."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["VmRSS"].split()[0]) / 1024


if __name__ == "__main__":
    main()

"""Keeps a child process running: started again when it fails, more slowly each time, and ended with us."""

import logging
import subprocess
import sys
import threading
import time

log = logging.getLogger("rongtong.serve")
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
STEADY_SECONDS = 60.0
"""A child that lived this long was sound: the next wait is short again."""
GRACE_SECONDS = 10.0


class Supervised:
    """``rongtong <arguments>`` as a child process."""

    def __init__(self, *arguments: str) -> None:
        self._command = [sys.executable, "-m", "rongtong.cli.main", *arguments]
        self._stop = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._watch, name="supervision", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask the child to end; after a grace it is killed (its transaction is undone by the database)."""
        self._stop.set()
        if self._child and self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                self._child.kill()
        self._thread.join(GRACE_SECONDS)

    def _watch(self) -> None:
        wait = FIRST_WAIT
        while not self._stop.is_set():
            started = time.monotonic()
            code = self._run_once()
            if self._stop.is_set():
                return
            wait = FIRST_WAIT if time.monotonic() - started > STEADY_SECONDS else min(LONGEST_WAIT, 2 * wait)
            log.warning("%s ended with %s, started again in %.0f s", self._command[3], code, wait)
            self._stop.wait(wait)

    def _run_once(self) -> int:
        # A session of its own, so that Ctrl-C reaches it once, through us.
        self._child = subprocess.Popen(self._command, start_new_session=True)
        return self._child.wait()

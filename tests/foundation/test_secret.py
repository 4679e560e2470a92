"""The signing key of an installation: made once, whole, however many processes start at the same time."""

import subprocess
import sys

SHOW = "from rongtong.site.settings import SECRET_KEY; print(SECRET_KEY)"


def test_processes_that_start_together_share_one_whole_key(tmp_path):
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", SHOW],
            env={"RONGTONG_HOME": str(tmp_path / "new"), "PATH": ""},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    keys = {start.communicate(timeout=60)[0].strip() for start in starts}
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret_key"]

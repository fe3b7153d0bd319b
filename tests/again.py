"""Run the few tests that failed once more, alone: a fault fails again; a test that wants a quieter machine is named."""

import json
import subprocess
import sys
from pathlib import Path

MOST = 3
"""More failures than these are no accident."""

FAILED = Path(".pytest_cache/v/cache/lastfailed")


def run_again(status: int) -> int:
    """The exit status of a whole run, or of its failed tests' second run when they were few."""
    if status != 1:  # not "some tests failed" but something worse
        return status
    failed = sorted(json.loads(FAILED.read_text()))
    if not 1 <= len(failed) <= MOST:
        return status
    print(f"\nOnce more, alone: {len(failed)} of them failed among the others.", flush=True)
    again = subprocess.run([sys.executable, "-m", "pytest", *failed], check=False).returncode
    if again == 0:
        print("\nFailed among the others, passed alone. Each hides a race, in the test or in Kvitto:")
        print("\n".join(f"  {each}" for each in failed))
    return again


if __name__ == "__main__":
    sys.exit(run_again(int(sys.argv[1])))

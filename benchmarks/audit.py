"""`python -m benchmarks.audit`: the pinned versions held against the public database of known vulnerabilities.

pip-audit asks the package index; where that can't be reached it would call every package unknown and succeed. Here the
exit status is 0 where every version was checked and none is vulnerable, 1 where one is, 2 where some went unchecked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

CONSTRAINTS = Path(__file__).parents[1] / "constraints.txt"
COMMAND = ("pip_audit", "--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json")


def main() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", *COMMAND, "--requirement", str(CONSTRAINTS)], capture_output=True, text=True, check=False
    )
    if not finished.stdout.strip():
        print(finished.stderr.strip(), file=sys.stderr)
        print("Nothing was checked: pip-audit gave no report. Are you offline? Try again with the network.")
        sys.exit(2)
    message, status = verdict(json.loads(finished.stdout)["dependencies"])
    print(message)
    sys.exit(status)


def verdict(dependencies: list[dict[str, Any]]) -> tuple[str, int]:
    """What a report says, for people, and the exit status."""
    unchecked = [entry["name"] for entry in dependencies if "skip_reason" in entry]
    flaws = [
        f"{entry['name']} {entry['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'none yet'}"
        for entry in dependencies
        for flaw in entry.get("vulns", ())
    ]
    checked = len(dependencies) - len(unchecked)
    lines = [*flaws, f"{checked} of {len(dependencies)} versions checked, {len(flaws)} known vulnerabilities."]
    if not checked:
        lines.append("Nothing was checked: the database can't be reached. Are you offline? Try again with the network.")
    elif unchecked:
        lines.append(f"Not checked, since the database doesn't know them: {', '.join(unchecked)}.")
    return "\n".join(lines), 1 if flaws else 2 if unchecked else 0


if __name__ == "__main__":
    main()

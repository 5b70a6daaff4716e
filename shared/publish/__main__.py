"""`python -m shared.publish <topic> DIR`: one lab alone, to start or to push; `--list`: which there are."""

import argparse
import sys
from pathlib import Path

from shared.publish.folder import CannotPublish, publish, topics


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m shared.publish", description=__doc__)
    parser.add_argument("topic", nargs="?", help="the lab: a folder of spaces/")
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="where to write; new or empty")
    parser.add_argument("--force", action="store_true", help="replace what publish wrote there before")
    parser.add_argument("--list", action="store_true", help="name the labs")
    given = parser.parse_args(arguments)
    if given.list:
        print("\n".join(topics()))
        return 0
    if given.topic is None or given.folder is None:
        parser.error("name a lab and a folder, or --list")
    try:
        publish(given.topic, given.folder, force=given.force)
    except (CannotPublish, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{given.folder} has the lab {given.topic}: cd there and python app.py, or push it as a Space.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

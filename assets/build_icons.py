"""Build static/icons.svg from the icons named in assets/icons.txt: build_icons.py NODE_MODULES."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OUTLINE = Path(sys.argv[1]) / "@tabler" / "icons" / "icons" / "outline"


def symbol(name: str) -> str:
    inner = re.search(r"<svg.*?>(.*)</svg>", (OUTLINE / f"{name}.svg").read_text(), re.DOTALL)[1]
    paths = re.findall(r"<path[^>]*?/>", inner)
    shapes = "".join(path for path in paths if 'd="M0 0h24v24H0z"' not in path)
    return f'<symbol id="{name}" viewBox="0 0 24 24" stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'


names = (ROOT / "icons.txt").read_text().split()
sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(map(symbol, sorted(names))) + "\n</svg>\n"
(ROOT.parent / "static" / "icons.svg").write_text(sprite)

"""What the web server's workers load: the application, tied to the server that started them."""

import os
from pathlib import Path

from cs_bootstrap.child import SERVER, die_with
from cs_bootstrap.places import REQUESTS

die_with(int(os.environ[SERVER]))  # before anything that takes time: the server may be killed meanwhile

os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(Path(os.environ["CS_VAR_DIR"], REQUESTS)))

from cs_portal.wsgi import application  # noqa: E402

__all__ = ["application"]

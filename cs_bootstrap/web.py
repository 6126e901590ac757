"""What the web server's workers load: the application, tied to the server that started them."""

import gc
import os
from pathlib import Path

from cs_bootstrap.child import SERVER, die_with
from cs_bootstrap.places import REQUESTS

die_with(int(os.environ[SERVER]))  # before anything that takes time: the server may be killed meanwhile

os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(Path(os.environ["CS_VAR_DIR"], REQUESTS)))

from django.urls import get_resolver  # noqa: E402

from cs_portal.wsgi import application  # noqa: E402

_ = get_resolver().url_patterns  # every view, before the first person waits for it
gc.collect()
gc.freeze()  # what was loaded stays: the collector need not walk through it while somebody waits

__all__ = ["application"]

"""What the web server's workers load: the application, tied to the server that started them."""

import os

from cs_bootstrap.child import SERVER, die_with

die_with(int(os.environ[SERVER]))  # before anything that takes time: the server may be killed meanwhile

from cs_portal.wsgi import application  # noqa: E402

__all__ = ["application"]

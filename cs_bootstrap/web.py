"""What the web server's workers load: the application, and the tie to the server that started them."""

import os

from cs_bootstrap.child import die_with
from cs_portal.wsgi import application

die_with(os.getppid())

__all__ = ["application"]

from tests.accounts.integrations.conftest import judge, load

__all__ = ["judge", "load"]

from .customers import customer_page, customers_file, customers_page
from .feedback import feedback
from .portal import portal_home
from .revenue import revenue, revenue_file
from .search import search_page
from .settings import profile, settings_page
from .today import today_page

__all__ = [
    "customer_page",
    "customers_file",
    "customers_page",
    "feedback",
    "portal_home",
    "profile",
    "revenue",
    "revenue_file",
    "search_page",
    "settings_page",
    "today_page",
]

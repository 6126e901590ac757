from .customers import customer_page, customers_file, customers_page
from .feedback import feedback
from .figures import figure, figure_file, figures
from .onboarding import onboarding, onboarding_file
from .portal import portal_home
from .revenue import revenue, revenue_file
from .search import search_page
from .settings import profile, settings_page
from .support import support, support_file
from .today import today_page

__all__ = [
    "customer_page",
    "customers_file",
    "customers_page",
    "feedback",
    "figure",
    "figure_file",
    "figures",
    "onboarding",
    "onboarding_file",
    "portal_home",
    "profile",
    "revenue",
    "revenue_file",
    "search_page",
    "settings_page",
    "support",
    "support_file",
    "today_page",
]

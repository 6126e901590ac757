from .public import answer, thanks
from .staff import ask, renew, responses_csv, wave_page, withdraw

__all__ = ["answer", "ask", "renew", "responses_csv", "thanks", "wave_page", "withdraw"]

from .public import answer, thanks
from .staff import ask, renew, responses_csv, wave_page, withdraw
from .unsubscribe import unsubscribe

__all__ = ["answer", "ask", "renew", "responses_csv", "thanks", "unsubscribe", "wave_page", "withdraw"]

from .public import answer, thanks
from .staff import ask, renew, responses, responses_file, wave_page, withdraw
from .unsubscribe import unsubscribe

__all__ = ["answer", "ask", "renew", "responses", "responses_file", "thanks", "unsubscribe", "wave_page", "withdraw"]

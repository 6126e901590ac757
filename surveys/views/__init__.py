from .public import answer, thanks
from .staff import ask, renew, responses, responses_file, wave_page, withdraw

__all__ = ["answer", "ask", "renew", "responses", "responses_file", "thanks", "wave_page", "withdraw"]

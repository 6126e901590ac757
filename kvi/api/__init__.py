"""Goals, indicators, measurements and metrics over REST: the same services and questions as the pages."""

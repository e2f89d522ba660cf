"""A local Telegram Bot API over HTTP, with phones that are driven by code or from a web page."""

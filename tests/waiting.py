"""Waiting for a page, for tests in a browser."""

from __future__ import annotations

import time

from playwright.sync_api import Error


def until(page, expression: str, seconds: float = 60) -> None:
    """Wait until an expression holds in the page. Playwright's own way needs eval, which the pages' policy forbids."""
    end = time.monotonic() + seconds
    while True:
        try:
            if page.evaluate(expression):
                return
        except Error:
            pass  # a page that is just being left
        assert time.monotonic() < end, expression
        page.wait_for_timeout(50)

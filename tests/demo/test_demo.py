"""A visitor plays the demo: `stagebot demo` as it is started, its page in a real browser, five minutes."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import FilePayload, Locator, Page, ViewportSize, async_playwright, expect

from bot.cli.playing import SAMPLE

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STAGE = "BPV-2026-001"
PATIENCE = 20_000  # ms; the machine may be busy
PICTURES = os.environ.get("STAGEBOT_SCREENSHOTS")  # a folder: the README's pictures are made here
STUDENT_TEXT = "Bij de opening stond ik alleen aan de balie. Ik wist ineens hoe het moest."
TRAINER_TEXT = "Gisteren loste ze zelf een dubbele boeking op aan de balie."


@pytest_asyncio.fixture
async def address() -> AsyncIterator[str]:
    """Start the demo on a free port; stopped by Ctrl-C it leaves with exit code 0."""
    demo = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "demo", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    assert demo.stdout is not None
    line = (await asyncio.wait_for(demo.stdout.readline(), 30)).decode()
    yield re.findall(r"http://\S+", line)[0]
    demo.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(demo.wait(), 10) == 0


@pytest_asyncio.fixture
async def page(address: str) -> AsyncIterator[Page]:
    """Open the demo's page in a window as wide as a laptop's."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.fail("no browser found for the demo's test: apt-get install chromium", pytrace=False)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        size = ViewportSize(width=1440, height=900)
        page = await browser.new_page(viewport=size, locale="nl-NL", reduced_motion="reduce")
        page.set_default_timeout(PATIENCE)
        await page.goto(f"{address}/#{STAGE}")
        yield page
        await browser.close()


def phone(page: Page, role: str) -> Locator:
    """Find somebody's phone."""
    return page.locator(f".phone.role-{role}")


async def join(page: Page, role: str) -> None:
    """Press START and say "Ja, dat ben ik"."""
    theirs = phone(page, role)
    await theirs.get_by_role("button", name="START", exact=True).click()
    await theirs.get_by_role("button", name="Ja, dat ben ik").click()
    await expect(theirs.get_by_text("Fijn dat")).to_be_visible(timeout=PATIENCE)


async def say(page: Page, role: str, text: str) -> None:
    """Type a text and send it."""
    field = phone(page, role).locator("textarea")
    await field.fill(text)
    await field.press("Enter")


async def shoot(page: Page, name: str) -> None:
    """Keep a picture, where somebody asked for pictures."""
    if PICTURES:
        await page.wait_for_timeout(600)
        await page.screenshot(path=Path(PICTURES) / name)


async def test_a_visitor_plays_a_stage_up_to_the_first_digest(page: Page) -> None:
    """Joining, answering as student and trainer, and the digest with both their words (K1a, K3a)."""
    for role in ("student", "trainer", "teacher", "coordinator"):
        await join(page, role)
    moment = page.get_by_role("button", name="Volgend moment")
    await moment.click()
    trainer, student, teacher = (phone(page, role) for role in ("trainer", "student", "teacher"))
    await expect(trainer.get_by_text("Wat valt u tot nu toe op aan Samira?")).to_be_visible(timeout=PATIENCE)
    await say(page, "trainer", TRAINER_TEXT)
    await expect(trainer.get_by_text("Wat verwacht u")).to_be_visible(timeout=PATIENCE)
    await moment.click()
    await student.get_by_role("button", name="Een beetje", exact=True).click()
    await expect(student.get_by_text("Welk moment van je eerste dagen")).to_be_visible(timeout=PATIENCE)
    await say(page, "student", STUDENT_TEXT)
    await student.get_by_role("button", name="💬 Mag in het stagegesprek").click()
    await expect(student.get_by_role("button", name="✓ 💬 Mag in het stagegesprek")).to_be_visible(
        timeout=PATIENCE
    )
    await shoot(page, "demo.png")
    await page.get_by_role("button", name="Volgende voorbereiding").click()
    digest = teacher.locator(".bubble").filter(has_text="Samira · Congrescentrum Amstel")
    await digest.scroll_into_view_if_needed(timeout=PATIENCE)
    await expect(digest).to_contain_text(STUDENT_TEXT)
    await expect(digest).to_contain_text(TRAINER_TEXT)
    await shoot(page, "digest.png")


def a_new_stage() -> bytes:
    """Give a roster of the sample's first row, and of the same stage for a new student."""
    header, first, *_ = SAMPLE.read_text(encoding="utf-8-sig").splitlines()
    new = (
        first.replace(STAGE, "BPV-2026-999")
        .replace("1084200", "1084999")
        .replace("Samira El Amrani", "Noor Bakker")
    )
    return f"{header}\n{first}\n{new}\n".encode()


async def test_the_coordinator_imports_a_roster_in_the_chat(page: Page) -> None:
    """Shown first, then imported; the new student has a phone to play with (P6)."""
    await join(page, "coordinator")
    lead = phone(page, "coordinator")
    roster = FilePayload(name="rooster.csv", mimeType="text/csv", buffer=a_new_stage())
    await lead.locator("input[type=file]").set_input_files(roster)
    await expect(lead.get_by_text("1 nieuw, 0 veranderd, 1 gelijk.")).to_be_visible(timeout=PATIENCE)
    await shoot(page, "roster.png")
    await lead.get_by_role("button", name="Importeren", exact=True).click()
    await expect(lead.get_by_text("Het rooster is geïmporteerd.")).to_be_visible(timeout=PATIENCE)
    await page.goto(f"{page.url.split('#')[0]}#BPV-2026-999")
    await expect(phone(page, "student").get_by_role("heading")).to_have_text("Noor Bakker", timeout=PATIENCE)
    await join(page, "student")


async def test_on_a_phone_one_person_is_shown_at_a_time(page: Page) -> None:
    """The page is usable on a phone: tabs for the four people, and nothing scrolls sideways."""
    await page.set_viewport_size({"width": 390, "height": 844})
    await join(page, "student")
    wide = await page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert wide is False
    await expect(phone(page, "teacher")).to_be_hidden()
    await shoot(page, "demo-phone.png")

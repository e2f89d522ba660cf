"""The demo's page in a real browser: what a visitor sees and does, against the simulator over HTTP."""

import re
import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Browser, FilePayload, Locator, Page, ViewportSize, async_playwright, expect

from bot.simulator.clock import JumpingClock
from bot.simulator.server import Simulator
from bot.simulator.world import World
from tests.simulator.conftest import TOKEN, Api

pytestmark = pytest.mark.asyncio(loop_scope="module")

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DIGEST_AT = datetime(2026, 9, 17, 8, 30, tzinfo=AMSTERDAM)
MEETING_AT = datetime(2026, 9, 21, 10, 0, tzinfo=AMSTERDAM)
CODE = "Xk3_9fJq2LmVb7RtYpZs0A"
HOSTILE = '<img src="/x" onerror="document.title=1"><b>Bo</b>'
PEOPLE = {
    "student": (1001, "Samira El Amrani"),
    "trainer": (1002, HOSTILE),
    "teacher": (1003, "Kees Wouters"),
    "coordinator": (1004, "Hanneke Vos"),
}
YES = {"inline_keyboard": [[{"text": "Ja, dat ben ik", "callback_data": "me"}]]}
COMMANDS = [
    {"command": "vragen", "description": "Open vragen"},
    {"command": "hulp", "description": "Hulp nodig?"},
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class PlainDirector:
    """Direct two stages with the same four people: nothing happens but the clock."""

    def __init__(self, clock: JumpingClock) -> None:
        self._clock = clock

    async def stages(self) -> list[dict[str, object]]:
        people = [
            {"user_id": user_id, "role": role, "name": name, "code": CODE, "joined": False}
            for role, (user_id, name) in PEOPLE.items()
        ]
        return [
            {"stage": "BPV-1", "label": "Samira El Amrani · Congrescentrum Amstel", "people": people},
            {"stage": "BPV-2", "label": "Yasmin Yılmaz · Schouwburg De Lantaarn", "people": people},
        ]

    async def moments(self, _stage: str | None) -> dict[str, object]:
        return {
            "now": self._clock().astimezone(AMSTERDAM).isoformat(),
            "next_moment": None,
            "next_digest": {"at": DIGEST_AT.isoformat(), "number": 1},
            "next_meeting": {"at": MEETING_AT.isoformat(), "number": 1},
        }

    async def jump(self, to: str, stage: str | None) -> dict[str, object]:
        named = {"next_digest": DIGEST_AT, "next_meeting": MEETING_AT}
        self._clock.jump(named.get(to) or datetime.fromisoformat(to))
        return await self.moments(stage)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.fail("no browser found for the page's tests: apt-get install chromium", pytrace=False)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def simulator(world: World, clock: JumpingClock) -> AsyncIterator[Simulator]:
    for user_id, name in PEOPLE.values():
        world.person(user_id, name)
    simulator = Simulator(world, token=TOKEN, director=PlainDirector(clock))
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def api(simulator: Simulator) -> AsyncIterator[Api]:
    async with ClientSession() as session:
        yield Api(session, simulator)


async def opened(browser: Browser, simulator: Simulator, width: int, height: int) -> tuple[Page, list[str]]:
    """Open the page in a window of its own; what goes wrong in its scripts is noted."""
    size = ViewportSize(width=width, height=height)
    page = await browser.new_page(viewport=size, locale="nl-NL", reduced_motion="reduce")
    page.set_default_timeout(8000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(error.message))
    page.on("console", lambda line: faults.append(line.text) if "Security Policy" in line.text else None)
    await page.goto(simulator.url)
    await page.locator(".start-button").first.wait_for()
    return page, faults


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, simulator: Simulator) -> AsyncIterator[Page]:
    """The page on a desk, its four phones side by side."""
    page, faults = await opened(browser, simulator, 1440, 900)
    yield page
    await page.close()
    assert faults == []


@pytest_asyncio.fixture(loop_scope="module")
async def small_page(browser: Browser, simulator: Simulator) -> AsyncIterator[Page]:
    """The page in the browser of a small phone."""
    page, faults = await opened(browser, simulator, 360, 640)
    yield page
    await page.close()
    assert faults == []


def phone_of(page: Page, role: str) -> Locator:
    return page.locator(f".phone.role-{role}")


async def next_update(api: Api) -> dict[str, Any]:
    """Fetch the one update that waits, and confirm it."""
    [update] = await api.updates(timeout=5)
    await api.updates(offset=update["update_id"] + 1)
    return update


async def joined(page: Page, api: Api, role: str = "student") -> Locator:
    """Press START on a phone and let the bot see it."""
    phone = phone_of(page, role)
    await phone.get_by_role("button", name="START", exact=True).click()
    await next_update(api)
    await expect(phone.locator("textarea")).to_be_visible()
    return phone


async def test_a_visitor_starts_with_the_invitation(page: Page, api: Api) -> None:
    """START sends the person's code, which the chat itself does not show."""
    student = phone_of(page, "student")
    await student.get_by_role("button", name="START", exact=True).click()
    assert (await next_update(api))["message"]["text"] == f"/start {CODE}"
    await expect(student.locator(".row.person .text")).to_have_text("/start")
    await expect(student.locator(".start-button")).to_have_count(0)


async def test_a_visitor_can_start_without_an_invitation(page: Page, api: Api) -> None:
    """The bot then gets a bare START."""
    await phone_of(page, "teacher").get_by_role("button", name="START zonder uitnodiging").click()
    assert (await next_update(api))["message"]["text"] == "/start"


async def test_a_press_shows_until_the_bot_answers_it(page: Page, api: Api) -> None:
    """The button is busy until the answer, whose text is shown on that phone."""
    student = await joined(page, api)
    await api.result("sendMessage", chat_id=1001, text="Ben jij dit?", reply_markup=YES)
    button = student.get_by_role("button", name="Ja, dat ben ik")
    await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    query = (await next_update(api))["callback_query"]
    await api.result("answerCallbackQuery", callback_query_id=query["id"], text="Welkom")
    await expect(student.locator(".phone-toast")).to_have_text("Welkom")
    await expect(student.locator("[aria-busy]")).to_have_count(0)
    assert query["data"] == "me"


async def test_enter_sends_and_shift_enter_begins_a_line(page: Page, api: Api) -> None:
    """One message of two lines arrives and the input is empty again."""
    student = await joined(page, api)
    field = student.locator("textarea")
    await field.press_sequentially("Het lukte")
    await field.press("Shift+Enter")
    await field.press_sequentially("en het klopte")
    await field.press("Enter")
    assert (await next_update(api))["message"]["text"] == "Het lukte\nen het klopte"
    await expect(field).to_have_value("")


async def test_a_reply_belongs_to_its_message(page: Page, api: Api) -> None:
    """The bot gets the message that was answered, and the chat shows its first line."""
    student = await joined(page, api)
    asked = await api.result("sendMessage", chat_id=1001, text="Hoe ging het?\nEén zin is genoeg.")
    row = student.locator(f"[data-id='{asked['message_id']}']")
    await row.hover()
    await row.get_by_role("button", name="Antwoord").click()
    await student.locator("textarea").fill("Goed")
    await student.locator("textarea").press("Enter")
    message = (await next_update(api))["message"]
    assert (message["text"], message["reply_to_message"]["message_id"]) == ("Goed", asked["message_id"])
    await expect(student.locator(".quoted-line")).to_have_text("Hoe ging het?")


async def test_an_own_message_can_be_changed(page: Page, api: Api) -> None:
    """Arrow up takes the last one; the change reaches the bot and is marked."""
    student = await joined(page, api)
    field = student.locator("textarea")
    await field.fill("Ik mocht de kassa")
    await field.press("Enter")
    sent = (await next_update(api))["message"]
    await expect(student.locator(".row.person")).to_have_count(2)
    await field.press("ArrowUp")
    await expect(field).to_have_value("Ik mocht de kassa")
    await field.fill("Ik mocht de kassa opmaken")
    await field.press("Enter")
    edited = (await next_update(api))["edited_message"]
    assert (edited["message_id"], edited["text"]) == (sent["message_id"], "Ik mocht de kassa opmaken")
    await expect(student.locator(".row.person .edited")).to_have_text("bewerkt")


async def test_a_digest_is_read_with_its_headings_and_quotes(page: Page, api: Api) -> None:
    """Bold, quotes and nesting stand where the offsets say, also after an emoji of two code units."""
    teacher = await joined(page, api, "teacher")
    quote = "<blockquote>Het <i>klopte</i> &amp; ik was trots</blockquote>"
    html = f"🔒 <b>Eerst dit</b>\n{quote}\n<b>Afspraken</b>\ngeen"
    await api.result("sendMessage", chat_id=1003, text=html, parse_mode="HTML")
    row = teacher.locator(".row.bot")
    await expect(row.locator("strong")).to_have_text(["Eerst dit", "Afspraken"])
    await expect(row.locator("blockquote")).to_have_text("Het klopte & ik was trots")
    await expect(row.locator("blockquote em")).to_have_text("klopte")


async def test_html_of_people_is_shown_literally(page: Page, api: Api) -> None:
    """Tags in a name or a text are text: no element is made and no script runs."""
    trainer = await joined(page, api, "trainer")
    await trainer.locator("textarea").fill(f"{HOSTILE}<script>document.title=2</script>")
    await trainer.locator("textarea").press("Enter")
    await next_update(api)
    shown = trainer.locator(".row.person .text").last
    await expect(shown).to_have_text(f"{HOSTILE}<script>document.title=2</script>")
    await expect(trainer.locator("h2")).to_have_text(HOSTILE)
    assert await page.locator(".phones img, .phones script, .phones b").count() == 0
    assert await page.title() == "stagebot: probeer het zelf"


async def test_a_script_in_a_link_is_no_link(page: Page, api: Api) -> None:
    """Only web addresses can be opened from a text."""
    student = await joined(page, api)
    entities = [
        {"type": "text_link", "offset": 0, "length": 4, "url": "javascript:document.title=3"},
        {"type": "text_link", "offset": 5, "length": 4, "url": "https://example.org/"},
    ]
    await api.result("sendMessage", chat_id=1001, text="hier daar", entities=entities)
    await expect(student.locator(".row.bot .text")).to_have_text("hier daar")
    assert await student.locator(".row.bot a").all_inner_texts() == ["daar"]


async def test_a_message_nobody_looked_at_is_counted(page: Page, api: Api) -> None:
    """The phone stands out with a number until the visitor touches it."""
    student = await joined(page, api)
    await phone_of(page, "teacher").locator(".phone-head").click()
    await api.result("sendMessage", chat_id=1001, text="Eerste")
    await api.result("sendMessage", chat_id=1001, text="Tweede")
    await expect(student.locator(".badge")).to_have_text("2")
    await expect(student).to_have_class(re.compile(r"\bhas-news\b"))
    await student.locator(".phone-head h2").click()
    await expect(student.locator(".badge")).to_be_hidden()


async def test_a_long_digest_is_shown_from_its_start(page: Page, api: Api) -> None:
    """What arrives together is read from the first line, not from the last."""
    teacher = await joined(page, api, "teacher")
    await phone_of(page, "student").locator(".phone-head").click()
    await api.result("sendMessage", chat_id=1003, text="Voorbereiding")
    await api.result("sendMessage", chat_id=1003, text="regel\n" * 80 + "einde")
    await expect(teacher.locator(".badge")).to_have_text("2")
    await expect(teacher.get_by_text("Voorbereiding")).to_be_in_viewport()
    await teacher.get_by_role("button", name="Naar het nieuwste bericht").click()
    await expect(teacher.get_by_text("Voorbereiding")).not_to_be_in_viewport()


async def test_a_question_that_asks_for_a_reply_opens_one(page: Page, api: Api) -> None:
    """The hint stands in the input and the answer belongs to the question."""
    student = await joined(page, api)
    force = {"force_reply": True, "input_field_placeholder": "Bijvoorbeeld: ik mocht zelf"}
    asked = await api.result("sendMessage", chat_id=1001, text="Hoe kwam dat?", reply_markup=force)
    await student.get_by_placeholder("Bijvoorbeeld: ik mocht zelf").fill("Door oefenen")
    await student.get_by_role("button", name="Verstuur").click()
    message = (await next_update(api))["message"]
    assert message["reply_to_message"]["message_id"] == asked["message_id"]


async def test_a_slash_opens_the_commands(page: Page, api: Api) -> None:
    """Typing narrows the list; choosing sends the command."""
    student = await joined(page, api)
    await api.result("setMyCommands", commands=COMMANDS, scope={"type": "chat", "chat_id": 1001})
    await expect(student.get_by_role("button", name="Lijst met opdrachten")).to_be_visible()
    await student.locator("textarea").press_sequentially("/h")
    await expect(student.locator(".menu-item")).to_have_text(["/hulpHulp nodig?"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    assert (await next_update(api))["message"]["text"] == "/hulp"
    await expect(student.locator(".menu")).to_have_count(0)


async def test_four_buttons_in_a_row_stay_readable(page: Page, api: Api) -> None:
    """No word is broken off: what does not fit beside the others goes below them; nothing sticks out."""
    student = await joined(page, api)
    labels = ["Klaar", "Overslaan", "⏰ Vanavond", "⏰ Morgenochtend"]
    row = [{"text": label, "callback_data": label} for label in labels]
    markup = {"inline_keyboard": [row, [{"text": "x" * 60, "callback_data": "x"}]]}
    await api.result("sendMessage", chat_id=1001, text="En nu?", reply_markup=markup)
    for label in ("Klaar", "Overslaan"):
        box = await student.get_by_role("button", name=label, exact=True).locator("span").bounding_box()
        assert box is not None
        assert box["height"] < 25  # one line
    log = student.locator(".log")
    assert await log.evaluate("log => log.scrollWidth <= log.clientWidth") is True


async def test_a_voice_message_can_be_sent(page: Page, api: Api) -> None:
    """The bot gets its length, and the chat shows it."""
    student = await joined(page, api)
    await student.get_by_role("button", name="Stuur een spraakbericht").click()
    await student.get_by_role("menuitem", name="Spraakbericht van 0:07").click()
    assert (await next_update(api))["message"]["voice"]["duration"] == 7
    await expect(student.locator(".voice-length")).to_have_text("0:07")


async def test_a_file_can_be_sent(page: Page, api: Api) -> None:
    """The bot gets its name, its bytes and the words that were typed, and the chat shows them."""
    student = await joined(page, api)
    await student.locator("textarea").fill("Dit is het nieuwe")
    async with page.expect_file_chooser() as chooser:
        await student.get_by_role("button", name="Stuur een bestand").click()
    roster = FilePayload(name="rooster.csv", mimeType="text/csv", buffer=b"stage;student\r\n")
    await (await chooser.value).set_files(roster)
    message = (await next_update(api))["message"]
    document = message["document"]
    assert (document["file_name"], document["file_size"]) == ("rooster.csv", 15)
    assert message["caption"] == "Dit is het nieuwe"
    await expect(student.locator(".file-name")).to_have_text("rooster.csv")
    await expect(student.locator(".row.person .text").last).to_have_text("Dit is het nieuwe")
    await expect(student.locator("textarea")).to_have_value("")


async def test_a_swipe_answers_a_message(page: Page, api: Api) -> None:
    """Drawing a message to the left with a finger opens a reply to it."""
    student = await joined(page, api)
    await api.result("sendMessage", chat_id=1001, text="Hoe ging het?")
    row = student.locator(".row.bot[data-id]")
    for kind, x in (("pointerdown", 200), ("pointermove", 120), ("pointerup", 120)):
        await row.dispatch_event(kind, {"pointerType": "touch", "clientX": x, "clientY": 300})
    await expect(student.locator(".aim-line")).to_have_text("Hoe ging het?")


async def test_a_person_can_block_the_bot_and_come_back(page: Page, api: Api) -> None:
    """Both are told to the bot, and the phone says so meanwhile."""
    student = await joined(page, api)
    await student.get_by_role("button", name="Meer mogelijkheden").click()
    await student.get_by_role("menuitem", name="Blokkeer de bot").click()
    assert (await next_update(api))["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    await student.locator(".bottom").get_by_role("button", name="Deblokkeer de bot").click()
    assert (await next_update(api))["my_chat_member"]["new_chat_member"]["status"] == "member"
    await expect(student.locator("textarea")).to_be_visible()


async def test_the_clock_jumps_to_the_digest(page: Page, clock: JumpingClock) -> None:
    """One press goes to two workdays before the meeting, and the bar tells that moment."""
    await page.get_by_role("button", name="Volgende voorbereiding").click()
    await expect(page.locator(".clock-time")).to_have_text("08:30")
    await expect(page.locator(".clock-day")).to_have_text("donderdag 17 september 2026")
    assert clock() == DIGEST_AT


async def test_the_clock_jumps_to_a_typed_moment(page: Page, clock: JumpingClock) -> None:
    """What is typed is local time, also after the clock went back to winter time."""
    await page.get_by_label("Ga naar een dag en tijd").fill("2026-11-03T09:15")
    await page.get_by_role("button", name="Ga", exact=True).click()
    await expect(page.locator(".clock-day")).to_have_text("dinsdag 3 november 2026")
    assert clock() == datetime(2026, 11, 3, 9, 15, tzinfo=AMSTERDAM)


async def test_a_refused_jump_is_told_in_one_line(page: Page, clock: JumpingClock) -> None:
    """The reason is shown and the clock stays where it is."""
    clock.jump(MEETING_AT)
    await page.get_by_role("button", name="Volgende voorbereiding").click()
    await expect(page.locator(".toast")).to_have_text("Dat lukte niet: the clock does not go back")
    assert clock() == MEETING_AT


async def test_the_page_comes_back_when_the_demo_does(page: Page, api: Api, simulator: Simulator) -> None:
    """It says that the demo is away, connects by itself and shows what was missed."""
    student = await joined(page, api)
    port = simulator.port
    await simulator.stop()
    await expect(page.locator(".away")).to_be_visible()
    simulator.world.phone(1001).text("van een andere telefoon")
    await simulator.start(port=port)
    await expect(page.locator(".away")).to_be_hidden()
    await expect(student.locator(".row.person .text").last).to_have_text("van een andere telefoon")


async def test_nothing_typed_is_lost_when_the_demo_is_away(
    page: Page, api: Api, simulator: Simulator
) -> None:
    """The text stands in the input again and a line says why."""
    student = await joined(page, api)
    await student.locator("textarea").fill("Ik was trots")
    await simulator.stop()
    await student.locator("textarea").press("Enter")
    await expect(page.locator(".toast")).to_contain_text("niet bereikbaar")
    await expect(student.locator("textarea")).to_have_value("Ik was trots")


async def test_another_stage_is_found_by_searching(page: Page) -> None:
    """Accents do not matter; the choice stands in the address."""
    await page.get_by_role("button", name="Stage Samira").click()
    await page.get_by_label("Zoek op naam of bedrijf").fill("lantaarn yilm")
    await page.keyboard.press("Enter")
    await expect(page.locator(".stage-current")).to_have_text("Yasmin Yılmaz · Schouwburg De Lantaarn")
    assert page.url.endswith("#BPV-2")


async def test_the_page_speaks_english(page: Page) -> None:
    """The page's own words change, and are remembered."""
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("button", name="Next digest")).to_be_visible()
    await page.reload()
    await expect(page.locator(".role-teacher .who p")).to_have_text("Teacher")
    assert await page.evaluate("document.documentElement.lang") == "en"


async def test_a_small_phone_shows_one_person_and_never_scrolls_sideways(small_page: Page, api: Api) -> None:
    """At 360 px a tab with a count leads to each person, and the longest words wrap."""
    await joined(small_page, api)
    await small_page.get_by_role("button", name="Docent").click()
    teacher = await joined(small_page, api, "teacher")
    buttons = {"inline_keyboard": [[{"text": "Woord" * 12, "callback_data": str(n)} for n in range(3)]]}
    await api.result("sendMessage", chat_id=1003, text="Lang" * 200, reply_markup=buttons)
    await api.result("sendMessage", chat_id=1001, text="Nieuw voor de student")
    await expect(small_page.get_by_role("button", name="Student").locator(".badge")).to_have_text("1")
    await expect(teacher.locator(".key").last).to_be_visible()
    assert await small_page.locator(".phone:visible").count() == 1
    assert await small_page.evaluate("document.scrollingElement.scrollWidth") == 360
    assert await teacher.locator(".log").evaluate("log => log.scrollWidth - log.clientWidth") == 0

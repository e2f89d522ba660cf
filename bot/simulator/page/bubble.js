// One message as an element: bubble, quoted line, buttons below it, and what one can do with it.

import { icon, iconButton, make } from "./dom.js";
import { isWebAddress, writeRich } from "./rich_text.js";
import { say } from "./texts.js";
import { duration, time } from "./times.js";

const SWIPE = 56;

/** Give the one line by which a message is quoted. */
export function oneLine(message) {
  if (!message) return say("gone");
  if (message.text) return shownText(message).split("\n").find((line) => line.trim()) ?? "";
  if (message.voice) return `${say("voice_message")} ${duration(message.voice.duration)}`;
  return message.document?.file_name ?? "";
}

function quoted(message, hooks) {
  if (message.reply_to === null || message.reply_to === undefined) return null;
  const original = hooks.find(message.reply_to);
  return make(
    "button",
    { type: "button", class: "quoted", onclick: () => hooks.show(message.reply_to) },
    make("span", { class: "quoted-who", text: original ? hooks.nameOf(original) : "" }),
    make("span", { class: "quoted-line", dir: "auto", text: oneLine(original) }),
  );
}

function voice(message) {
  const length = duration(message.voice.duration);
  const bars = make("span", { class: "wave", "aria-hidden": "true" });
  for (let bar = 0; bar < 24; bar += 1) bars.append(make("i", { class: `h${(bar * 7 + message.message_id) % 5}` }));
  return make(
    "div",
    { class: "voice" },
    make("span", { class: "disc", "aria-hidden": "true" }, icon("play")),
    bars,
    make("span", { class: "sr-only", text: say("voice_message") }),
    make("span", { class: "voice-length", text: length }),
  );
}

function attached(message) {
  const size = Math.max(1, Math.round(message.document.size / 1024));
  return make(
    "div",
    { class: "file" },
    make("span", { class: "disc", "aria-hidden": "true" }, icon("file")),
    make(
      "span",
      { class: "file-words" },
      make("bdi", { class: "file-name", text: message.document.file_name }),
      make("span", { class: "file-size", text: `${size} kB` }),
    ),
  );
}

/** Give what the chat shows as text: Telegram's apps hide the code behind /start. */
function shownText(message) {
  if (message.from === "person" && /^\/start \S+$/.test(message.text ?? "")) return "/start";
  return message.text;
}

function content(message, hooks) {
  const text = make("div", { class: "text", dir: "auto" });
  if (message.text) writeRich(text, shownText(message), message.entities ?? [], hooks.command);
  return [
    quoted(message, hooks),
    message.voice ? voice(message) : null,
    message.document ? attached(message) : null,
    message.text ? text : null,
  ];
}

function meta(message) {
  return make(
    "span",
    { class: "meta" },
    message.edited ? make("span", { class: "edited", text: say("edited") }) : null,
    make("time", { datetime: message.date, text: time(message.date) }),
  );
}

function reaction(emoji) {
  return make("span", { class: "reaction", role: "img", "aria-label": say("reaction", { emoji }), text: emoji });
}

function key(message, button, hooks) {
  if (button.url !== undefined && button.url !== null) {
    const opens = isWebAddress(button.url);
    return make("a", { class: "key key-link", href: opens ? button.url : null, target: "_blank", rel: "noopener noreferrer" },
      make("span", { dir: "auto", text: button.text }));
  }
  const busy = hooks.isPressed(message.message_id, button.data);
  return make(
    "button",
    {
      type: "button",
      class: "key",
      "data-press": button.data,
      "aria-busy": busy ? "true" : null,
      onclick: () => hooks.press(message.message_id, button.data),
    },
    make("span", { dir: "auto", text: button.text }),
  );
}

function keys(message, hooks) {
  if (!message.buttons?.length) return null;
  const rows = message.buttons.map((row) =>
    make("div", { class: "keys-row" }, ...row.map((button) => key(message, button, hooks))),
  );
  return make("div", { class: "keys" }, ...rows);
}

function acts(message, hooks) {
  const own = message.from === "person" && message.text && !message.document;
  return make(
    "div",
    { class: "acts" },
    iconButton("reply", say("reply"), () => hooks.reply(message.message_id)),
    own ? iconButton("edit", say("edit"), () => hooks.edit(message.message_id)) : null,
  );
}

function swipeToReply(row, onSwipe) {
  let begin = null;
  row.addEventListener("pointerdown", (event) => {
    begin = event.pointerType === "touch" ? event.clientX : null;
  });
  row.addEventListener("pointermove", (event) => {
    if (begin === null) return;
    const moved = Math.max(-SWIPE * 1.4, Math.min(0, event.clientX - begin));
    row.style.transform = moved < -8 ? `translateX(${moved}px)` : "";
  });
  const end = (event) => {
    if (begin !== null && event.type === "pointerup" && event.clientX - begin < -SWIPE) onSwipe();
    begin = null;
    row.style.transform = "";
  };
  row.addEventListener("pointerup", end);
  row.addEventListener("pointercancel", end);
}

/** Make the row of one message. */
export function makeRow(message, hooks) {
  const row = make(
    "div",
    { class: `row ${message.from}`, "data-id": message.message_id },
    make("span", { class: "sr-only", text: `${hooks.nameOf(message)}: ` }),
    make(
      "div",
      { class: "bubble-line" },
      make("div", { class: "bubble" }, ...content(message, hooks), meta(message),
        message.reaction ? reaction(message.reaction) : null),
      acts(message, hooks),
    ),
    keys(message, hooks),
  );
  swipeToReply(row, () => hooks.reply(message.message_id));
  return row;
}

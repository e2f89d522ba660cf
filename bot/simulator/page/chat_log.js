// The messages of one phone, in order, and what the person sees of them.

import { makeRow } from "./bubble.js";
import { iconButton, make } from "./dom.js";
import { say } from "./texts.js";
import { day } from "./times.js";

const NEAR = 48;

/** The scrolling list of one chat. */
export class ChatLog {
  constructor(label, hooks) {
    this.messages = new Map();
    this.rows = new Map();
    this.pressed = new Set();
    this.anchor = null; // the first of the messages that came together: it stays in view
    this.hooks = {
      ...hooks,
      find: (id) => this.messages.get(id),
      show: (id) => this.show(id),
      isPressed: (id, data) => this.pressed.has(`${id} ${data}`),
    };
    this.list = make("div", { class: "log", role: "log", "aria-label": label, tabindex: "0" });
    this.down = iconButton("down", say("to_newest"), () => this.toNewest(), { class: "to-newest", hidden: true });
    this.typing = make("div", { class: "row bot typing" },
      make("div", { class: "bubble" }, make("i"), make("i"), make("i"),
        make("span", { class: "sr-only", text: say("thinking") })));
    this.line = make("div", { class: "unread-line" }, make("span", { text: say("unread_line") }));
    this.element = make("div", { class: "log-frame" }, this.list, this.down);
    new ResizeObserver(() => { if (this.wasAtEnd && !this.anchor) this.toNewest(); }).observe(this.list);
    this.list.addEventListener("scroll", () => this.noteScroll(), { passive: true });
    for (const kind of ["wheel", "touchmove", "keydown"]) {
      this.list.addEventListener(kind, () => this.letGo(), { passive: true });
    }
  }

  /** Stop holding the first new message in view: the person goes on. */
  letGo() {
    this.anchor = null;
  }

  get isEmpty() {
    return this.messages.size === 0;
  }

  /** Give the newest message for which `matches` holds, if any. */
  newest(matches) {
    return [...this.messages.values()].reverse().find(matches);
  }

  /** Show a whole chat at once, at its end. */
  fill(messages) {
    this.messages.clear();
    this.rows.clear();
    this.list.replaceChildren();
    for (const message of [...messages].sort((a, b) => a.message_id - b.message_id)) this.insert(message);
    this.toNewest();
  }

  /** Show a card in the middle of an empty chat, or take it away. */
  setEmpty(card) {
    this.card?.remove();
    this.card = card;
    if (card) this.list.prepend(card);
  }

  /** Show a new or an edited message; say whether it was new. */
  put(message, unread) {
    if (this.rows.has(message.message_id)) {
      this.replace(message);
      return false;
    }
    const own = message.from === "person";
    const first = unread === 1;
    const follows = own || first || this.anchor !== null || this.isAtEnd();
    const row = this.insert(message);
    row.classList.add("arriving");
    if (own || first) this.letGo();
    if (first) row.before(this.line);
    if (follows && !own) this.anchor ??= row;
    if (follows) this.follow();
    else this.noteScroll();
    return true;
  }

  insert(message) {
    const row = makeRow(message, this.hooks);
    const later = [...this.rows.keys()].filter((id) => id > message.message_id);
    const before = later.length ? this.rows.get(Math.min(...later)) : null;
    this.messages.set(message.message_id, message);
    this.rows.set(message.message_id, row);
    const date = day(message.date);
    row.dataset.day = date;
    const above = before ? before.previousElementSibling : this.lastRow();
    const place = before ?? this.typingIn();
    if (!before && above?.dataset.day !== date) {
      this.list.insertBefore(make("div", { class: "day" }, make("span", { text: date })), place);
    }
    this.list.insertBefore(row, place);
    return row;
  }

  lastRow() {
    return [...this.list.querySelectorAll(".row[data-id]")].at(-1);
  }

  typingIn() {
    return this.typing.parentElement === this.list ? this.typing : null;
  }

  replace(message) {
    const old = this.rows.get(message.message_id);
    const atEnd = this.isAtEnd();
    const focused = [...old.querySelectorAll("button, a")].indexOf(document.activeElement);
    const row = makeRow(message, this.hooks);
    row.dataset.day = old.dataset.day;
    this.messages.set(message.message_id, message);
    this.rows.set(message.message_id, row);
    if (this.anchor === old) this.anchor = row;
    old.replaceWith(row);
    if (focused >= 0) {
      const places = [...row.querySelectorAll("button, a")];
      (places[focused] ?? this.list).focus({ preventScroll: true });
    }
    if (atEnd && this.anchor === null) this.toNewest();
  }

  remove(id) {
    this.rows.get(id)?.remove();
    this.rows.delete(id);
    this.messages.delete(id);
    this.noteScroll();
  }

  /** Mark a button as pressed, or as answered. */
  setPressed(id, data, pressed) {
    if (pressed) this.pressed.add(`${id} ${data}`);
    else this.pressed.delete(`${id} ${data}`);
    for (const button of this.rows.get(id)?.querySelectorAll(".key[data-press]") ?? []) {
      if (button.dataset.press !== data) continue;
      if (pressed) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    }
  }

  /** Show or hide the three dots. */
  setThinking(thinking) {
    const follows = this.isAtEnd();
    if (thinking) this.list.append(this.typing);
    else this.typing.remove();
    if (thinking && follows) this.toNewest();
  }

  show(id) {
    const row = this.rows.get(id);
    if (!row) return;
    this.letGo();
    this.list.scrollTop = row.offsetTop - 60;
    row.classList.remove("pointed");
    requestAnimationFrame(() => row.classList.add("pointed"));
  }

  isAtEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR;
  }

  /** Scroll to the end, but never past the first of the new messages: a digest is read from its start. */
  follow() {
    const start = this.anchor ? (this.line.nextElementSibling === this.anchor ? this.line : this.anchor) : null;
    const end = this.list.scrollHeight;
    this.list.scrollTop = start ? Math.min(end, start.offsetTop - 12) : end;
    this.noteScroll();
  }

  toNewest() {
    this.letGo();
    this.list.scrollTop = this.list.scrollHeight;
    this.noteScroll();
  }

  noteScroll() {
    this.wasAtEnd = this.isAtEnd();
    this.down.hidden = this.wasAtEnd;
  }
}

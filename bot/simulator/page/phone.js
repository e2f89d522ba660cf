// One person's phone: who it is, the chat with the bot, and what the person does.

import { CallFailed, phoneCalls } from "./api.js";
import { ChatLog } from "./chat_log.js";
import { Composer } from "./composer.js";
import { icon, iconButton, make } from "./dom.js";
import { toggleMenu } from "./menu.js";
import { say } from "./texts.js";

const THINKING_FROM = 250;
const THINKING_UNTIL = 6000;
const TOAST = 5000;

function initials(name) {
  const words = name.split(/\s+/).filter((word) => /^\p{Lu}/u.test(word));
  return [words.at(0), words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "?")][0] ?? "").join("");
}

/** Make the round sign with a person's initials. */
export function avatar(name) {
  return make("span", { class: "avatar", "aria-hidden": "true", text: initials(name) });
}

/** A phone on the page. `page` is told of acts, unread counts and failures. */
export class Phone {
  constructor(person, page) {
    this.person = person;
    this.page = page;
    this.calls = phoneCalls(person.user_id);
    this.unread = 0;
    this.blocked = false;
    this.loaded = false;
    this.waiting = []; // what happened while the chat was being read
    const label = say("phone_of", { name: person.name, role: this.roles() });
    this.log = new ChatLog(label, {
      nameOf: (message) => this.nameOf(message),
      press: (id, data) => this.press(id, data),
      reply: (id) => this.aimAt("reply", id),
      edit: (id) => this.aimAt("edit", id),
      command: (text) => this.act("text", () => this.calls.text(text, null)),
    });
    this.composer = new Composer(person.name, {
      nameOf: (message) => this.nameOf(message),
      text: (text, replyTo) => this.act("text", () => this.calls.text(text, replyTo)),
      edit: (id, text) => this.act("edit", () => this.calls.edit(id, text)),
      voice: (seconds) => this.act("voice", () => this.calls.voice(seconds)),
      document: (...file) => this.act("document", () => this.calls.document(...file)),
      editLast: () => this.editLast(),
      complain: (line) => this.toast(line),
    });
    this.toasts = make("div", { class: "phone-toasts", role: "status" });
    this.bottom = make("div", { class: "bottom" });
    this.badge = make("span", { class: "badge", hidden: true });
    this.element = make(
      "section",
      { class: `phone role-${person.roles[0]}`, "aria-label": label, "data-person": person.user_id },
      this.header(), this.log.element, this.toasts, this.bottom,
    );
  }

  roles() {
    return this.person.roles.map((role) => say(`role_${role}`)).join(" · ");
  }

  nameOf(message) {
    return message.from === "bot" ? say("bot_says") : this.person.name;
  }

  header() {
    const more = iconButton("more", say("options", { name: this.person.name }), () => this.toggleOptions(more), {
      class: "tool", "aria-haspopup": "menu", "aria-expanded": "false",
    });
    const words = make("div", { class: "who" },
      make("h2", {}, make("bdi", { text: this.person.name })),
      make("p", { text: this.roles() }));
    this.head = make("header", { class: "phone-head" }, avatar(this.person.name), words, this.badge, more);
    return this.head;
  }

  toggleOptions(opener) {
    const code = this.person.code;
    const items = [
      code ? { label: say("start_with"), onChoose: () => this.start(code) } : null,
      { label: say("start_without"), onChoose: () => this.start(null) },
      { label: say(this.blocked ? "unblock" : "block"), onChoose: () => this.block(!this.blocked) },
    ];
    toggleMenu(this.head, { items: items.filter(Boolean), label: opener.title, opener, place: "below right" });
  }

  /** Read the whole chat anew: at first, and after the connection was away. */
  async load() {
    this.loaded = false;
    const chat = await this.calls.chat();
    this.loaded = true;
    this.blocked = chat.blocked ?? this.blocked;
    this.log.fill(chat.messages);
    this.composer.setCommands(chat.commands);
    this.showBottom();
    const last = this.log.newest(() => true);
    if (last?.from === "bot") this.offerReply(last);
    this.log.toNewest();
    for (const event of this.waiting.splice(0)) this.receive(event);
  }

  /** Take in one event of the stream that is about this person. */
  receive(event) {
    if (!this.loaded) this.waiting.push(event);
    else if (event.kind === "commands") this.composer.setCommands(event.commands);
    else if (event.kind === "deleted") this.log.remove(event.message_id);
    else if (event.kind === "message") this.receiveMessage(event.message);
  }

  receiveMessage(message) {
    const fromBot = message.from === "bot";
    if (fromBot || message.reaction) this.setThinking(false);
    const missed = fromBot && !this.page.isAttended(this);
    const isNew = this.log.put(message, missed ? this.unread + 1 : 0);
    if (!isNew) return;
    if (missed) this.setUnread(this.unread + 1);
    if (fromBot) this.offerReply(message);
    if (this.log.messages.size === 1) this.showBottom();
  }

  /** As in Telegram: a message that asks for a reply opens one by itself. */
  offerReply(message) {
    if (message.placeholder && !this.composer.aim) this.composer.aimAt("reply", message, { focus: this.hasFocus() });
  }

  hasFocus() {
    return this.element.contains(document.activeElement);
  }

  showBottom() {
    this.log.setEmpty(this.log.isEmpty ? this.letter() : null);
    if (this.blocked) this.bottom.replaceChildren(this.blockedPart());
    else if (this.log.isEmpty) this.bottom.replaceChildren(this.startPart());
    else if (!this.composer.element.isConnected) this.bottom.replaceChildren(this.composer.element);
    this.element.classList.toggle("is-new", this.log.isEmpty && !this.blocked);
  }

  startPart() {
    const { code } = this.person;
    return make("div", { class: "start" },
      make("button", { type: "button", class: "start-button", text: say("start"), onclick: () => this.start(code) }),
      code ? make("button", { type: "button", class: "start-without", text: say("start_without"), onclick: () => this.start(null) }) : null);
  }

  letter() {
    const { name, code } = this.person;
    return make("div", { class: "letter" },
      make("span", { class: "disc", "aria-hidden": "true" }, icon("letter")),
      make("p", { class: "letter-title", text: say(code ? "invited" : "uninvited") }),
      make("p", {}, make("bdi", { text: say("invited_for", { name }) })),
      make("p", { class: "letter-hint", text: say(code ? "invited_hint" : "uninvited_hint") }));
  }

  blockedPart() {
    return make("div", { class: "start" },
      make("p", { class: "start-hint", text: say("blocked", { name: this.person.name }) }),
      make("button", { type: "button", class: "start-button", text: say("unblock"), onclick: () => this.block(false) }));
  }

  async start(code) {
    if (!(await this.act("start", () => this.calls.start(code)))) return;
    this.blocked = false; // START also lifts a block
    this.showBottom();
  }

  async block(blocked) {
    await this.act("block", async () => { this.blocked = (await this.calls.block(blocked)).blocked; });
    this.setThinking(false);
    this.showBottom();
  }

  async press(id, data) {
    if (this.log.pressed.has(`${id} ${data}`)) return;
    this.log.setPressed(id, data, true);
    let answer = null;
    await this.act("press", async () => { answer = (await this.calls.press(id, data))?.answer; });
    this.log.setPressed(id, data, false);
    if (answer?.text) this.toast(answer.text, answer.show_alert);
  }

  aimAt(kind, id) {
    const message = this.log.messages.get(id);
    if (message && !this.blocked) this.composer.aimAt(kind, message);
  }

  editLast() {
    const last = this.log.newest((message) => message.from === "person" && message.text && !message.document);
    if (last) this.composer.aimAt("edit", last);
  }

  /** Do what the person does; say whether it reached the bot's side. */
  async act(kind, doing) {
    this.attend();
    this.log.letGo();
    if (kind !== "press" && kind !== "block") this.expectAnswer();
    try {
      await doing();
      this.page.acted(this, kind);
      return true;
    } catch (failure) {
      if (!(failure instanceof CallFailed)) throw failure;
      this.setThinking(false);
      this.page.failed(failure);
      return false;
    }
  }

  expectAnswer() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.setThinking(true), THINKING_FROM);
  }

  setThinking(thinking) {
    clearTimeout(this.soon);
    this.log.setThinking(thinking);
    if (thinking) this.soon = setTimeout(() => this.setThinking(false), THINKING_UNTIL);
  }

  /** Note that the visitor is looking at this phone. */
  attend() {
    this.setUnread(0);
  }

  setUnread(count) {
    this.unread = count;
    this.badge.textContent = String(count);
    this.badge.setAttribute("aria-label", say("unread", { count }));
    this.badge.hidden = count === 0;
    this.element.classList.toggle("has-news", count > 0);
    this.page.unreadChanged(this);
  }

  toast(text, asksOk = false) {
    const note = make("div", { class: "phone-toast" }, make("p", { dir: "auto", text }));
    const remove = () => note.remove();
    if (asksOk) note.append(make("button", { type: "button", text: say("ok"), onclick: remove }));
    else setTimeout(remove, TOAST);
    this.toasts.replaceChildren(note);
    note.querySelector("button")?.focus();
  }
}

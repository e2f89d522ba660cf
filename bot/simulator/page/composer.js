// The bottom of a phone: typing, replying, editing, commands, voice and files, or START.

import { oneLine } from "./bubble.js";
import { icon, iconButton, make } from "./dom.js";
import { closeMenu, openMenu, toggleMenu } from "./menu.js";
import { say } from "./texts.js";
import { duration } from "./times.js";

const VOICE_LENGTHS = [7, 30, 120];
const BIGGEST_FILE = 20 * 1024 * 1024;

async function asBase64(file) {
  const url = await new Promise((done, fail) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result));
    reader.addEventListener("error", () => fail(reader.error));
    reader.readAsDataURL(file);
  });
  return url.slice(url.indexOf(",") + 1);
}

/** What a person writes with. `hooks` sends it and reports back whether that worked. */
export class Composer {
  constructor(name, hooks) {
    this.hooks = hooks;
    this.commands = [];
    this.aim = null; // the message that is replied to or edited: {kind, message}
    this.name = name;
    this.input = make("textarea", {
      rows: "1", class: "input", dir: "auto", maxlength: "4096", enterkeyhint: "send", placeholder: say("message"),
      "aria-label": say("message_by", { name }),
      oninput: () => this.noteInput(), onkeydown: (event) => this.noteKey(event),
    });
    const popup = { "aria-haspopup": "menu", "aria-expanded": "false" };
    this.slash = make("button", {
      type: "button", class: "tool slash", text: "/", title: say("commands"), "aria-label": say("commands"), ...popup,
      onclick: () => this.toggleCommands(),
    });
    this.mic = iconButton("mic", say("voice"), () => this.toggleVoice(), { class: "tool mic", ...popup });
    this.clip = iconButton("clip", say("send_file"), () => this.file.click(), { class: "tool clip" });
    this.go = make("button", { type: "submit", class: "tool send", "aria-label": say("send"), title: say("send") }, icon("send"));
    this.bar = make("div", { class: "aim", hidden: true });
    this.file = make("input", { type: "file", hidden: true, onchange: () => this.sendFile() });
    this.element = make(
      "form",
      { class: "composer", onsubmit: (event) => { event.preventDefault(); this.send(); } },
      this.bar,
      make("div", { class: "composer-line" }, this.slash, this.input, this.file, this.clip, this.mic, this.go),
    );
    this.noteInput();
  }

  setCommands(commands) {
    this.commands = commands;
    this.slash.hidden = commands.length === 0;
  }

  /** Aim what is typed next at a message: `kind` is "reply" or "edit". */
  aimAt(kind, message, { focus = true } = {}) {
    if (this.aim?.kind === "edit" && kind !== "edit") this.input.value = "";
    this.aim = { kind, message };
    if (kind === "edit") this.input.value = message.text;
    this.bar.replaceChildren(
      make("span", { class: "aim-icon" }, icon(kind)),
      make("span", { class: "aim-words" },
        make("span", { class: "aim-title", text: kind === "edit" ? say("editing") : `${say("replying")} ${this.hooks.nameOf(message)}` }),
        make("span", { class: "aim-line", dir: "auto", text: oneLine(message) })),
      iconButton("close", say("cancel"), () => this.letGo(), { class: "tool" }),
    );
    this.bar.hidden = false;
    this.input.placeholder = (kind === "reply" && message.placeholder) || say("message");
    this.noteInput();
    if (focus) this.input.focus();
  }

  letGo() {
    if (this.aim?.kind === "edit") this.input.value = "";
    this.aim = null;
    this.bar.hidden = true;
    this.bar.replaceChildren();
    this.input.placeholder = say("message");
    this.noteInput();
  }

  noteInput() {
    const editing = this.aim?.kind === "edit";
    const empty = this.input.value.trim() === "";
    this.mic.hidden = editing || !empty;
    this.clip.hidden = editing;
    this.go.hidden = !editing && empty;
    this.go.setAttribute("aria-label", say(editing ? "save" : "send"));
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 132)}px`;
    this.suggest();
  }

  noteKey(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape") {
      if (this.menu) this.closeSuggestions();
      else this.letGo();
    } else if (event.key === "ArrowUp" && this.input.value === "" && !this.aim) {
      this.hooks.editLast();
    } else if (event.key === "ArrowDown" && this.menu) {
      event.preventDefault();
      this.menu.enter();
    }
  }

  matching() {
    const typed = this.input.value;
    if (this.aim?.kind === "edit" || !/^\/\w*$/.test(typed)) return [];
    return this.commands.filter(({ command }) => `/${command}`.startsWith(typed.toLowerCase()));
  }

  items(commands) {
    return commands.map(({ command, description }) => ({
      label: `/${command}`,
      hint: description,
      onChoose: () => {
        if (this.input.value.startsWith("/")) this.input.value = "";
        this.noteInput();
        this.hooks.text(`/${command}`, null);
      },
    }));
  }

  suggest() {
    const matching = this.matching();
    if (!matching.length) return this.closeSuggestions();
    this.menu = openMenu(this.element, {
      items: this.items(matching), label: say("commands"), opener: this.input, place: "above", focus: false,
    });
  }

  closeSuggestions() {
    if (this.menu) this.menu.close();
    this.menu = null;
  }

  toggleCommands() {
    toggleMenu(this.element, { items: this.items(this.commands), label: say("commands"), opener: this.slash, place: "above" });
  }

  toggleVoice() {
    const voices = VOICE_LENGTHS.map((seconds) => ({
      label: say("voice_of", { duration: duration(seconds) }), onChoose: () => this.hooks.voice(seconds),
    }));
    toggleMenu(this.element, { items: voices, label: say("voice"), opener: this.mic, place: "above right" });
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) return;
    const aim = this.aim;
    this.closeSuggestions();
    closeMenu();
    this.input.value = "";
    this.letGo();
    const sent = aim?.kind === "edit"
      ? await this.hooks.edit(aim.message.message_id, text)
      : await this.hooks.text(text, aim?.message.message_id ?? null);
    if (sent || this.input.value) return;
    if (aim) this.aimAt(aim.kind, aim.message);
    this.input.value = text; // what was typed is not lost when the demo is away
    this.noteInput();
  }

  async sendFile() {
    const file = this.file.files[0];
    this.file.value = "";
    if (!file) return;
    if (file.size > BIGGEST_FILE) {
      this.hooks.complain(say("file_too_big"));
      return;
    }
    const words = this.input.value.trim(); // what was typed already goes beside it
    const sent = await this.hooks.document(file.name, await asBase64(file), words, this.aim?.message.message_id ?? null);
    if (!sent) return;
    this.input.value = "";
    this.letGo();
  }
}

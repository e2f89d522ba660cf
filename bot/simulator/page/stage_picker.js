// Choosing a stage: a button that opens a list one can search in.

import { make } from "./dom.js";
import { say } from "./texts.js";

const UNDIVIDED = { ı: "i", ø: "o", ł: "l", đ: "d", ß: "ss", æ: "ae" };

/** Give a text as one types it without accents. */
function plain(text) {
  const bare = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return bare.replace(/[ıøłđßæ]/g, (letter) => UNDIVIDED[letter]);
}

/** The stage chooser; `onChoose` gets the stage that was chosen. */
export class StagePicker {
  constructor(element, onChoose) {
    this.element = element;
    this.onChoose = onChoose;
    this.stages = [];
    this.button = element.querySelector("button");
    this.current = element.querySelector(".stage-current");
    this.panel = element.querySelector(".stage-panel");
    this.search = element.querySelector("input");
    this.list = element.querySelector("ul");
    this.button.addEventListener("click", () => this.toggle(this.panel.hidden));
    this.search.addEventListener("input", () => this.fill());
    this.panel.addEventListener("keydown", (event) => this.noteKey(event));
    document.addEventListener("pointerdown", (event) => {
      if (!element.contains(event.target)) this.toggle(false);
    });
  }

  show(stages, chosen) {
    this.stages = stages;
    this.chosen = chosen;
    const stage = stages.find((each) => each.stage === chosen);
    this.current.textContent = stage?.label ?? "";
    this.button.title = stage?.label ?? "";
    if (!this.panel.hidden) this.fill();
  }

  toggle(open) {
    this.panel.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    this.search.value = "";
    this.search.placeholder = say("stage_search");
    this.fill();
    this.list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    this.search.focus();
  }

  fill() {
    const words = plain(this.search.value).split(/\s+/);
    const found = this.stages.filter(({ label, stage }) => {
      const whole = plain(`${label} ${stage}`);
      return words.every((word) => whole.includes(word));
    });
    const items = found.map((stage) => make("li", {}, this.option(stage)));
    this.list.replaceChildren(...(items.length ? items : [make("li", { class: "stage-none", text: say("stage_none") })]));
  }

  option({ stage, label }) {
    const [name, ...rest] = label.split(" · ");
    return make(
      "button",
      {
        type: "button", class: "stage-option", "aria-current": stage === this.chosen ? "true" : null,
        onclick: () => { this.toggle(false); this.button.focus(); this.onChoose(stage); },
      },
      make("bdi", { class: "stage-name", text: name }),
      make("span", { class: "stage-where", text: rest.join(" · ") }),
    );
  }

  noteKey(event) {
    const places = [this.search, ...this.list.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      this.toggle(false);
      this.button.focus();
    } else if (event.key === "Enter" && document.activeElement === this.search) {
      places[1]?.click();
    } else if (step !== undefined) {
      event.preventDefault();
      const at = places.indexOf(document.activeElement);
      places[Math.max(0, Math.min(places.length - 1, at + step))].focus();
    }
  }
}

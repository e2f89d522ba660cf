// The four steps of the demo, and which of them are done.

import { icon, iconButton, make } from "./dom.js";
import { say } from "./texts.js";

const MEMORY = "stagebot-page-guide-closed";
const STEPS = 4;

/** The strip at the top that leads a visitor through the demo. */
export class Guide {
  constructor(element, opener) {
    this.element = element;
    this.opener = opener;
    this.reset();
    opener.addEventListener("click", () => this.setClosed(false));
    this.setClosed(localStorage.getItem(MEMORY) === "yes");
  }

  /** Begin again, for another stage. */
  reset() {
    this.facts = { joined: new Set(), answered: new Set(), jumped: false, read: false };
    this.show();
  }

  /** Take in what the visitor did. */
  note(change) {
    change(this.facts);
    this.show();
  }

  /** Give the steps that are done, in order; a later step done makes the earlier ones done too. */
  done() {
    const { joined, answered, jumped, read } = this.facts;
    const all = (roles, found) => roles.every((role) => found.has(role));
    const each = [
      all(["student", "trainer", "teacher"], joined),
      all(["student", "trainer"], answered),
      jumped,
      read,
    ];
    return each.lastIndexOf(true) + 1;
  }

  setClosed(closed) {
    this.closed = closed;
    localStorage.setItem(MEMORY, closed ? "yes" : "no");
    this.show();
  }

  close() {
    this.setClosed(true);
    this.opener.focus();
  }

  step(number, done) {
    const state = number <= done ? "done" : number === done + 1 ? "now" : "later";
    const sign = make("span", { class: "step-sign", "aria-hidden": "true" });
    sign.append(state === "done" ? icon("check") : String(number));
    return make("li", { class: `step ${state}`, "aria-current": state === "now" ? "step" : null },
      sign, make("span", { class: "sr-only", text: say("guide_step", { number, total: STEPS }) }),
      make("span", { class: "step-words", text: say(`guide_${number}`) }));
  }

  show() {
    const done = this.done();
    this.element.hidden = this.closed;
    this.opener.hidden = !this.closed;
    document.body.dataset.step = this.closed || done === STEPS ? "" : String(done + 1);
    const steps = Array.from({ length: STEPS }, (_, index) => this.step(index + 1, done));
    const body = done === STEPS
      ? make("p", { class: "guide-done" }, icon("check"), make("span", { text: say("guide_done") }))
      : make("ol", { class: "steps" }, ...steps);
    this.element.replaceChildren(body, iconButton("close", say("guide_close"), () => this.close(), { class: "tool" }));
  }
}

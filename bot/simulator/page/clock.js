// The bar with the demo's moment and the jumps in time.

import * as api from "./api.js";
import { make } from "./dom.js";
import { say } from "./texts.js";
import { brief, briefDay, day, fromField, time, toField } from "./times.js";

const JUMPS = ["next_moment", "next_digest", "next_meeting"];

function what(jump, moment) {
  if (!moment) return say("none_left");
  if (jump === "next_moment") return `${brief(moment.at)} · ${moment.what}`;
  const number = say(jump === "next_digest" ? "digest_number" : "meeting_number", { number: moment.number });
  return `${brief(moment.at)} · ${number}`;
}

/** The clock bar; `page` is told when a jump begins, ends or fails. */
export class ClockBar {
  constructor(element, page) {
    this.element = element;
    this.page = page;
    this.stage = null;
    this.busy = false;
    this.day = element.querySelector(".clock-day");
    this.briefDay = element.querySelector(".clock-brief");
    this.time = element.querySelector(".clock-time");
    this.buttons = element.querySelector(".jumps");
    this.form = element.querySelector("form");
    this.field = element.querySelector("input");
    this.more = element.querySelector(".clock-more");
    this.note = element.querySelector(".clock-note");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.field.value) this.jump(fromField(this.field.value));
    });
    this.more.addEventListener("click", () => this.unfold(this.more.getAttribute("aria-expanded") !== "true"));
    this.makeButtons();
  }

  makeButtons() {
    const made = JUMPS.map((jump) =>
      make("button", { type: "button", class: `jump jump-${jump}`, onclick: () => this.jump(jump) },
        make("span", { class: "jump-name", text: say(jump) }),
        make("span", { class: "jump-when" })));
    this.buttons.replaceChildren(...made);
  }

  unfold(open) {
    this.more.setAttribute("aria-expanded", String(open));
    this.element.classList.toggle("is-open", open);
  }

  /** Read the clock of a stage. */
  async load(stage) {
    this.stage = stage;
    const moments = await api.clock(stage);
    if (this.stage === stage) this.show(moments);
  }

  show(moments) {
    this.moments = moments;
    this.showNow(moments.now);
    for (const jump of JUMPS) {
      const button = this.buttons.querySelector(`.jump-${jump}`);
      const words = what(jump, moments[jump]);
      button.querySelector(".jump-when").textContent = words;
      button.title = words;
      button.toggleAttribute("data-none", !moments[jump]);
    }
    this.setBusy(this.busy);
  }

  showNow(now) {
    this.now = now;
    this.day.textContent = day(now);
    this.briefDay.textContent = briefDay(now);
    this.time.textContent = time(now);
    this.time.dateTime = now;
    this.field.min = toField(now);
    if (document.activeElement !== this.field) this.field.value = toField(now);
  }

  setBusy(busy) {
    this.busy = busy;
    this.element.classList.toggle("is-busy", busy);
    this.note.textContent = busy ? say("jumping") : "";
    for (const button of this.element.querySelectorAll(".jump, .clock-go")) {
      const off = busy || button.hasAttribute("data-none");
      button.setAttribute("aria-disabled", String(off));
    }
  }

  /** Move the clock to a moment by name or as ISO date and time; wait until the bot rests. */
  async jump(to) {
    if (this.busy || (to in (this.moments ?? {}) && !this.moments[to])) return;
    this.setBusy(true);
    this.page.leaving();
    try {
      this.show(await api.jump(to, this.stage));
      this.unfold(false);
      this.page.jumped(to);
    } catch (failure) {
      if (!(failure instanceof api.CallFailed)) throw failure;
      this.page.failed(failure);
    } finally {
      this.setBusy(false);
    }
  }
}

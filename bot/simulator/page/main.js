// The page as a whole: the chosen stage, its phones, the clock and the stream of events.

import * as api from "./api.js";
import { ClockBar } from "./clock.js";
import { calmly, make } from "./dom.js";
import { Guide } from "./guide.js";
import { Phone, avatar } from "./phone.js";
import { StagePicker } from "./stage_picker.js";
import { currentLanguage, say, speak, writeTexts } from "./texts.js";

const TOAST = 6000;
const SETTLE = 500;
const narrow = matchMedia("(max-width: 700px)");
const at = (selector) => document.querySelector(selector);

let stages = [];
let chosen = null;
let phones = [];
let attended = null; // the phone the visitor touched last
let active = null; // the phone on top where there is room for one only
let lost = false;

const page = {
  isAttended: (phone) => (narrow.matches ? phone === active : phone === attended) && !document.hidden,
  unreadChanged: showTabs,
  failed,
  acted(phone, kind) {
    const answers = ["text", "press", "voice"].includes(kind);
    guide.note(({ joined, answered }) => {
      for (const role of phone.person.roles) if (answers && joined.has(role)) answered.add(role);
    });
    refresh();
  },
  leaving() {
    attended = null;
  },
  jumped(to) {
    if (to === "next_digest") guide.note((facts) => { facts.jumped = true; });
    refresh();
  },
};

const guide = new Guide(at(".guide"), at(".guide-open"));
const clock = new ClockBar(at(".clock"), page);
const picker = new StagePicker(at(".stage-picker"), (stage) => { location.hash = encodeURIComponent(stage); });

function toast(text, kind) {
  const note = make("p", { class: `toast ${kind}`, text });
  at(".toasts").replaceChildren(note);
  setTimeout(() => note.remove(), TOAST);
}

function failed(failure) {
  toast(failure.away ? say("away") : say("failed", { line: failure.message }), "bad");
}

function setLost(now) {
  if (lost && !now) toast(say("back"), "good");
  lost = now;
  at(".away").hidden = !now;
}

async function guarded(work) {
  try {
    await work();
  } catch (failure) {
    if (!(failure instanceof api.CallFailed)) throw failure;
    failed(failure);
  }
}

/** Give the people of a stage, each once: one person may have two roles. */
function peopleOf(stage) {
  const people = new Map();
  for (const { role, ...person } of stage.people) {
    const known = people.get(person.user_id);
    if (known) known.roles.push(role);
    else people.set(person.user_id, { ...person, roles: [role] });
  }
  return [...people.values()];
}

function wanted() {
  const hash = decodeURIComponent(location.hash.slice(1));
  return stages.find(({ stage }) => stage === hash) ?? stages[0];
}

async function openStage() {
  const stage = wanted();
  if (!stage) return;
  if (stage.stage !== chosen) guide.reset();
  chosen = stage.stage;
  attended = null;
  phones = peopleOf(stage).map((person) => new Phone(person, page));
  active = phones[0];
  at(".phones").replaceChildren(...phones.map((phone) => phone.element));
  noteStages();
  showTabs();
  await Promise.all([clock.load(chosen), ...phones.map((phone) => phone.load())]);
}

/** Take in who joined, and invitations that were renewed or used. */
function noteStages() {
  const stage = stages.find((each) => each.stage === chosen);
  picker.show(stages, chosen);
  for (const person of peopleOf(stage)) {
    const phone = phones.find((each) => each.person.user_id === person.user_id);
    if (phone) phone.person = person;
  }
  guide.note(({ joined }) => {
    for (const person of stage.people) if (person.joined) joined.add(person.role);
  });
}

/** Read the stages; say whether the phones on the page still belong to the chosen one. */
async function readStages() {
  stages = await api.stages();
  const stage = stages.find((each) => each.stage === chosen);
  const same = stage !== undefined && wanted() === stage
    && peopleOf(stage).every(({ user_id: id }) => phones.some(({ person }) => person.user_id === id));
  if (same) noteStages();
  return same;
}

/** Read again what may have changed beside the chats: who joined, and what comes next. */
const refresh = calmly(() => guarded(async () => {
  if (clock.busy || chosen === null) return; // a jump reads it all when it has ended
  if (!(await readStages())) return openStage();
  await clock.load(chosen);
}), SETTLE);

function tab(phone) {
  const count = phone.unread;
  return make("button",
    { type: "button", class: `tab role-${phone.person.roles[0]}`, "aria-pressed": String(phone === active), onclick: () => activate(phone) },
    avatar(phone.person.name),
    make("span", { class: "tab-role", text: phone.roles() }),
    count ? make("span", { class: "badge", "aria-label": say("unread", { count }), text: String(count) }) : null);
}

function showTabs() {
  const tabs = at(".tabs");
  const focused = [...tabs.children].indexOf(document.activeElement);
  tabs.replaceChildren(...phones.map(tab));
  if (focused >= 0) tabs.children[focused]?.focus();
  for (const phone of phones) phone.element.classList.toggle("is-active", phone === active);
}

function activate(phone) {
  active = phone;
  attend(phone);
  showTabs();
  phone.log.follow();
}

function attend(phone) {
  attended = phone;
  if (!phone) return;
  phone.attend();
  if (phone.person.roles.includes("teacher")) {
    guide.note((facts) => { facts.read = facts.jumped; });
  }
}

function noteAttention(event) {
  const phone = phones.find(({ element }) => element.contains(event.target));
  if (phone) attend(phone);
  else if (!narrow.matches) attended = null;
}

function onEvent(event) {
  if (event.kind === "clock") clock.showNow(event.now);
  else phones.find(({ person }) => person.user_id === event.user_id)?.receive(event);
  refresh();
}

function onBack() {
  setLost(false);
  return guarded(async () => {
    if (!(await readStages())) return openStage();
    await Promise.all([clock.load(chosen), ...phones.map((phone) => phone.load())]);
  });
}

function translate() {
  writeTexts();
  for (const button of document.querySelectorAll(".language button")) {
    button.setAttribute("aria-pressed", String(button.lang === currentLanguage()));
  }
  clock.makeButtons();
}

for (const button of document.querySelectorAll(".language button")) {
  button.addEventListener("click", () => {
    speak(button.lang);
    translate();
    guarded(openStage);
  });
}
for (const kind of ["pointerdown", "focusin", "wheel"]) {
  document.addEventListener(kind, noteAttention, { passive: true });
}
addEventListener("hashchange", () => guarded(openStage));

translate();
api.follow({ onEvent, onBack, onLost: () => setLost(true) });

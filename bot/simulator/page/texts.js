// Every text of the page itself, in Dutch and English. What the bot says comes from the bot.

const TEXTS = {
  nl: {
    title: "stagebot: probeer het zelf",
    tagline: "Speel een hele stage in vijf minuten",
    language: "Taal van deze pagina",
    stage: "Stage",
    stage_search: "Zoek op naam of bedrijf",
    stage_none: "Geen stage gevonden.",
    people: "Mensen in deze stage",
    loading: "De telefoons worden klaargelegd…",
    role_student: "Student",
    role_trainer: "Praktijkopleider",
    role_teacher: "Docent",
    role_coordinator: "Coördinator",
    phone_of: "Telefoon van {name}, {role}",
    unread: "{count} nieuw",
    unread_line: "Nieuwe berichten",
    to_newest: "Naar het nieuwste bericht",
    clock: "Klok van de demo",
    clock_now: "In de demo is het nu",
    next_moment: "Volgend moment",
    next_digest: "Volgende voorbereiding",
    next_meeting: "Volgend gesprek",
    digest_number: "voor gesprek {number}",
    meeting_number: "gesprek {number}",
    none_left: "niets meer gepland",
    jump_to: "Ga naar een dag en tijd",
    jump: "Ga",
    jump_more: "Meer sprongen in de tijd",
    jumping: "De bot is aan het werk…",
    guide: "Zo speel je de demo",
    guide_step: "Stap {number} van {total}",
    guide_close: "Uitleg sluiten",
    guide_open: "Uitleg",
    guide_1: "Druk op START bij student, praktijkopleider en docent, en bevestig wie je bent.",
    guide_2: "Druk op “Volgend moment” en antwoord als student en praktijkopleider.",
    guide_3: "Druk op “Volgende voorbereiding”: twee werkdagen voor het gesprek.",
    guide_4: "Lees bij de docent wat de bot heeft verzameld voor het gesprek.",
    guide_done: "Klaar! Dit was de kern. Kies gerust een andere stage, of speel door tot het volgende gesprek.",
    invited: "Uitnodiging van school",
    invited_for: "voor {name}",
    invited_hint: "START is hetzelfde als de link in de uitnodiging openen.",
    uninvited: "Geen uitnodiging",
    uninvited_hint: "De uitnodiging is al gebruikt, of er is er geen.",
    start: "START",
    start_with: "START met uitnodiging",
    start_without: "START zonder uitnodiging",
    options: "Meer mogelijkheden voor {name}",
    block: "Blokkeer de bot",
    unblock: "Deblokkeer de bot",
    blocked: "{name} heeft de bot geblokkeerd. Er komt niets meer aan.",
    message: "Bericht",
    message_by: "Bericht van {name}",
    send: "Verstuur",
    save: "Bewaar de wijziging",
    commands: "Lijst met opdrachten",
    voice: "Stuur een spraakbericht",
    voice_of: "Spraakbericht van {duration}",
    voice_message: "Spraakbericht",
    send_file: "Stuur een bestand",
    file_too_big: "Dit bestand is te groot. Kies er een van hooguit 20 MB.",
    reply: "Antwoord",
    edit: "Bewerk",
    replying: "Antwoord op",
    editing: "Bericht bewerken",
    cancel: "Annuleer",
    edited: "bewerkt",
    gone: "Verwijderd bericht",
    bot_says: "stagebot",
    reaction: "Reactie: {emoji}",
    thinking: "stagebot is bezig",
    away: "De demo is even niet bereikbaar. De pagina probeert het vanzelf opnieuw.",
    back: "De demo is er weer.",
    failed: "Dat lukte niet: {line}",
    ok: "Oké",
  },
  en: {
    title: "stagebot: try it yourself",
    tagline: "Play a whole internship in five minutes",
    language: "Language of this page",
    stage: "Internship",
    stage_search: "Search by name or company",
    stage_none: "No internship found.",
    people: "People in this internship",
    loading: "Getting the phones ready…",
    role_student: "Student",
    role_trainer: "Trainer at the company",
    role_teacher: "Teacher",
    role_coordinator: "Coordinator",
    phone_of: "Phone of {name}, {role}",
    unread: "{count} new",
    unread_line: "New messages",
    to_newest: "To the newest message",
    clock: "The demo's clock",
    clock_now: "In the demo it is now",
    next_moment: "Next moment",
    next_digest: "Next digest",
    next_meeting: "Next meeting",
    digest_number: "for meeting {number}",
    meeting_number: "meeting {number}",
    none_left: "nothing planned",
    jump_to: "Go to a day and time",
    jump: "Go",
    jump_more: "More jumps in time",
    jumping: "The bot is working…",
    guide: "How to play the demo",
    guide_step: "Step {number} of {total}",
    guide_close: "Close the guide",
    guide_open: "Guide",
    guide_1: "Press START for student, trainer and teacher, and confirm who you are.",
    guide_2: "Press “Next moment” and answer as the student and as the trainer.",
    guide_3: "Press “Next digest”: two workdays before the meeting.",
    guide_4: "Read on the teacher's phone what the bot gathered for the meeting.",
    guide_done: "Done! That was the heart of it. Choose another internship, or play on to the next meeting.",
    invited: "Invitation from school",
    invited_for: "for {name}",
    invited_hint: "START is the same as opening the link in the invitation.",
    uninvited: "No invitation",
    uninvited_hint: "The invitation has been used, or there is none.",
    start: "START",
    start_with: "START with the invitation",
    start_without: "START without an invitation",
    options: "More options for {name}",
    block: "Block the bot",
    unblock: "Unblock the bot",
    blocked: "{name} has blocked the bot. Nothing arrives any more.",
    message: "Message",
    message_by: "Message by {name}",
    send: "Send",
    save: "Save the change",
    commands: "List of commands",
    voice: "Send a voice message",
    voice_of: "Voice message of {duration}",
    voice_message: "Voice message",
    send_file: "Send a file",
    file_too_big: "This file is too big. Choose one of 20 MB at most.",
    reply: "Reply",
    edit: "Edit",
    replying: "Reply to",
    editing: "Edit message",
    cancel: "Cancel",
    edited: "edited",
    gone: "Deleted message",
    bot_says: "stagebot",
    reaction: "Reaction: {emoji}",
    thinking: "stagebot is working",
    away: "The demo can't be reached right now. The page keeps trying by itself.",
    back: "The demo is back.",
    failed: "That did not work: {line}",
    ok: "OK",
  },
};

const MEMORY = "stagebot-page-language";
let language = localStorage.getItem(MEMORY) === "en" ? "en" : "nl";

export const currentLanguage = () => language;
export const locale = () => (language === "nl" ? "nl-NL" : "en-GB");

/** Choose the page's language and remember it in this browser. */
export function speak(chosen) {
  language = chosen;
  localStorage.setItem(MEMORY, chosen);
}

/** Give a text in the page's language, its {names} filled in. */
export function say(name, values = {}) {
  return TEXTS[language][name].replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
}

/** Fill in every element of the page that names its text (data-text) or its label (data-label). */
export function writeTexts() {
  document.documentElement.lang = language;
  document.title = say("title");
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = say(element.dataset.text);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
    element.setAttribute("title", say(element.dataset.label));
  }
}

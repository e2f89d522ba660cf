// A message's text with its entities (bold, quotes, links) as elements. Offsets are UTF-16, as JavaScript's own.

import { make } from "./dom.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};
const BLOCKS = new Set(["PRE", "BLOCKQUOTE"]);

/** Say whether a link may be opened from the page: web addresses only, never a script. */
export function isWebAddress(url) {
  return /^https?:\/\//i.test(url);
}

function link(url) {
  return isWebAddress(url) ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }) : null;
}

function wrapper(entity, covered, onCommand) {
  if (entity.type === "bot_command") {
    return make("button", { type: "button", class: "command-link", onclick: () => onCommand(covered) });
  }
  if (entity.type === "text_link") return link(entity.url ?? "");
  if (entity.type === "url") return link(covered);
  return TAGS[entity.type] ? make(TAGS[entity.type]) : null;
}

function fill(parent, text, from, to, entities, onCommand) {
  let position = from;
  const write = (until) => {
    if (until > position) parent.append(text.slice(position, until));
    position = Math.max(position, until);
  };
  while (entities.length && entities[0].offset < to) {
    const entity = entities.shift();
    const start = Math.max(entity.offset, position);
    const end = Math.min(entity.offset + entity.length, to);
    if (end <= start) continue;
    write(start);
    const element = wrapper(entity, text.slice(start, end), onCommand);
    fill(element ?? parent, text, start, end, entities, onCommand);
    if (element) parent.append(element);
    position = end;
    // A block starts and ends a line by itself: its own line break would show as an empty line.
    if (element && BLOCKS.has(element.tagName) && text[position] === "\n") position += 1;
  }
  write(to);
}

/** Put `text` into `parent`, the entities as nested elements and everything else literally. */
export function writeRich(parent, text, entities, onCommand = () => {}) {
  const ordered = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  fill(parent, text, 0, text.length, ordered, onCommand);
}

// A small menu that opens above or below its button: arrows move, Escape closes.

import { make } from "./dom.js";

let open = null;

/** Close the menu that is open, if any. */
export function closeMenu() {
  open?.close();
}

function move(items, event) {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length]?.focus();
}

/** Open a menu in `frame`. An item is {label, hint, onChoose}; `opener` gets the focus back. */
export function openMenu(frame, { items, label, opener, place, focus = true }) {
  closeMenu();
  const buttons = items.map((item) =>
    make(
      "button",
      { type: "button", role: "menuitem", class: "menu-item", onclick: () => { close(true); item.onChoose(); } },
      make("span", { class: "menu-label", text: item.label }),
      item.hint ? make("span", { class: "menu-hint", text: item.hint }) : null,
    ),
  );
  const menu = make("div", { class: `menu ${place}`, role: "menu", "aria-label": label }, ...buttons);
  const outside = (event) => {
    if (!menu.contains(event.target) && !opener.contains(event.target)) close(false);
  };
  function close(back) {
    if (open?.element !== menu) return;
    open = null;
    menu.remove();
    opener.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside);
    if (back) opener.focus();
  }
  menu.addEventListener("keydown", (event) => {
    move(buttons, event);
    if (event.key === "Escape") close(true);
  });
  document.addEventListener("pointerdown", outside);
  opener.setAttribute("aria-expanded", "true");
  frame.append(menu);
  if (focus) buttons[0]?.focus();
  open = { close: () => close(false), opener, element: menu, enter: () => buttons[0]?.focus() };
  return open;
}

/** Open the menu, or close it when it was open already. */
export function toggleMenu(frame, options) {
  if (open?.opener === options.opener) closeMenu();
  else openMenu(frame, options);
}

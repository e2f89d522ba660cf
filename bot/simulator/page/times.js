// Moments as people in the demo's country read and type them.

import { locale } from "./texts.js";

const ZONE = "Europe/Amsterdam";

function format(moment, options) {
  return new Intl.DateTimeFormat(locale(), { timeZone: ZONE, ...options }).format(new Date(moment));
}

export const day = (moment) =>
  format(moment, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
export const time = (moment) => format(moment, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export const briefDay = (moment) => format(moment, { weekday: "short", day: "numeric", month: "short" });
export const brief = (moment) => `${briefDay(moment)} ${time(moment)}`;

/** Give a duration in seconds as m:ss. */
export function duration(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Give a moment as the local wall time that a datetime-local field holds. */
export function toField(moment) {
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  }).format(new Date(moment));
  return parts.replace(" ", "T");
}

/** Give the ISO moment (UTC) of a wall time from a datetime-local field. */
export function fromField(wall) {
  const asUtc = Date.parse(`${wall}Z`);
  const offsetAt = (instant) => Date.parse(`${toField(instant)}Z`) - instant;
  const nearby = asUtc - offsetAt(asUtc);
  return new Date(asUtc - offsetAt(nearby)).toISOString();
}

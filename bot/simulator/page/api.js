// The page's calls to the simulator, and the stream of what happens on the phones.

const RETRY_AFTER = 1500;

/** A call that did not work: the server's own line, or none when the server could not be reached. */
export class CallFailed extends Error {
  constructor(line) {
    super(line ?? "");
    this.away = line === null;
  }
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new CallFailed(null);
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new CallFailed(body?.error ?? `${response.status} ${response.statusText}`);
  return body;
}

function post(path, body) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export const stages = () => call("/demo/stages");
export const clock = (stage) => call(`/demo/clock?stage=${encodeURIComponent(stage)}`);
export const jump = (to, stage) => post("/demo/clock", { to, stage });

/** Give the calls of one person's phone. */
export function phoneCalls(person) {
  const at = (action) => `/client/${person}/${action}`;
  return {
    chat: () => call(at("chat")),
    start: (payload) => post(at("start"), { payload }),
    text: (text, replyTo) => post(at("text"), { text, reply_to: replyTo }),
    edit: (messageId, text) => post(at("edit"), { message_id: messageId, text }),
    press: (messageId, data) => post(at("press"), { message_id: messageId, data }),
    voice: (duration) => post(at("voice"), { duration }),
    document: (fileName, base64, caption, replyTo) =>
      post(at("document"), { file_name: fileName, content_base64: base64, caption, reply_to: replyTo }),
    block: (blocked) => post(at("block"), { blocked }),
  };
}

/** Follow the stream; it comes back by itself. `onBack` is called each time it (re)connects. */
export function follow({ onEvent, onBack, onLost }) {
  const source = new EventSource("/client/events");
  source.addEventListener("open", onBack);
  source.addEventListener("message", (event) => onEvent(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    onLost();
    source.close(); // a browser gives up for good on some errors, so the page tries again itself
    setTimeout(() => follow({ onEvent, onBack, onLost }), RETRY_AFTER);
  });
}

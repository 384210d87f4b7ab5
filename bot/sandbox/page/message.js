/* A message as its reader sees it: text with entities, files, buttons. */
import { el } from "./dom.js";
import { currentLanguage, local, text } from "./texts.js";

const TAGS = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

/* Telegram counts in UTF-16 units, as JavaScript does: offsets are indices. */
export function formatted(source, entities, act) {
  const sorted = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return pieces(source, sorted, 0, source.length, act);
}

function pieces(source, entities, from, to, act) {
  const nodes = [];
  let at = from;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || end <= entity.offset) {
      index += 1;
      continue;
    }
    if (entity.offset > at) nodes.push(source.slice(at, entity.offset));
    let next = index + 1;
    while (next < entities.length && entities[next].offset < end) next += 1;
    const inner = pieces(source, entities.slice(index + 1, next), entity.offset, end, act);
    nodes.push(marked(entity, source.slice(entity.offset, end), inner, act));
    at = end;
    index = next;
  }
  if (at < to) nodes.push(source.slice(at, to));
  return nodes;
}

function marked(entity, said, inner, act) {
  if (TAGS[entity.type]) return el(TAGS[entity.type], {}, ...inner);
  switch (entity.type) {
    case "bot_command":
      return el("button", { type: "button", class: "link", on: { click: () => act.say(said) } }, ...inner);
    case "url":
      return link(said.includes("://") ? said : `https://${said}`, inner, act);
    case "text_link":
      return link(entity.url, inner, act);
    case "spoiler":
      return spoiler(inner);
    default:
      return el("span", { class: entity.type }, ...inner);
  }
}

function link(address, inner, act) {
  const payload = act.payload(address);
  if (payload !== null) {
    return el("button", { type: "button", class: "link", on: { click: () => act.start(payload) } }, ...inner);
  }
  if (!/^https?:\/\//i.test(address)) return el("span", {}, ...inner);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...inner);
}

function spoiler(inner) {
  const button = el("button", { type: "button", class: "spoiler", "aria-label": text("spoiler") });
  const open = () => {
    button.replaceWith(el("span", {}, ...inner));
  };
  button.addEventListener("click", open);
  button.append("░".repeat(8));
  return button;
}

export function time(seconds) {
  return local(seconds * 1000, { hour: "2-digit", minute: "2-digit" });
}

function size(bytes) {
  const units = text("bytes");
  const power = bytes < 1024 ? 0 : bytes < 1024 ** 2 ? 1 : 2;
  const number = new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: 1 }).format(bytes / 1024 ** power);
  return `${number} ${units[power]}`;
}

const address = (file) => `../file/${encodeURIComponent(file.file_id)}`;

function media(message) {
  if (message.document) {
    const { file_name: name, file_size: bytes } = message.document;
    return el(
      "a",
      { class: "file", href: address(message.document), target: "_blank", rel: "noopener", "aria-label": text("open", { name }) },
      el("span", { class: "icon", "aria-hidden": "true" }, (name.split(".").pop() || "?").slice(0, 4)),
      el("span", { class: "about" }, el("span", { class: "name" }, name), el("small", {}, size(bytes))),
    );
  }
  if (message.photo) {
    const photo = message.photo.at(-1);
    return el(
      "a",
      { class: "photo", href: address(photo), target: "_blank", rel: "noopener", "aria-label": text("openPhoto") },
      el("img", { src: address(photo), alt: text("photoAlt"), width: photo.width || null, height: photo.height || null }),
    );
  }
  if (message.voice) {
    const label = text("voiceAlt", { n: message.voice.duration });
    return el("audio", { controls: true, preload: "none", src: address(message.voice), "aria-label": label });
  }
  if (message.contact) {
    const { first_name: name, phone_number: phone } = message.contact;
    return el("span", { class: "contact" }, el("small", {}, text("contactCard")), el("b", {}, name), phone);
  }
  return null;
}

function button(message, given, act) {
  const style = ["primary", "success", "danger"].includes(given.style) ? given.style : "plain";
  const dead = "disabled" in given || !("callback_data" in given || "url" in given || "copy_text" in given);
  const node = el("button", { type: "button", class: `tap ${style}`, disabled: dead }, given.text);
  if ("url" in given) node.append(el("span", { class: "away", "aria-hidden": "true" }, "↗"));
  node.addEventListener("click", () => act.tap(message, given, node));
  return node;
}

function keyboard(message, act) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  return el(
    "div",
    { class: "inline" },
    ...rows.map((row) => el("div", { class: "buttons" }, ...row.map((given) => button(message, given, act)))),
  );
}

function above(message) {
  const said = [];
  if (message.forward_origin) said.push(el("small", { class: "note" }, text("forwarded")));
  if (message.reply_to_message) {
    const quoted = message.reply_to_message.text || message.reply_to_message.caption || "…";
    said.push(el("small", { class: "note quote" }, `${text("reply")}: ${quoted.slice(0, 80)}`));
  }
  return said;
}

/* One message: an article with its bubble and, under it, its buttons. */
export function rendered(message, act) {
  const source = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities;
  const words = source ? el("div", { class: "words", dir: "auto" }, ...formatted(source, entities, act)) : null;
  const stamp = el(
    "small",
    { class: "stamp" },
    message.edit_date ? `${text("edited")} ` : "",
    el("time", { datetime: new Date(message.date * 1000).toISOString() }, time(message.date)),
  );
  const who = message.from_bot ? message.from.first_name : text("you");
  return el(
    "article",
    { class: message.from_bot ? "message bot" : "message own", "aria-label": `${who}, ${time(message.date)}` },
    el("div", { class: "bubble" }, ...above(message), media(message), words, stamp),
    keyboard(message, act),
  );
}

/* The foot of a phone: writing, attaching, starting, coming back after a block. */
import { ask, el } from "./dom.js";
import { popup } from "./popup.js";
import { text } from "./texts.js";
import { sampleVoice } from "./voice.js";

export const FEET = {
  nobody: () => [],
  deactivated: () => [el("p", { class: "notice" }, text("deactivated"))],
  blocked: (phone) => [
    el("p", { class: "notice" }, text("blocked")),
    el("button", { type: "button", class: "wide", on: { click: () => phone.act("unblock") } }, text("unblock")),
  ],
  start: (phone) => [starter(phone)],
  write: (phone) => [composer(phone)],
};

function starter(phone) {
  const label = text("startLink");
  const link = el("input", { name: "link", autocomplete: "off", "aria-label": label, placeholder: label });
  const submit = (event) => {
    event.preventDefault();
    const written = link.value.trim();
    const links = written.split(/\s+/).map((word) => phone.payload(word)).filter((payload) => payload !== null);
    phone.start(links[0] ?? written);
  };
  return el(
    "form",
    { class: "starter", on: { submit } },
    el("p", { class: "notice" }, text("startTitle")),
    link,
    el("button", { class: "wide" }, text("start")),
  );
}

function composer(phone) {
  const words = el("textarea", { rows: "1", "aria-label": text("write"), placeholder: text("write") });
  const submit = (event) => {
    event.preventDefault();
    sendWords(phone, words);
  };
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  });
  words.addEventListener("input", () => grow(words));
  return el(
    "form",
    { class: "composer", on: { submit } },
    attachments(phone).root,
    commands(phone).root,
    words,
    el("button", { class: "send", "aria-label": text("send") }, "➤"),
  );
}

async function sendWords(phone, words) {
  const said = words.value;
  if (!said.trim()) return;
  words.value = "";
  grow(words);
  const payload = phone.payload(said.trim());
  await (payload === null ? phone.say(said) : phone.start(payload));
  words.focus();
}

function grow(area) {
  area.rows = Math.min(5, area.value.split("\n").length);
}

function attachments(phone) {
  const menu = popup("+", text("attach"), true);
  menu.fill([
    [text("file"), () => pick(phone, "document", null)],
    [text("photo"), () => pick(phone, "photo", "image/png,image/jpeg")],
    [text("voice"), () => sendFile(phone, "voice", sampleVoice(), { duration: 2, mime: "audio/wav" })],
    [text("contact"), () => phone.act("contact")],
  ]);
  return menu;
}

function commands(phone) {
  const menu = popup("/", text("commands"), true);
  menu.opened = async () => {
    const known = await ask(`commands/${phone.userId}`).catch(() => []);
    const choices = known.map((one) => [`/${one.command} · ${one.description}`, () => phone.say(`/${one.command}`)]);
    menu.fill(choices.length ? choices : [[text("noCommands"), () => {}]]);
  };
  return menu;
}

function pick(phone, kind, accept) {
  const input = el("input", { type: "file", accept, class: "hidden", "aria-label": text(kind === "photo" ? "photo" : "file") });
  input.addEventListener("change", () => {
    if (input.files[0]) sendFile(phone, kind, input.files[0], {});
    input.remove();
  });
  phone.root.append(input);
  input.click();
}

async function sendFile(phone, kind, file, fields) {
  const form = new FormData();
  form.set("user_id", phone.userId);
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set("content", file, file.name ?? "voice.wav");
  await phone.tell(kind, form);
}

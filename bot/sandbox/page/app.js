/* The chat page: who is shown, what is new, what time it is. */
import { Browser } from "./browser.js";
import { ask, el, remember, remembered } from "./dom.js";
import { Log } from "./log.js";
import { fullName, Phone } from "./phone.js";
import { currentLanguage, local, setLanguage, setZone, text } from "./texts.js";

const ROLES = ["customer", "manager", "admin"];
const PATIENCE = 4000;
const MOST_LISTED = 60;
const byId = (id) => document.getElementById(id);

const world = {
  bot: null,
  stopped: false,
  people: new Map(),
  readUpTo: new Map(),
  phones: [],
  alert(said) {
    byId("alert").querySelector("p").textContent = said;
    byId("alert").showModal();
  },
  read(userId, said) {
    if (this.readUpTo.get(userId) === said) return;
    this.readUpTo.set(userId, said);
    drawUnread();
  },
  changedPerson(phone) {
    if (phone.userId !== null) remember(`phone.${phone.role}`, String(phone.userId));
    drawTabs();
    drawPeople();
  },
};
const clock = { at: null, seen: 0, speed: 1 };
const silence = { since: null, lost: false, pending: 0 };
let log;
let current = 0;
let browser = null;

/* What stands side by side: the phones, and the browser where there is one. */
const panels = () => (browser ? [...world.phones, browser] : world.phones);

const unread = (user) => Math.max(0, user.said - (world.readUpTo.get(user.id) ?? 0));

function translate() {
  document.documentElement.lang = currentLanguage();
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = text(node.dataset.text);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", text(node.dataset.label));
  for (const node of document.querySelectorAll("[data-title]")) node.title = text(node.dataset.title);
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = text(node.dataset.placeholder);
  byId("guide").replaceChildren(...text("guide").map((line) => el("li", {}, line)));
  fillSelect(byId("speed"), text("speeds"));
  fillSelect(byId("pace"), text("paces"));
  const other = currentLanguage() === "ru" ? "en" : "ru";
  byId("language").replaceChildren(...longAndShort(text("languageSwitch"), other.toUpperCase()));
  for (const node of document.querySelectorAll("[data-short]")) {
    node.setAttribute("aria-label", text(node.dataset.long));
    node.replaceChildren(...longAndShort(text(node.dataset.long), text(node.dataset.short) ?? node.dataset.short));
  }
  byId("language").lang = other;
  byId("language").setAttribute("aria-label", text("languageSwitch"));
}

/* A button's words, and what stands for them where there is no room. */
function longAndShort(long, short) {
  return [el("span", { class: "long" }, long), el("span", { class: "short", "aria-hidden": "true" }, short)];
}

function fillSelect(select, options) {
  const { value } = select;
  select.replaceChildren(...Object.entries(options).map(([key, label]) => el("option", { value: key }, label)));
  if (value) select.value = value;
}

function buildPhones() {
  const shown = world.phones.map((phone) => phone.userId);
  world.phones = ROLES.map((role) => new Phone(world, role));
  browser?.translate();
  for (const phone of document.querySelectorAll(".row > .phone:not(.browser)")) phone.remove();
  document.querySelector(".row").prepend(...world.phones.map((phone) => phone.root));
  world.phones.forEach((phone, index) => phone.draw() || (shown[index] && phone.show(shown[index])));
  choose(current);
}

function choose(index) {
  current = index;
  panels().forEach((panel, i) => panel.root.classList.toggle("current", i === index));
  drawTabs();
  panels()[index].load();
}

function drawTabs() {
  const tabs = panels().map((phone, index) => {
    const waiting = phone.user && phone !== browser && index !== current ? unread(phone.user) : 0;
    const key = phone.user?.role || phone.role;
    const role = text("shortRoles")[key] ?? text("roles")[key] ?? phone.role;
    const name = phone.user ? phone.user.first_name : "";
    return el("button", { type: "button", "aria-pressed": String(index === current), on: { click: () => choose(index) } },
      el("span", { class: "role" }, role), el("span", { class: "who" }, name), badge(waiting));
  });
  const bar = document.querySelector(".tabs");
  const held = [...bar.children].indexOf(document.activeElement);
  bar.replaceChildren(...tabs);
  if (held >= 0) bar.children[held].focus();
}

function badge(count) {
  return count ? el("span", { class: "badge" }, el("span", { "aria-hidden": "true" }, String(count)),
    el("span", { class: "hidden" }, text("unread", { n: count }))) : null;
}

function drawPeople() {
  const sought = byId("search").value.trim().toLowerCase();
  const shown = new Set(world.phones.map((phone) => phone.userId));
  const found = [...world.people.values()].filter((user) => fullName(user).toLowerCase().includes(sought));
  const key = JSON.stringify([currentLanguage(), found.length, found.slice(0, MOST_LISTED).map((u) => [u, unread(u), shown.has(u.id)])]);
  if (key === drawPeople.key) return;
  drawPeople.key = key;
  byId("people").replaceChildren(...found.slice(0, MOST_LISTED).map((user) => {
    const role = [text("roles")[user.role] ?? user.role, user.note].filter((x) => x && user.role).join(" · ");
    return el("li", {}, el("button", { type: "button", class: shown.has(user.id) ? "shown" : null, on: { click: () => hand(user) } },
      el("span", { class: "who" }, fullName(user), user.blocked ? " ⛔" : ""), badge(unread(user)),
      el("small", {}, role || user.preview)));
  }));
  if (found.length > MOST_LISTED) {
    byId("people").append(el("li", {}, el("small", {}, text("others", { n: found.length - MOST_LISTED }))));
  }
}

function drawUnread() {
  drawPeople();
  drawTabs();
}

/* Give a person the phone of their role. */
function hand(user) {
  const index = Math.max(0, ROLES.indexOf(user.role));
  world.phones[index].show(user.id);
  choose(index);
  if (byId("side-toggle").getAttribute("aria-expanded") === "true") byId("side-toggle").click();
}

/* Somebody without Telegram gets a browser beside the phones. */
function openBrowser(page) {
  if (!page || browser) return;
  browser = new Browser(page);
  document.querySelector(".row").append(browser.root);
  drawTabs();
}

function seat() {
  for (const [index, phone] of world.phones.entries()) {
    if (phone.userId !== null) continue;
    const kept = world.people.get(Number(remembered(`phone.${phone.role}`, "0")));
    const taken = new Set(world.phones.map((other) => other.userId));
    const people = [...world.people.values()].filter((user) => !taken.has(user.id));
    const fits = people.find((user) => user.role === phone.role) ?? people.filter((user) => !user.role)[0];
    const chosen = kept && !taken.has(kept.id) ? kept : fits;
    if (chosen) phone.show(chosen.id).then(() => index === current && phone.load());
  }
}

function told(event) {
  const { state, people, log: entries } = JSON.parse(event.data);
  silence.lost = false;
  world.bot = state.bot;
  clock.at = Date.parse(state.clock.now);
  clock.seen = performance.now();
  clock.speed = state.clock.speed;
  setZone(state.clock.zone);
  const speed = String(state.clock.speed);
  if ([...byId("speed").options].some((option) => option.value === speed)) byId("speed").value = speed;
  byId("pace-label").hidden = state.pace === null;
  if (state.pace !== null && document.activeElement !== byId("pace")) byId("pace").value = state.pace;
  silence.since = state.connected ? null : silence.since ?? performance.now();
  silence.pending = state.pending;
  for (const user of people) {
    if (!world.people.has(user.id) && !told.live) world.readUpTo.set(user.id, user.said);
    world.people.set(user.id, user);
  }
  if (told.live && entries.some((entry) => entry.kind === "expired")) world.alert(text("expired"));
  told.live = true;
  const changed = new Set(people.map((user) => user.id));
  seat();
  openBrowser(state.page);
  for (const phone of world.phones) if (changed.has(phone.userId)) phone.load();
  if (people.length) {
    drawUnread();
    for (const phone of world.phones) phone.drawPeople();
  }
  log.add(entries);
  drawBanner();
}

function drawBanner() {
  const stopped = silence.since !== null && performance.now() - silence.since > PATIENCE;
  const said = silence.lost ? text("lost") : stopped ? text("stopped") : "";
  const waiting = stopped && !silence.lost && silence.pending ? ` ${text("waiting", { n: silence.pending })}` : "";
  const banner = byId("banner");
  banner.hidden = !said;
  if (banner.textContent !== said + waiting) banner.textContent = said + waiting;
  if (world.stopped === Boolean(said)) return;
  world.stopped = Boolean(said);
  for (const phone of world.phones) phone.drawStatus();
}

function drawClock() {
  if (clock.at === null) return;
  const moment = new Date(clock.at + (performance.now() - clock.seen) * clock.speed);
  const said = local(moment, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  if (byId("now").textContent !== said) byId("now").textContent = said;
  byId("now").dateTime = moment.toISOString();
}

function jump(kind) {
  if (kind === "hour") return ask("clock", { advance: 3600 });
  return ask("clock", { go_to: kind === "morning" ? "tomorrow" : "next_month" });
}

function wire() {
  for (const node of document.querySelectorAll("[data-jump]")) node.addEventListener("click", () => jump(node.dataset.jump));
  byId("speed").addEventListener("change", () => ask("clock", { speed: Number(byId("speed").value) }));
  byId("pace").addEventListener("change", () => ask("pace", { pace: byId("pace").value }));
  byId("search").addEventListener("input", drawPeople);
  byId("newcomer").addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = event.target.elements.first_name;
    const { result } = await ask("users", { first_name: field.value.trim(), phone: "+70000000000" });
    field.value = "";
    if (panels()[current] === browser) choose(0);
    world.phones[current].show(result);
  });
  toggles("side-toggle", "side", (open) => byId("side").classList.toggle("open", open));
  toggles("log-toggle", "log", (open) => (byId("log").hidden = !open));
  byId("log-close").addEventListener("click", () => byId("log-toggle").click());
  byId("theme").addEventListener("click", () => theme(isDark() ? "light" : "dark"));
  byId("language").addEventListener("click", () => speak(currentLanguage() === "ru" ? "en" : "ru"));
  document.addEventListener("visibilitychange", () => world.phones.forEach((phone) => phone.load()));
}

function toggles(buttonId, panelId, show) {
  const button = byId(buttonId);
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    document.body.classList.toggle(`${panelId}-open`, open);
    show(open);
    if (!open) button.focus();
  });
}

const isDark = () =>
  (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

function theme(wanted) {
  if (wanted) document.documentElement.dataset.theme = wanted;
  if (wanted) remember("theme", wanted);
}

function speak(wanted) {
  remember("language", setLanguage(wanted));
  drawPeople.key = null;
  translate();
  buildPhones();
  drawPeople();
  drawBanner();
}

function listen() {
  const events = new EventSource("../events");
  events.addEventListener("message", told);
  events.addEventListener("error", () => {
    silence.lost = true;
    drawBanner();
  });
}

theme(remembered("theme", ""));
log = new Log(byId("log"));
wire();
const asked = new URLSearchParams(location.search).get("lang");
speak(asked ?? remembered("language", (navigator.language || "ru").startsWith("ru") ? "ru" : "en"));
listen();
setInterval(drawClock, 250);
setInterval(drawBanner, 1000);

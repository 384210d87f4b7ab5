/* One phone: a person's chat with the bot. */
import { FEET } from "./composer.js";
import { ask, el } from "./dom.js";
import { rendered } from "./message.js";
import { popup } from "./popup.js";
import { currentLanguage, text } from "./texts.js";

const NEAR_THE_END = 120;
const TOAST_SHOWN = 3500;

export class Phone {
  constructor(world, role) {
    this.world = world;
    this.role = role;
    this.userId = null;
    this.view = null;
    this.shown = new Map();
    this.toastsSeen = null;
    this.loading = null;
    this.build();
  }

  build() {
    this.person = el("select", { class: "person", "aria-label": text("person") });
    this.person.addEventListener("change", () => this.show(Number(this.person.value)));
    this.more = popup("⋮", text("menu"));
    this.status = el("small", {});
    this.botName = el("b", {});
    this.chip = el("small", { class: "chip" });
    this.list = el("div", { class: "messages", role: "log", tabindex: "0", "aria-label": text("messages") });
    this.toast = el("div", { class: "toast", role: "status" });
    this.replies = el("div", { class: "replies" });
    this.foot = el("div", { class: "foot" });
    this.root = el(
      "section",
      { class: "phone", data: { role: this.role } },
      el("div", { class: "owner" }, this.person, this.more.root),
      el(
        "div",
        { class: "chat-bar" },
        el("span", { class: "face", "aria-hidden": "true" }, "О"),
        el("span", { class: "title" }, this.botName, this.status),
        this.chip,
      ),
      this.list,
      this.toast,
      this.replies,
      this.foot,
    );
    this.footKind = null;
    this.atEnd = true;
    this.list.addEventListener("scroll", () => (this.atEnd = this.nearEnd()));
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.list);
  }

  nearEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR_THE_END;
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.atEnd = true;
  }

  get user() {
    return this.world.people.get(this.userId);
  }

  async show(userId) {
    if (userId === this.userId) return;
    this.userId = userId;
    this.view = null;
    this.shown.clear();
    this.toastsSeen = null;
    this.list.replaceChildren();
    // Not once the chat has come: words written at the last person's foot would be lost.
    this.drawReplies();
    this.drawFoot();
    this.world.changedPerson(this);
    await this.load();
    this.toEnd();
  }

  /* Fetch the chat; while one fetch is under way, one more is remembered. */
  async load() {
    if (this.userId === null) return this.draw();
    if (this.loading) {
      this.again = true;
      return this.loading;
    }
    this.loading = this.fetched();
    await this.loading;
    this.loading = null;
    if (this.again) {
      this.again = false;
      await this.load();
    }
  }

  async fetched() {
    const userId = this.userId;
    const view = await ask(`chat/${userId}`).catch(() => null);
    if (view && userId === this.userId) {
      this.view = view;
      this.draw();
    }
  }

  draw() {
    this.drawPeople();
    this.drawStatus();
    this.drawMessages();
    this.drawReplies();
    this.drawFoot();
    this.showToasts();
  }

  drawPeople() {
    const people = [...this.world.people.values()];
    const options = people.map((user) => [String(user.id), fullName(user)]);
    const key = JSON.stringify(options);
    if (key !== this.peopleKey) {
      this.peopleKey = key;
      const groups = new Map();
      for (const user of people) {
        const role = text("roles")[user.role] ?? user.role;
        if (!groups.has(role)) groups.set(role, []);
        groups.get(role).push(el("option", { value: user.id }, fullName(user)));
      }
      this.person.replaceChildren(
        ...[...groups].map(([label, members]) => el("optgroup", { label }, ...members)),
      );
    }
    this.botName.textContent = this.world.bot?.first_name ?? "Otklik";
    this.chip.textContent = text("roles")[this.user?.role || this.role];
    if (this.userId !== null) this.person.value = String(this.userId);
    this.person.disabled = people.length === 0;
    this.root.setAttribute("aria-label", text("phoneOf", { name: this.user ? fullName(this.user) : "—" }));
    const blocked = this.user?.blocked;
    this.more.fill(
      this.user && !this.user.deactivated
        ? [[text(blocked ? "unblock" : "block"), () => this.act(blocked ? "unblock" : "block")]]
        : [],
    );
  }

  drawStatus() {
    const doing = this.view?.action;
    const busy = doing === "upload_document" || doing === "upload_photo" ? "sendsFile" : "typing";
    const { stopped } = this.world;
    this.status.textContent = stopped ? text("botStopped") : doing ? text(busy) : text("botStatus");
    this.root.classList.toggle("stopped", stopped);
    clearTimeout(this.actionEnds);
    if (doing) this.actionEnds = setTimeout(() => this.load(), 5200);
  }

  drawMessages() {
    const { atEnd } = this;
    const messages = this.view?.messages ?? [];
    const known = new Set(messages.map((message) => message.message_id));
    for (const [id, { node }] of this.shown) {
      if (!known.has(id)) {
        node.remove();
        this.shown.delete(id);
      }
    }
    let grown = false;
    for (const message of messages) grown = this.drawMessage(message) || grown;
    this.drawEmpty(messages.length === 0);
    if (atEnd || (grown && messages.at(-1)?.from_bot === false)) this.toEnd();
    if (messages.length && this.isVisible()) this.world.read(this.userId, this.view.said);
  }

  drawMessage(message) {
    const key = currentLanguage() + JSON.stringify(message);
    const before = this.shown.get(message.message_id);
    if (before?.key === key) return false;
    const node = rendered(message, this);
    this.shown.set(message.message_id, { key, node });
    if (!before) {
      this.list.append(node);
      return true;
    }
    const held = before.node.contains(document.activeElement);
    before.node.replaceWith(node);
    node.classList.add("changed");
    if (held) (node.querySelector(".tap:not([disabled])") ?? this.list).focus({ preventScroll: true });
    return false;
  }

  drawEmpty(empty) {
    this.emptyNote?.remove();
    this.emptyNote = empty ? el("p", { class: "empty" }, text(this.userId === null ? "nobody" : "empty")) : null;
    if (this.emptyNote) this.list.append(this.emptyNote);
  }

  drawReplies() {
    const rows = this.user?.blocked ? [] : this.view?.keyboard?.keyboard ?? [];
    const key = JSON.stringify(rows);
    if (key === this.repliesKey) return;
    this.repliesKey = key;
    this.replies.replaceChildren(
      ...rows.map((row) =>
        el("div", { class: "buttons" }, ...row.map((given) =>
          el("button", { type: "button", class: `tap ${given.style ?? "plain"}`,
            on: { click: () => this.act("tap", { label: given.text }) } }, given.text))),
      ),
    );
  }

  drawFoot() {
    const user = this.user;
    const kind = !user ? "nobody" : user.deactivated ? "deactivated" : user.blocked ? "blocked" : user.started ? "write" : "start";
    const key = kind + currentLanguage() + this.userId;
    if (key === this.footKind) return;
    this.footKind = key;
    this.foot.replaceChildren(...FEET[kind](this));
  }

  say(said) {
    return this.act("say", { text: said });
  }

  start(payload) {
    return this.act("start", { payload });
  }

  /* What a link to this bot gives it, null for any other text. */
  payload(written) {
    const name = this.world.bot?.username ?? "";
    const found = /^(?:https?:\/\/)?(?:t|telegram)\.me\/(\w+)(?:\?start=([\w-]*))?$/i.exec(written);
    return found && found[1].toLowerCase() === name.toLowerCase() ? found[2] ?? "" : null;
  }

  async tap(message, given, node) {
    if ("copy_text" in given) {
      await navigator.clipboard?.writeText(given.copy_text.text).catch(() => {});
      return this.sayToast(text("copied"));
    }
    if ("url" in given) {
      const payload = this.payload(given.url);
      if (payload !== null) return this.start(payload);
      return void window.open(given.url, "_blank", "noopener,noreferrer");
    }
    node.setAttribute("aria-busy", "true");
    setTimeout(() => node.removeAttribute("aria-busy"), 6000);
    // As Telegram's clients do: what was seen is sent, even if the bot has just edited it away.
    return this.act("tap", { data: given.callback_data, message_id: message.message_id, forged: true });
  }

  act(path, body = {}) {
    return this.tell(path, { user_id: this.userId, ...body });
  }

  async tell(path, body) {
    try {
      await ask(path, body);
    } catch (error) {
      this.sayToast(text("failed", { error: error.message }));
    }
    await this.load();
  }

  showToasts() {
    const total = this.view?.toasts_shown ?? 0;
    const seen = this.toastsSeen ?? total;
    this.toastsSeen = total;
    if (total === seen) return;
    for (const busy of this.list.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
    for (const toast of this.view.toasts.slice(-(total - seen))) {
      if (toast.alert) this.world.alert(toast.text);
      else if (toast.text) this.sayToast(toast.text);
    }
  }

  sayToast(said) {
    this.toast.textContent = said;
    this.toast.classList.add("on");
    clearTimeout(this.toastEnds);
    this.toastEnds = setTimeout(() => this.toast.classList.remove("on"), TOAST_SHOWN);
  }

  isVisible() {
    return this.root.offsetParent !== null && document.visibilityState === "visible";
  }
}

export function fullName(user) {
  return [user.first_name, user.last_name].filter(Boolean).join(" ");
}

/* The drawer with every Bot API call: parameters and answer. */
import { el } from "./dom.js";
import { local, text } from "./texts.js";

const KEPT = 300;

export class Log {
  constructor(drawer) {
    this.drawer = drawer;
    this.entries = drawer.querySelector("#log-entries");
    this.filter = drawer.querySelector("#log-filter");
    this.filter.addEventListener("input", () => this.sift());
    drawer.querySelector("#log-clear").addEventListener("click", () => this.entries.replaceChildren());
  }

  add(entries) {
    const atEnd = this.entries.scrollHeight - this.entries.scrollTop - this.entries.clientHeight < 60;
    for (const entry of entries) {
      const node = this.entry(entry);
      if (node) this.entries.append(node);
    }
    while (this.entries.childElementCount > KEPT) this.entries.firstElementChild.remove();
    if (atEnd) this.entries.scrollTop = this.entries.scrollHeight;
  }

  entry(entry) {
    if (entry.kind === "call") {
      const state = entry.ok ? "ok" : "bad";
      const about = entry.description ?? entry.params.text ?? entry.params.caption ?? entry.handed?.join(", ") ?? "";
      const told = entry.ok ? entry.result ?? entry.handed : { error_code: entry.status, description: entry.description };
      return this.line(entry, state, entry.method, about, [[text("params"), entry.params], [text("answer"), told]]);
    }
    if (entry.kind === "update") {
      const [kind, body] = Object.entries(entry.update).find(([name]) => name !== "update_id");
      return this.line(entry, "in", `${text("update")} ${kind}`, body.text ?? body.data ?? "", [["", entry.update]]);
    }
    return null;
  }

  line(entry, state, name, about, parts) {
    const at = local(Date.parse(entry.at), { timeStyle: "medium" });
    const shown = String(about).slice(0, 120);
    const fault = entry.fault ? el("span", { class: "fault" }, entry.fault) : null;
    const node = el(
      "details",
      { class: `entry ${state}` },
      el("summary", {}, el("time", {}, at), el("b", {}, name), fault, el("span", { class: "said" }, shown)),
    );
    const open = () => {
      if (node.open && node.childElementCount === 1) {
        for (const [label, value] of parts) {
          node.append(el("pre", { tabindex: "0", "aria-label": label || name }, `${label ? `${label}: ` : ""}${JSON.stringify(value, null, 1)}`));
        }
      }
      if (node.open) node.lastElementChild.scrollIntoView({ block: "nearest" });
    };
    node.addEventListener("toggle", open);
    node.dataset.sought = `${name} ${shown} ${entry.chat_id ?? ""}`.toLowerCase();
    node.hidden = !this.wanted(node);
    return node;
  }

  wanted(node) {
    return node.dataset.sought.includes(this.filter.value.trim().toLowerCase());
  }

  sift() {
    for (const node of this.entries.children) node.hidden = !this.wanted(node);
  }
}

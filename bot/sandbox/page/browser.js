/* A browser beside the phones: somebody who is not in Telegram, on the company's own page. */
import { el } from "./dom.js";
import { text } from "./texts.js";

export class Browser {
  constructor(page) {
    this.page = page;
    this.role = "browser";
    // Its forms go to the page itself, and it opens nothing in place of this one.
    this.frame = el("iframe", { src: page.url, sandbox: "allow-forms allow-scripts allow-same-origin" });
    this.again = el("button", { type: "button", on: { click: () => (this.frame.src = this.page.url) } }, "⟳");
    this.name = el("b", {});
    this.root = el("section", { class: "phone browser", data: { role: this.role } },
      el("div", { class: "owner" }, el("span", { class: "person" }, this.name, el("small", {}, page.note))),
      el("div", { class: "chat-bar" }, this.again, el("span", { class: "address" }, page.url.replace(/^https?:\/\//, ""))),
      this.frame);
    this.translate();
  }

  get user() {
    return { first_name: this.page.name.split(" ")[0], role: this.role };
  }

  translate() {
    this.name.textContent = this.page.name;
    this.again.setAttribute("aria-label", text("reload"));
    this.frame.title = text("pageOf", { name: this.page.name });
    this.root.setAttribute("aria-label", text("pageOf", { name: this.page.name }));
  }

  load() {}
}

import { el } from "./dom.js";

/* A button that opens a small menu; Escape or a choice closes it. */
export function popup(sign, label, up = false) {
  const items = el("div", { class: up ? "items up" : "items" });
  const summary = el("summary", { "aria-label": label, title: label }, sign);
  const root = el("details", { class: "popup" }, summary, items);
  const menu = { root, opened: null };
  menu.fill = (choices) => {
    const key = JSON.stringify(choices.map(([name]) => name));
    menu.choices = choices;
    root.hidden = choices.length === 0 && !menu.opened;
    if (key === menu.key) return;
    menu.key = key;
    items.replaceChildren(
      ...choices.map(([name], index) =>
        el("button", { type: "button", on: { click: () => {
          root.open = false;
          menu.choices[index][1]();
        } } }, name)),
    );
  };
  root.addEventListener("toggle", () => root.open && menu.opened?.());
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && root.open) {
      root.open = false;
      summary.focus();
    }
  });
  root.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !root.contains(event.relatedTarget)) root.open = false;
  });
  return menu;
}

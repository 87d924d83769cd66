// The list of issues; there may be hundreds, so it can be searched.
import { $, days, h, say } from "./dom.js";
import { set, state } from "./state.js";

export function showList(entries) {
  const words = $("filter").value.trim().toLowerCase();
  const found = entries.filter((one) => `${one.id} ${one.subject}`.toLowerCase().includes(words));
  const focused = document.activeElement?.dataset?.issue;
  $("filter").parentElement.hidden = entries.length < 6;
  $("issues").replaceChildren(...found.map(line));
  if (!entries.length) {
    $("issues").append(h("li", { class: "empty" }, h("strong", {}, say("no_issues")), say("no_issues_hint")));
  }
  if (focused) document.querySelector(`[data-issue="${CSS.escape(focused)}"]`)?.focus();
}

function line(entry) {
  const here = entry.id === state.issue;
  const count = entry.articles === 1 ? say("articles_one") : say("articles_many", { count: entry.articles });
  return h("li", {}, h("a", {
    href: `/issue/${encodeURIComponent(entry.id)}`, "data-issue": entry.id,
    "aria-current": here && "page",
    onclick: (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      document.body.dataset.pane = "stage";
      set({ issue: entry.id }, { push: true });
    },
  },
  h("span", { class: "line" }, h("span", { class: "id" }, entry.id), state_(entry)),
  h("b", {}, entry.subject),
  h("span", { class: "line" },
    h("span", { class: "when" }, entry.error ?? `${days(entry.since, entry.until)} · ${count}`),
    entry.findings > 0 && h("span", { class: "chip warning", title: say("findings") }, entry.findings))));
}

function state_({ state: name }) {
  if (!name) return h("span", { class: "chip" }, "…");
  return h("span", { class: `chip ${{ sent: "ok", checked: "ok", draft: "" }[name]}` }, say(name));
}

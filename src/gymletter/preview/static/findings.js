// The findings of `check`, each a click away from its place, and the size of the mail.
import { bytes, h, say } from "./dom.js";
import { set, state } from "./state.js";
import { wantLine } from "./views.js";

// What shows a finding best: the view of a mail program, or without pictures.
const SEEN = [
  [/^size-/, { client: "gmail" }, "client_gmail"],
  [/^picture-(alt|described)/, { pictures: "0" }, "pictures_off"],
  [/^(client-|picture-(width|type|data|blurry))/, { client: "outlook" }, "client_outlook"],
  [/^(subject|preheader|content-(subject|preheader))/, { view: "in_inbox" }, "in_inbox"],
];

export function showFindings(told) {
  const all = told.findings ?? [];
  const groups = ["error", "warning", "note"].map((severity) =>
    [severity, all.filter((finding) => finding.severity === severity)]);
  return h("div", { class: "findings" },
    told.size && meter(told.size),
    told.error && h("p", { class: "finding error" }, told.error.message),
    !all.length && !told.error && h("div", { class: "fine" }, h("strong", {}, `✓ ${say("no_findings")}`), h("span", {}, say("no_findings_hint"))),
    ...groups.filter(([, found]) => found.length).map(([severity, found]) =>
      h("section", {}, h("h2", {}, say(severity), " ", h("span", { class: `chip ${severity}` }, found.length)),
        h("ul", {}, ...found.map(one)))));
}

function meter({ bytes: size, limit }) {
  const kb = bytes(size);
  const kind = size >= limit ? "error" : size >= 0.88 * limit ? "warning" : "ok";
  return h("section", { class: "size" },
    h("h2", {}, say("size_title"), " ", h("span", { class: `chip ${kind}` }, say("size", { kb }))),
    h("meter", { min: 0, max: limit, high: 0.88 * limit, value: size, "aria-label": say("size_title") }),
    h("p", { class: "hint" }, say("size_hint")));
}

function one(finding) {
  const seen = SEEN.find(([pattern]) => pattern.test(finding.code));
  const how = seen && (seen[2] === "pictures_off" ? `${say("pictures")} –` : say(seen[2]));
  return h("li", { class: `finding ${finding.severity}` },
    h("p", { class: "what" }, finding.message),
    h("p", { class: "when" }, finding.when),
    h("p", { class: "remedy" }, finding.remedy),
    h("div", { class: "ends" },
      h("code", {}, finding.code),
      seen && h("button", { class: "button quiet", onclick: () => set({ view: "mail", ...seen[1] }) }, say("see_as", { how })),
      h("button", { class: "button", "data-place": finding.place, title: say("show_place"), onclick: () => go(finding.place) }, `→ ${finding.place}`)));
}

export function go(place) {
  const [kind, line] = place.split(":");
  document.body.dataset.pane = "stage";
  if (kind === "html") {
    wantLine(Number(line));
    set({ view: state.view === "source" ? "source" : "mail" });
  } else if (kind === "text") {
    wantLine(Number(line));
    set({ view: "text" });
  } else if (kind === "subject" || kind === "preheader") {
    document.body.dataset.pane = "panel";
    set({ panel: "edit" });
    document.querySelector(`[data-field="${kind}"]`)?.focus();
  } else set({ view: kind.startsWith("header") ? "headers" : "source" });
}

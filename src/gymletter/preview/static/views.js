// The canvas: the mail, how it looks in an inbox, its text, its headers, its source.
import { sourceAddress } from "./api.js";
import { $, h, say } from "./dom.js";
import { dropFrames, markLine, showFrames, unmark } from "./frames.js";
import { state } from "./state.js";

const MOST_LINES = 4000;
const LONGEST = 20000;
let wantedLine = 0;

export async function showView(told) {
  const canvas = $("canvas");
  canvas.setAttribute("aria-labelledby", `view-${state.view}`);
  canvas.dataset.view = state.view;
  $("tools").hidden = state.view !== "mail" || Boolean(told?.error);
  document.querySelector("[data-choice=zoom]").hidden = $("tools").hidden;
  const about = { outlook: "about_outlook", gmail: "about_gmail" }[state.client];
  const explains = state.view === "in_inbox" ? "about_lists" : state.view === "mail" && about;
  $("about").hidden = !explains || Boolean(told?.error);
  $("about").textContent = explains ? say(explains) : "";
  if (!told) return replace(canvas, empty(say("choose")));
  if (told.error) return replace(canvas, broken(told.error));
  if (state.view === "mail") {
    showFrames(canvas);
    if (wantedLine) later(() => markLine(wantedLine));
    return undefined;
  }
  const made = { in_inbox: lists, text: () => lines(told.text), headers, source }[state.view];
  return replace(canvas, await made(told));
}

function replace(canvas, content) {
  dropFrames(canvas);
  canvas.replaceChildren(content);
  if (wantedLine) canvas.querySelector(`[data-number="${wantedLine}"]`)?.scrollIntoView({ block: "center" });
}

const later = (act) => setTimeout(act, 60);

export function wantLine(line) {
  wantedLine = line;
  if (!line) unmark();
}

const empty = (text) => h("p", { class: "empty" }, text);

function broken(error) {
  return h("section", { class: "broken", role: "alert" },
    h("h2", {}, say("broken")),
    h("p", { class: "message" }, error.message),
    error.place && h("p", { class: "place" }, error.place),
    error.excerpt.length > 0 && h("ol", { class: "excerpt" }, ...error.excerpt.map(([number, text]) =>
      h("li", { "data-number": number, class: number === error.line && "here" }, text || " "))),
    error.remedy && h("p", {}, error.remedy),
    h("p", { class: "hint" }, say("broken_hint")));
}

function headers(told) {
  return h("table", { class: "headers" }, h("tbody", {}, ...told.headers.map(([name, value]) =>
    h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)))));
}

async function source() {
  const answer = await fetch(sourceAddress());
  return lines(await answer.text());
}

function lines(text) {
  const all = text.split("\n");
  const shown = all.slice(0, MOST_LINES);
  return h("div", {},
    h("ol", { class: "lines" }, ...shown.map((line, index) =>
      h("li", { "data-number": index + 1, class: index + 1 === wantedLine && "here" },
        line.slice(0, LONGEST) || " "))),
    (all.length > MOST_LINES || text.length > MOST_LINES * LONGEST) && empty(say("cut")));
}

// In a list of mail: sender, subject and preheader, cut where there is no more room.
function lists(told) {
  const { sender, subject, preheader } = told;
  const mine = { who: sender.name, subject, preheader };
  const dark = state.scheme === "dark" ? "dark" : "light";
  return h("div", { class: "mocks" },
    mock("phone_list", `phone ${dark}`, mine, false),
    mock("desktop_list", `desktop ${dark}`, mine, true));
}

function mock(title, kind, mine, oneLine) {
  const initial = (mine.who.trim()[0] ?? "?").toUpperCase();
  const row = oneLine
    ? h("li", { class: "mine" }, h("b", { class: "who" }, mine.who),
      h("span", { class: "what" }, h("b", {}, mine.subject), h("span", {}, ` – ${mine.preheader}`)),
      h("span", { class: "at" }, say("now")))
    : h("li", { class: "mine" }, h("span", { class: "face" }, initial),
      h("span", { class: "top" }, h("b", { class: "who" }, mine.who), h("span", { class: "at" }, say("now"))),
      h("b", { class: "subject" }, mine.subject), h("span", { class: "words" }, mine.preheader));
  const other = () => h("li", { class: "other", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
  return h("figure", { class: `mock ${kind}` }, h("figcaption", {}, say(title)),
    h("ul", {}, other(), row, other(), other()));
}

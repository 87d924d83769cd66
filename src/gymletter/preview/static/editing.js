// Editing in place: every change is saved to the issue's file at once, and can be undone.
import * as api from "./api.js";
import { $, h, say, toast } from "./dom.js";
import { state } from "./state.js";

let told = null; // what the fields were made of; an edit says that it is based on this version
let picked = null; // what was collected for the issue, and which issue that was
let dragged = null;
let reload = () => {};

export const onSaved = (act) => { reload = act; };

// The panel of the issue. Fields in which somebody types are never touched: where the file has
// changed elsewhere the edit goes on upon the new version, else the server will refuse it.
export function showEditing(fresh) {
  const old = $("panel-body").querySelector(".editing");
  if (!fresh.written) return h("p", { class: "empty" }, say("broken"));
  if (dragged !== null && old?.dataset.issue === state.issue) return old;
  const typed = old?.dataset.issue === state.issue ? unsaved(old) : [];
  if (typed.length && fresh.frozen) {
    // What was typed can no longer be saved, but it is not taken away.
    old.disabled = true;
    if (!old.querySelector(".fixed")) old.prepend(fixed());
    return old;
  }
  if (typed.length) {
    if (typed.every((input) => saved(fresh, input) === input.dataset.saved)) told = fresh;
    else if (fresh.version !== told.version) toast(say("conflict"), "error");
    return old;
  }
  told = fresh;
  if (picked?.issue !== state.issue && !told.frozen) collect(false);
  const focused = old?.contains(document.activeElement) && document.activeElement.dataset.field;
  const made = h("fieldset", { class: "editing", "data-issue": state.issue, disabled: told.frozen },
    told.frozen && fixed(), words("subject"), words("preheader"), articles());
  if (focused) queueMicrotask(() => made.querySelector(`[data-field="${CSS.escape(focused)}"]`)?.focus());
  return made;
}

const fixed = () => h("p", { class: "fixed", role: "note" }, h("span", { "aria-hidden": "true" }, "✓"), " ", say("frozen"));

const unsaved = (panel) =>
  [...panel.querySelectorAll("textarea")].filter((input) => input.value.trim() !== input.dataset.saved);

// What the file holds for a field, by the article it belongs to; undefined where that has moved.
function saved(fresh, input) {
  const { field: name, article, index } = input.dataset;
  if (!article) return fresh.written[name];
  const found = fresh.articles[Number(index)];
  return found?.id === article ? found[name.split("-")[2]] : undefined;
}

function field(name, label, value, save, rows, more = {}) {
  return h("textarea", {
    ...more, rows, value, "data-field": name, "data-saved": value, "aria-label": label, spellcheck: "true",
    oninput: (event) => count(event.target),
    onkeydown: (event) => {
      if (event.key === "Enter") { event.preventDefault(); event.target.blur(); }
      if (event.key === "Escape") { event.target.value = event.target.dataset.saved; event.target.blur(); }
    },
    onblur: (event) => {
      const { value: typed, dataset } = event.target;
      if (typed.trim() !== dataset.saved) save(typed, event.target);
    },
  });
}

function count(input) {
  const note = input.parentElement.querySelector(".count");
  if (note) note.textContent = say("characters", { count: [...input.value].length });
}

function words(name) {
  const value = told.written[name];
  return h("label", { class: "field" }, h("span", {}, say(name), h("small", { class: "count" }, say("characters", { count: [...value].length }))),
    field(name, say(name), value, (typed, input) => send({ field: name, value: typed }, input), name === "subject" ? 2 : 3),
    name === "preheader" && h("small", { class: "hint" }, say("preheader_hint")));
}

function articles() {
  const found = picked?.issue === state.issue && !told.frozen ? picked : null;
  return h("section", { class: "picker" },
    h("h2", {}, say("articles"), !told.frozen && h("button", { class: "button quiet push", onclick: () => collect(true) }, `↻ ${say("collect")}`)),
    h("ol", { class: "taken" }, ...told.articles.map(taken)),
    !found && !told.frozen && h("p", { class: "hint" }, say("collecting")),
    found && h("h3", {}, say("offered")),
    found?.errors.map?.((error) => h("p", { class: "finding error" }, `${error.source}: ${error.message}`))[0],
    found && (found.offered.length ? h("ul", {}, ...found.offered.map(offered)) : h("p", { class: "hint" }, say("none_offered"))),
    found?.skipped.length > 0 && h("details", {}, h("summary", {}, `${say("skipped")} (${found.skipped.length})`),
      h("ul", {}, ...found.skipped.map((one) => h("li", { class: "skipped" }, h("b", {}, one.title || say("untitled")), h("span", {}, one.reason))))));
}

function taken(article, index) {
  const { title } = article;
  const which = { "data-article": article.id, "data-index": index };
  const move = (by) => {
    const order = told.articles.map((_, number) => number);
    order.splice(index + by, 0, ...order.splice(index, 1));
    arrange(order, () => document.querySelector(`[data-move="${index + by}:${by}"]`)?.focus());
  };
  const save = (name) => (typed, input) => send({ article: index, field: name, value: typed }, input);
  return h("li", {
    class: "article", draggable: "false",
    ondragover: (event) => { if (dragged !== null) { event.preventDefault(); event.currentTarget.classList.add(dragged < index ? "under" : "over"); } },
    ondragleave: (event) => event.currentTarget.classList.remove("over", "under"),
    ondrop: (event) => drop(event, index),
  },
  h("div", { class: "line" },
    h("input", { type: "checkbox", checked: true, "aria-label": say("take", { title }), onchange: () => arrange(told.articles.map((_, number) => number).filter((number) => number !== index)) }),
    h("time", {}, article.date),
    h("span", { class: "push" },
      h("span", { class: "handle", draggable: String(!told.frozen), title: say("drop_here"), "aria-hidden": "true", ondragstart: (event) => { dragged = index; event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("application/x-article", title); }, ondragend: () => { dragged = null; reload({ quietly: true }); } }, "⠿"),
      h("button", { class: "button quiet icon", "data-move": `${index}:-1`, disabled: index === 0, "aria-label": say("up", { title }), onclick: () => move(-1) }, "↑"),
      h("button", { class: "button quiet icon", "data-move": `${index}:1`, disabled: index === told.articles.length - 1, "aria-label": say("down", { title }), onclick: () => move(1) }, "↓"))),
  field(`article-${index}-title`, `${say("title")} ${index + 1}`, title, save("title"), 2, which),
  field(`article-${index}-summary`, `${say("summary")} ${index + 1}`, article.summary, save("summary"), 3, which));
}

function offered(article) {
  return h("li", { class: "article" }, h("label", { class: "line" },
    h("input", { type: "checkbox", "aria-label": say("take", { title: article.title }), onchange: () => arrange([...told.articles.map((_, number) => number), article.id]) }),
    h("time", {}, article.date), h("span", { class: "name" }, article.title)));
}

function drop(event, index) {
  if (dragged === null) return; // words that are dragged into a field
  event.preventDefault();
  event.currentTarget.classList.remove("over", "under");
  const order = told.articles.map((_, number) => number);
  order.splice(index, 0, ...order.splice(dragged, 1));
  arrange(order);
}

async function arrange(order, then) {
  const picker = document.querySelector(".picker");
  picker.inert = true; // a click before the answer would be about the old list
  await send({ articles: order });
  picked = null;
  await collect(false);
  picker.inert = false;
  then?.();
}

async function collect(fresh) {
  const issue = state.issue;
  picked = { issue, offered: [], skipped: [], errors: [], ...(picked?.issue === issue ? picked : {}) };
  try {
    picked = { issue, ...(await api.articles(issue, fresh)) };
  } catch (error) {
    picked = { issue, offered: [], skipped: [], errors: [{ source: "", message: error.message }] };
  }
  if (issue === state.issue) reload({ quietly: true });
}

async function send(change, input) {
  try {
    const { version } = await api.edit(state.issue, { version: told.version, ...change });
    if (input) input.dataset.saved = input.value.trim();
    told = { ...told, version };
    if (!change.undo) toast(say("saved", { file: `issues/${state.issue}.md` }));
  } catch (error) {
    const { status, body } = error;
    if (status === 409 && !body.frozen) await lookAgain(input);
    toast(body?.frozen ? say("frozen") : status === 409 ? say("conflict") : error.message, body?.frozen ? "" : "error");
    input?.focus();
  }
  await reload({});
}

// The next try is made on what the file holds now, if the field is still the same one.
async function lookAgain(input) {
  const fresh = await api.issue(state.issue);
  const now = input && fresh.written ? saved(fresh, input) : undefined;
  if (now === undefined) return;
  input.dataset.saved = now;
  told = fresh;
}

export async function undo() {
  await send({ undo: true });
  picked = null;
  toast(say("undone"));
}

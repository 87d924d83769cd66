// The page: asks for the issue, shows it, and follows the files as they change.
import * as api from "./api.js";
import { label, prepareDialogs } from "./dialogs.js";
import { $, say, toast, untoast } from "./dom.js";
import { onSaved, showEditing, undo } from "./editing.js";
import { showFindings } from "./findings.js";
import { fit } from "./frames.js";
import { showList } from "./list.js";
import { onChange, set, state } from "./state.js";
import { showView, wantLine } from "./views.js";

let entries = [];
let told = null;
let asked = 0;

async function loadIssues() {
  entries = await api.issues();
  if (!state.issue && entries.length) set({ issue: entries[0].id });
  showList(entries);
}

async function loadIssue() {
  const number = ++asked;
  if (!state.issue) return show();
  const slow = setTimeout(() => toast(say("making")), 700);
  const fresh = await api.issue(state.issue).finally(() => { clearTimeout(slow); untoast(say("making")); });
  if (number !== asked) return undefined;
  told = fresh;
  return show();
}

async function show() {
  const name = told?.subject ?? state.issue;
  document.title = `${name || say("preview")} · gymletter`;
  $("heading").textContent = name || say("preview");
  $("as-name").textContent = told ? label(told.person) : "";
  $("eml").href = state.issue ? api.emlAddress() : "#";
  $("test").disabled = !told || Boolean(told.error);
  $("undo").hidden = !told?.undo;
  const counts = told?.findings?.filter((finding) => finding.severity !== "note") ?? [];
  const count = told?.error ? "!" : counts.length;
  $("count").textContent = count || "✓";
  $("count").className = `chip ${told?.error || counts.some((finding) => finding.severity === "error") ? "error" : count ? "warning" : "ok"}`;
  showPanel();
  await showView(told);
}

function showPanel() {
  const body = $("panel-body");
  body.setAttribute("aria-labelledby", `panel-${state.panel}`);
  if (!told) return body.replaceChildren();
  const top = body.scrollTop;
  const made = state.panel === "edit" ? showEditing(told) : showFindings(told);
  if (made.parentElement !== body) body.replaceChildren(made);
  body.scrollTop = top;
  return undefined;
}

// The controls say what is chosen.
function showControls() {
  for (const name of ["width", "scheme", "zoom"]) {
    for (const input of document.querySelectorAll(`input[name=${name}]`)) input.checked = input.value === state[name];
  }
  $("pictures").checked = state.pictures === "1";
  $("client").value = state.client;
  for (const [kind, list] of [["view", "views"], ["panel", "panels"]]) {
    for (const tab of $(list).children) {
      const chosen = tab.dataset[kind] === state[kind];
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1;
    }
  }
  for (const button of document.querySelectorAll(".below button")) {
    const { pane, panel } = button.dataset;
    const here = pane === document.body.dataset.pane && (!panel || panel === state.panel);
    button.toggleAttribute("aria-current", here);
  }
}

onChange((before) => {
  showControls();
  if (before.issue !== state.issue) {
    wantLine(0);
    told = null;
    $("canvas").scrollTop = 0;
    showList(entries);
  }
  if (["issue", "as", "reveal"].some((name) => before[name] !== state[name])) loadIssue();
  else if (before.zoom !== state.zoom && before.width === state.width) fit();
  else if (told) show();
});

onSaved(({ quietly }) => (quietly ? showPanel() : Promise.all([loadIssue(), loadIssues()])));

function tabs(list, name) {
  $(list).addEventListener("click", ({ target }) => {
    const tab = target.closest("[role=tab]");
    if (!tab) return;
    wantLine(0);
    set({ [name]: tab.dataset[name] });
  });
  $(list).addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    const all = [...$(list).children];
    const next = all[(all.findIndex((tab) => tab.tabIndex === 0) + by + all.length) % all.length];
    next.click();
    next.focus();
  });
}

function prepare() {
  tabs("views", "view");
  tabs("panels", "panel");
  for (const name of ["width", "scheme", "zoom"]) {
    document.querySelector(`[data-choice=${name}]`).addEventListener("change", ({ target }) => set({ [name]: target.value }));
  }
  $("pictures").addEventListener("change", ({ target }) => set({ pictures: target.checked ? "1" : "0" }));
  $("client").addEventListener("change", ({ target }) => set({ client: target.value }));
  $("filter").addEventListener("input", () => showList(entries));
  $("undo").addEventListener("click", undo);
  $("drawer").addEventListener("click", () => {
    const open = document.body.toggleAttribute("data-drawer");
    $("drawer").setAttribute("aria-expanded", open);
    fit();
  });
  for (const button of document.querySelectorAll(".below button")) {
    button.addEventListener("click", () => {
      document.body.dataset.pane = button.dataset.pane;
      set(button.dataset.panel ? { panel: button.dataset.panel } : {});
      fit();
    });
  }
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea, select");
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing && told?.undo) {
      event.preventDefault();
      undo();
    }
    if (event.key === "Escape") wantLine(0);
  });
  prepareDialogs();
}

function follow() {
  const events = new EventSource("/events");
  let lost = false;
  events.addEventListener("changed", () => { loadIssue(); loadIssues(); });
  events.addEventListener("listed", loadIssues);
  events.addEventListener("error", () => {
    if (!lost) toast(`${say("gone")}. ${say("gone_hint")}`, "error");
    lost = true;
  });
  events.addEventListener("open", () => {
    if (lost) location.reload(); // another run has another token
    document.body.dataset.live = "";
  });
}

prepare();
showControls();
follow();
await Promise.all([loadIssues(), state.issue && loadIssue()]);

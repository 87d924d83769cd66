// Two dialogs: as whom the mail is looked at, and sending one test.
import * as api from "./api.js";
import { $, h, say } from "./dom.js";
import { set, state } from "./state.js";

let timer;
let asked = 0;

export function openPeople() {
  $("as-words").value = "";
  $("reveal").checked = state.reveal === "1";
  $("as-dialog").showModal();
  search();
}

async function search() {
  const number = ++asked;
  let people = [];
  try {
    people = await api.people($("as-words").value);
  } catch (error) {
    $("as-people").replaceChildren(h("li", { class: "empty" }, error.message));
    return;
  }
  if (number !== asked) return;
  $("as-people").replaceChildren(...people.map(person));
  if (!people.length) $("as-people").append(h("li", { class: "empty" }, say("nobody")));
}

export const label = ({ key, name, address }) =>
  key.startsWith("member:") ? name || address : say(`person_${key}`);

function person(one) {
  return h("li", {}, h("button", {
    class: "button quiet", "aria-pressed": String(one.key === state.as),
    onclick: () => { set({ as: one.key }); $("as-dialog").close(); },
  }, h("b", {}, label(one)), h("span", { class: "hint" }, [label(one) === one.name ? "" : one.name, one.address].filter(Boolean).join(" · "))));
}

async function send(event) {
  event.preventDefault();
  $("test-send").disabled = true;
  $("test-result").dataset.kind = "";
  $("test-result").textContent = say("test_busy");
  try {
    $("test-result").textContent = (await api.test(state.issue, $("test-to").value)).result;
  } catch (error) {
    $("test-result").dataset.kind = "error";
    $("test-result").textContent = [error.message, error.body?.remedy].filter(Boolean).join(". ");
  } finally {
    $("test-send").disabled = false;
  }
}

export function prepareDialogs() {
  $("as").addEventListener("click", openPeople);
  $("as-words").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 150); });
  $("reveal").addEventListener("change", () => { set({ reveal: $("reveal").checked ? "1" : "0" }); search(); });
  $("test").addEventListener("click", () => { $("test-result").textContent = ""; $("test-dialog").showModal(); });
  $("test-close").addEventListener("click", () => $("test-dialog").close());
  $("test-form").addEventListener("submit", send);
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  }
}

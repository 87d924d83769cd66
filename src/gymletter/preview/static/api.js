// Asking the server, and telling it; every write carries the token of this run.
import { state } from "./state.js";

const token = document.querySelector("meta[name=token]").content;

const path = (id) => `issue/${encodeURIComponent(id)}`;
const person = () => new URLSearchParams({ as: state.as, reveal: state.reveal });

async function json(address, options) {
  const answer = await fetch(address, options);
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.message), { status: answer.status, body });
  return body;
}

function post(address, body) {
  return json(address, {
    method: "POST",
    headers: { "content-type": "application/json", "x-gymletter-token": token },
    body: JSON.stringify(body),
  });
}

export const issues = () => json("/api/issues");
export const issue = (id) => json(`/api/${path(id)}?${person()}`);
export const articles = (id, fresh) => json(`/api/${path(id)}/articles${fresh ? "?fresh=1" : ""}`);
export const edit = (id, body) => post(`/api/${path(id)}/edit`, body);
export const test = (id, to) => post(`/api/${path(id)}/test`, { to });
export const people = (words) =>
  json(`/api/people?${new URLSearchParams({ q: words, reveal: state.reveal })}`);
export const emlAddress = () => `/${path(state.issue)}/message.eml?${person()}`;
export const sourceAddress = () => `/${path(state.issue)}/source?${person()}`;

export function mailAddress(scheme) {
  const query = person();
  for (const [name, value] of [["scheme", scheme], ["pictures", state.pictures], ["client", state.client]]) {
    query.set(name, value);
  }
  return `/${path(state.issue)}/mail?${query}`;
}

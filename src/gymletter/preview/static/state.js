// What is being looked at. It lives in the address, so that a reload or a colleague sees the same.
const narrow = matchMedia("(max-width: 600px)").matches;
const USUAL = {
  view: "mail", panel: "edit", width: narrow ? "phone" : "desktop", scheme: "light", pictures: "1", client: "none",
  zoom: "fit", as: "sample", reveal: "0",
};
const KEPT = "gymletter preview";

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function fromAddress() {
  const [, , id] = location.pathname.split("/");
  const query = Object.fromEntries(new URLSearchParams(location.search));
  const known = Object.entries({ ...kept(), ...(narrow && { width: USUAL.width }), ...query }).filter(([name]) => name in USUAL);
  // A narrow window starts at the phone, whatever a wide one was last left at.
  return { ...USUAL, ...Object.fromEntries(known), issue: id ? decodeURIComponent(id) : "" };
}

export const state = fromAddress();
const listeners = new Set();
export const onChange = (listener) => listeners.add(listener);

export function set(changes, { push = false } = {}) {
  const before = { ...state };
  Object.assign(state, changes);
  const query = new URLSearchParams();
  for (const name of Object.keys(USUAL)) {
    if (String(state[name]) !== USUAL[name]) query.set(name, state[name]);
  }
  const path = state.issue ? `/issue/${encodeURIComponent(state.issue)}` : "/";
  const address = path + (query.size ? `?${query}` : "");
  history[push ? "pushState" : "replaceState"](null, "", address);
  const { issue, as, reveal, ...settings } = state;
  try {
    localStorage.setItem(KEPT, JSON.stringify({ ...settings, ...(narrow && { width: kept().width }) }));
  } catch {
    // Without storage only this page remembers.
  }
  for (const listener of listeners) listener(before);
}

addEventListener("popstate", () => {
  const before = { ...state };
  Object.assign(state, fromAddress());
  for (const listener of listeners) listener(before);
});

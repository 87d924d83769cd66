// Small helpers: elements without markup strings, texts in the page's language, and morphing.
export const texts = JSON.parse(document.getElementById("texts").textContent);

export const $ = (id) => document.getElementById(id);

export function say(name, values = {}) {
  return Object.entries(values).reduce(
    (text, [key, value]) => text.replaceAll(`{${key}}`, value),
    texts[name] ?? name,
  );
}

// h("button", { class: "x", onclick: f }, "text", child): text is never markup.
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked" || key === "selected") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// Make `old` like `fresh` and touch nothing that is alike: no flash, pictures and scroll stay.
export function morph(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const wanted = [...fresh.childNodes];
  wanted.forEach((child, index) => {
    const here = old.childNodes[index];
    if (!here) old.append(old.ownerDocument.importNode(child, true));
    else if (here.nodeType !== child.nodeType || here.nodeName !== child.nodeName) {
      here.replaceWith(old.ownerDocument.importNode(child, true));
    } else if (child.nodeType === Node.ELEMENT_NODE) morph(here, child);
    else if (here.data !== child.data) here.data = child.data;
  });
  while (old.childNodes.length > wanted.length) old.lastChild.remove();
}

let hiding;
export function toast(text, kind = "") {
  const line = $("toast");
  line.textContent = text;
  line.dataset.kind = kind;
  line.dataset.shown = "";
  clearTimeout(hiding);
  hiding = setTimeout(() => delete line.dataset.shown, kind === "error" ? 8000 : 3000);
}

// Take a text away that is no longer so.
export function untoast(text) {
  if ($("toast").textContent === text) delete $("toast").dataset.shown;
}

export const bytes = (count) => Math.max(1, Math.round(count / 1024));

export function days(since, until) {
  const last = new Date(`${until}T00:00:00Z`);
  last.setUTCDate(last.getUTCDate() - 1);
  const format = new Intl.DateTimeFormat(document.documentElement.lang, {
    day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
  });
  return format.formatRange(new Date(`${since}T00:00:00Z`), last);
}

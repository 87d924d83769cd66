// The mail in frames of chosen widths. A frame runs no script; it is looked into to measure it.
import { mailAddress } from "./api.js";
import { $, h, morph, say } from "./dom.js";
import { set, state } from "./state.js";

const WIDTHS = { desktop: 900, tablet: 768, phone: 375, narrow: 320 };
const [LEAST, MOST, GAP, GRIP] = [240, 1600, 28, 18];
let frames = [];

export const widthOf = (name) => WIDTHS[name] ?? Math.min(MOST, Math.max(LEAST, Number(name) || 900));

function wanted() {
  const widths = state.width === "pair" ? ["desktop", "phone"] : [state.width];
  const schemes = state.scheme === "both" ? ["light", "dark"] : [state.scheme];
  return widths.flatMap((width) => schemes.map((scheme) => ({ width, scheme })));
}

export function showFrames(canvas) {
  const key = JSON.stringify([wanted().length, state.pictures, state.issue]);
  if (canvas.dataset.frames !== key || !frames.length) {
    canvas.dataset.frames = key;
    frames = wanted().map(makeFrame);
    canvas.replaceChildren(h("div", { class: "devices" }, ...frames.map((frame) => frame.figure)));
  }
  wanted().forEach((view, index) => show(frames[index], view));
  fit();
}

export function dropFrames(canvas) {
  frames = [];
  delete canvas.dataset.frames;
}

function makeFrame() {
  const frame = { loaded: null, height: 600 };
  frame.iframe = h("iframe", {
    class: "mailframe", referrerpolicy: "no-referrer",
    sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
  });
  frame.mark = h("div", { class: "mark", hidden: true });
  frame.screen = h("div", { class: "screen" }, frame.iframe, frame.mark);
  frame.caption = h("figcaption");
  frame.grip = h("button", {
    class: "grip", role: "slider", "aria-label": say("drag"), title: say("drag"),
    "aria-valuemin": LEAST, "aria-valuemax": MOST,
    onpointerdown: (event) => drag(event, frame), onkeydown: (event) => nudge(event, frame),
  });
  frame.figure = h("figure", { class: "device" }, frame.caption,
    h("div", { class: "row" }, frame.screen, frame.grip));
  return frame;
}

async function show(frame, { width, scheme }) {
  frame.width = widthOf(width);
  frame.scheme = scheme;
  const name = WIDTHS[width] ? say(width) : say("own_width");
  frame.caption.textContent = `${name} · ${frame.width} px · ${say(scheme).toLowerCase()}`;
  frame.iframe.title = frame.caption.textContent;
  frame.iframe.style.colorScheme = scheme;
  frame.screen.classList.toggle("small", frame.width < 600);
  frame.grip.setAttribute("aria-valuenow", frame.width);
  frame.grip.hidden = state.width === "pair";
  const address = mailAddress(scheme);
  if (frame.loaded === null) {
    frame.loaded = address;
    frame.iframe.addEventListener("load", () => watch(frame), { once: true });
    frame.iframe.src = address;
  } else {
    await refresh(frame, address);
  }
}

async function refresh(frame, address) {
  frame.asked = address;
  const answer = await fetch(address);
  if (!answer.ok || frame.asked !== address || !frame.iframe.contentDocument?.body) return;
  // The frame's own parser: the page's policy would complain about the styles of a mail.
  const parser = new frame.iframe.contentWindow.DOMParser();
  const fresh = parser.parseFromString(await answer.text(), "text/html");
  frame.loaded = address;
  morph(frame.iframe.contentDocument.documentElement, fresh.documentElement);
  measure(frame);
}

function watch(frame) {
  // A picture that arrives makes the mail taller.
  frame.iframe.contentDocument?.addEventListener("load", () => measure(frame), true);
  frame.screen.dataset.ready = "";
  measure(frame);
}

function measure(frame) {
  const root = frame.iframe.contentDocument?.documentElement;
  if (!root) return;
  frame.iframe.style.height = "1px";
  frame.height = Math.max(120, root.scrollHeight);
  fit();
}

export function fit() {
  const canvas = $("canvas");
  if (!frames.length) return;
  const total = frames.reduce((sum, frame) => sum + frame.width, 0);
  const { paddingLeft } = getComputedStyle(canvas.firstElementChild);
  const room = canvas.clientWidth - 2 * parseFloat(paddingLeft) - frames.length * GRIP - (frames.length - 1) * GAP;
  const scale = state.zoom === "fit" ? Math.min(1, room / total) : 1;
  for (const frame of frames) {
    Object.assign(frame.iframe.style, {
      width: `${frame.width}px`, height: `${frame.height}px`, transform: `scale(${scale})`,
    });
    Object.assign(frame.screen.style, {
      width: `${frame.width * scale}px`, height: `${frame.height * scale}px`,
    });
    frame.scale = scale;
    place(frame);
  }
}

function drag(event, frame) {
  const [from, width] = [event.clientX, frame.width];
  frame.grip.setPointerCapture(event.pointerId);
  document.body.classList.add("dragging");
  const move = (now) => {
    // The frame stands in the middle: it grows on both sides.
    const by = ((now.clientX - from) * (frames.length === 1 ? 2 : 1)) / frame.scale;
    set({ width: String(Math.round(Math.min(MOST, Math.max(LEAST, width + by)))) });
  };
  const end = () => {
    document.body.classList.remove("dragging");
    frame.grip.removeEventListener("pointermove", move);
  };
  frame.grip.addEventListener("pointermove", move);
  frame.grip.addEventListener("lostpointercapture", end, { once: true });
}

function nudge(event, frame) {
  const by = { ArrowLeft: -10, ArrowRight: 10 }[event.key];
  if (!by) return;
  event.preventDefault();
  set({ width: String(Math.min(MOST, Math.max(LEAST, frame.width + by))) });
}

// Highlight what stands on a line of the HTML; false where nothing there can be seen.
export function markLine(line) {
  let found = false;
  for (const frame of frames) {
    const all = [...(frame.iframe.contentDocument?.querySelectorAll("[data-line]") ?? [])];
    const seen = all.filter((element) => element.getClientRects().length);
    const exact = seen.find((element) => Number(element.dataset.line) === line);
    frame.marked = exact ?? seen.findLast((element) => Number(element.dataset.line) <= line) ?? null;
    place(frame);
    if (frame.marked && !found) {
      found = true;
      frame.mark.scrollIntoView({ block: "center", behavior: "smooth" });
    }
  }
  return found;
}

export function unmark() {
  for (const frame of frames) {
    frame.marked = null;
    frame.mark.hidden = true;
  }
}

function place(frame) {
  const box = frame.marked?.isConnected ? frame.marked.getBoundingClientRect() : null;
  frame.mark.hidden = !box;
  if (!box) return;
  const scale = frame.scale ?? 1;
  Object.assign(frame.mark.style, {
    left: `${box.left * scale - 4}px`, top: `${box.top * scale - 4}px`,
    width: `${box.width * scale + 8}px`, height: `${box.height * scale + 8}px`,
  });
}

addEventListener("resize", () => frames.forEach(measure));

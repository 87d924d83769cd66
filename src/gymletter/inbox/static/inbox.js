// Keys, and new mail without a reload. The page works without this file.
const rows = () => [...document.querySelectorAll(".row")];

function step(by) {
  const all = rows();
  const here = all.findIndex((row) => row === document.activeElement);
  const from = here < 0 ? all.findIndex((row) => row.hasAttribute("aria-current")) : here;
  all[Math.max(0, Math.min(all.length - 1, from + by))]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "Escape") document.querySelector(".back")?.click();
});

// A row in sight at once, also the thirtieth.
document.querySelector(".row[aria-current]")?.scrollIntoView({ block: "nearest" });

async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["list", "tally"]) {
    const [old, now] = [document.getElementById(id), fresh.getElementById(id)];
    if (old.innerHTML === now.innerHTML) continue;
    const focused = document.activeElement?.getAttribute("href");
    old.innerHTML = now.innerHTML;
    if (focused) old.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  }
  if (!document.body.classList.contains("reading")) document.title = fresh.title;
}

let asking = false;
setInterval(async () => {
  if (document.hidden || asking) return;
  asking = true;
  try {
    await refresh();
  } catch {
    // The inbox has been closed; what is on the page stays readable.
  } finally {
    asking = false;
  }
}, 2000);

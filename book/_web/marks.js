// Marks in the sidebar which chapters are begun and which are done, from the record in this browser
// (store.js keeps it) and by the rule of exercises/progress.py. talk_it_down_pages.py puts MARKS
// above this: what counts as passed, the texts, and the exercises of each page.
const RECORD = "talk-it-down/attempts.jsonl";
const SITE = new URL("../../", import.meta.url);

function bestTotals() {
  const best = new Map();
  for (const line of read().split("\n")) {
    try {
      const { kind, exercise, total } = JSON.parse(line);
      const key = `${kind} ${exercise}`;
      if (typeof total === "number") best.set(key, Math.max(total, best.get(key) ?? 0));
    } catch {
      // no attempt
    }
  }
  return best;
}

function read() {
  try {
    return localStorage.getItem(RECORD) ?? "";
  } catch {
    return ""; // storage is switched off
  }
}

function markAll() {
  const best = bestTotals();
  for (const link of document.querySelectorAll(".bd-links a.internal")) {
    for (const old of link.querySelectorAll(".tid-mark, .tid-mark-text")) old.remove();
    const page = new URL(link.href).pathname.slice(SITE.pathname.length);
    const exercises = MARKS.pages[page.replace(/\.html$/, "")] ?? [];
    if (exercises.some((key) => best.has(key))) {
      const passed = exercises.filter((key) => best.get(key) >= MARKS.pass).length;
      link.append(...mark(passed, exercises.length));
    }
  }
}

// A ring that fills up, and the same in words.
function mark(passed, all) {
  const isDone = passed === all;
  const text = isDone
    ? MARKS.done
    : MARKS.begun.replace("{passed}", passed).replace("{all}", all);
  const ring = document.createElement("span");
  ring.className = isDone ? "tid-mark tid-mark-done" : "tid-mark";
  ring.style.setProperty("--share", Math.max(passed / all, 0.1)); // begun is to be seen
  ring.title = text;
  ring.ariaHidden = "true";
  const words = document.createElement("span");
  words.className = "tid-mark-text tid-unseen";
  words.textContent = ` (${text})`;
  return [ring, words];
}

markAll();
for (const type of ["tid-kept", "storage", "pageshow"]) addEventListener(type, markAll);

// The course inside a learning platform (LMS): shows its pages in a frame, so that one session with
// the platform lasts while the learner turns pages, and reports what the browser's record says.
// pack.py puts this, the platform's own script and `course` into a package; the site has none of it.
import { Store } from "../store.js";
import { welcome } from "./learner.js";
import { Progress } from "./progress.js";

const RECORD = "attempts.jsonl";

const course = JSON.parse(document.querySelector("#course").textContent);
const { texts, pages, pass } = course;
const asked = new URLSearchParams(location.search).get("unit");
const unit = course.units[asked] ?? Object.values(course.units)[0];
const frame = document.querySelector("#pages");
const home = new URL(".", location.href);

const store = new Store();
const platform = await (await import(course.platform)).connect({ onNews: show });
const isKept = welcome(platform.learner ?? "");
const progress = new Progress(unit.exercises, pass, platform.kept ?? "");
let page = pages.includes(platform.page) ? platform.page : unit.first;
let notice = "";

addEventListener("storage", ({ key }) => {
  if (store.changed(key).includes(RECORD)) look();
});
frame.addEventListener("load", turn);
addEventListener("pagehide", () => platform.leave());
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload(); // that session is closed
});
const leave = document.querySelector("#leave");
leave.textContent = texts.leave;
leave.hidden = !platform.returnTo;
leave.addEventListener("click", async () => {
  await platform.leave();
  location.assign(platform.returnTo);
});

look();
frame.src = new URL(page, home);

// Reports what the record says now.
function look() {
  progress.take(store.read(RECORD));
  report();
}

function report() {
  const { score, isTried, isComplete, percent } = progress;
  platform.report({ score, isTried, isComplete, percent, page, kept: String(progress) });
  show();
}

// The frame has another page.
function turn() {
  frame.contentDocument?.addEventListener("click", onClick, { capture: true });
  notice = "";
  const found = pageAt(frame.contentDocument?.URL ?? "");
  if (found && found !== page) {
    page = found;
    report();
  } else {
    show();
  }
}

function onClick(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || link.hasAttribute("download")) return;
  const { href, origin, protocol } = new URL(link.href, link.baseURI);
  if (!/^https?:$/.test(protocol)) return;
  if (origin !== home.origin) {
    // Most sites refuse to be shown in a frame.
    link.target = "_blank";
    link.rel = "noopener";
  } else if (href.split(/[?#]/)[0].endsWith(".html") && !pageAt(href)) {
    event.preventDefault();
    event.stopPropagation();
    notice = texts.elsewhere;
    show();
  }
}

// The package's page at an address, if there is one.
function pageAt(href) {
  const path = href.split(/[?#]/)[0];
  return pages.find((name) => new URL(name, home).href === path);
}

function show() {
  const trouble = notice || texts[isKept ? platform.trouble : "not_kept"];
  const { done, count, score } = progress;
  const told = { done, count, least: pass, score: Math.round(score) };
  const text = trouble || texts.reported.replace(/\{(\w+)\}/g, (_, name) => told[name]);
  const say = document.querySelector("#say");
  if (say.textContent !== text) say.textContent = text;
}

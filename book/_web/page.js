// Brings the exercises of a page to life: what is drawn in the HTML is a usable copy, which the
// real widgets replace once Python runs. What the learner types is kept from the first letter.
import { keepSite } from "./offline.js";
import { Session } from "./session.js";
import { Store } from "./store.js";

const NEAR = "600px"; // how close an exercise is to the window when Python is started for it

const store = new Store();
const exercises = [];
let session = null;
let lastUsed = null; // the exercise, until Python is started again because of it

function start() {
  if (!session) for (const exercise of exercises) exercise.keep();
  session ??= new Session({
    files: store.files(),
    onFiles(changed) {
      for (const [path, text] of Object.entries(changed)) {
        const box = exercises.map((exercise) => exercise.boxOf(path)).find(Boolean);
        // While somebody is typing, the box is newer than the file.
        store.mirror(path, box && text !== null ? box.value : text);
      }
      dispatchEvent(new Event("tid-kept")); // marks.js looks at the record
      warnIfNotKept();
    },
    onDisplay: (place, element) => exercises[place].goLive(element),
    onFailure(reason) {
      console.warn("The exercises have stopped:", reason);
      session = null;
      const stopped = exercises.filter((exercise) => exercise.goStill());
      if (!lastUsed) return;
      for (const exercise of stopped) exercise.restart();
      lastUsed.note("tid-stuck", lastUsed.texts.stuck);
      lastUsed = null;
    },
  });
  return session;
}

// Another tab has changed something: Python hears of it, one file after the other.
let telling = Promise.resolve();
addEventListener("storage", ({ key }) => {
  for (const path of store.changed(key)) {
    for (const exercise of exercises) exercise.takeUp(path);
    tell(path);
  }
});

function tell(path) {
  telling = telling.then(() => {
    if (!session) return undefined; // Python finds it when it starts
    const news = store.news(path);
    return new Promise((resolve) => {
      session.tell(path, news, (taken) => {
        if (taken) store.told(path, news);
        resolve();
      });
    });
  });
}

class Exercise {
  constructor(root, place) {
    this.root = root;
    this.place = place; // which exercise of the page it is
    this.drafts = root.dataset.draft.split(" ").filter(Boolean); // of each box, in their order
    this.texts = JSON.parse(root.dataset.texts);
    this.still = root.querySelector(".tid-still");
    this.stage = "still"; // still -> starting -> live; back to still after a failure
    this.passing = false; // a click whose turn has come
    this.go = []; // the buttons to choose once it is live
    this.ticked = new Set(); // boxes of the still copy that were ticked or cleared

    this.typed = new Set(); // drafts in whose boxes something was typed before Python ran
    for (const draft of this.drafts) this.takeUp(draft);
    root.addEventListener("input", ({ target }) => {
      const draft = this.drafts[boxesIn(root).indexOf(target)];
      if (!draft) return;
      if (this.stage !== "live") this.typed.add(draft);
      const aside = store.write(draft, target.value);
      if (aside) tell(aside);
      warnIfNotKept();
    });
    root.addEventListener("change", ({ target }) => {
      if (this.stage !== "live" && target.type === "checkbox") this.ticked.add(target);
    });
    for (const type of ["compositionstart", "compositionend"]) {
      root.addEventListener(type, () => (this.composing = type === "compositionstart"));
    }
    root.addEventListener("focusin", () => this.wake());
    root.addEventListener("input", () => this.onUse(), { capture: true });
    root.addEventListener("click", (event) => this.onClick(event), { capture: true });
    root.addEventListener("keydown", (event) => this.onKey(event), { capture: true });
  }

  boxOf(draft) {
    return boxesIn(this.root)[this.drafts.indexOf(draft)];
  }

  // Shows the draft as it is kept, unless something else was typed here, or Python looks after it.
  takeUp(draft) {
    const box = this.boxOf(draft);
    if (!box || this.typed.has(draft) || this.stage !== "still") return;
    const kept = store.read(draft);
    if (kept !== null) box.value = kept;
  }

  // What was typed here is what Python finds; another tab's words since then are set aside.
  keep() {
    if (this.stage !== "still") return;
    for (const draft of this.typed) store.write(draft, this.boxOf(draft).value);
  }

  wake() {
    if (this.stage !== "still") return;
    this.stage = "starting";
    start().show(this.root.dataset.kind, this.root.dataset.exercise, this.place);
  }

  onUse() {
    if (this.stage !== "live") return;
    lastUsed = this;
    use();
  }

  onClick(event) {
    const button = event.target.closest("button");
    if (!button) return;
    this.onUse();
    this.root.querySelector(".tid-stuck")?.remove();
    if (this.stage !== "live") {
      if (!button.dataset.go) return;
      this.go.push(button.dataset.go);
      this.say(this.texts.starting);
      this.wake();
    } else if (session.busy && !this.passing) {
      // The last letters are still on their way to Python: it must not judge the text without them.
      event.stopImmediatePropagation();
      session.later(() => {
        this.passing = true;
        button.click();
        this.passing = false;
      });
    }
  }

  // Ctrl+Enter (on a Mac also Cmd+Enter) in a reply box is the button that carries on.
  onKey(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
    if (!event.target.matches(".tid-text textarea")) return;
    const buttons = this.root.querySelectorAll("button.tid-main:enabled");
    const button = [...buttons].find((found) => found.offsetParent !== null);
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    button.click();
  }

  say(text) {
    const region = this.root.querySelector("[data-say]");
    if (region) region.textContent = text;
  }

  goLive(element) {
    if (this.composing) {
      // In the middle of a letter that takes several keys (Japanese, accents): a moment later.
      this.root.addEventListener("compositionend", () => this.goLive(element), { once: true });
      return;
    }
    this.swap(element, this.still);
    this.stage = "live";
    for (const box of this.ticked) {
      const live = twin(box, this.still, element);
      if (live && live.checked !== box.checked) live.click();
    }
    this.ticked.clear();
    for (const name of this.go) this.root.querySelector(`.tid-live .${name}`)?.click();
    this.go = [];
  }

  // Returns whether it was anything else.
  goStill() {
    if (this.stage === "still") return false;
    const live = this.root.querySelector(".tid-live");
    if (live) this.swap(this.still, live);
    this.stage = "still";
    this.typed = new Set(this.drafts); // perhaps, while it was live
    this.go = [];
    this.say(this.texts.failed);
    return true;
  }

  // After a failure: with the same text, but what the failure came from is not done again.
  restart() {
    this.say("");
    this.wake();
  }

  // A sentence below the exercise, whichever form it has.
  note(name, text) {
    if (this.root.querySelector(`.${name}`)) return;
    const note = document.createElement("p");
    note.className = `tid-trouble ${name}`;
    note.setAttribute("role", "status");
    note.textContent = text;
    this.root.append(note);
  }

  // Puts one form of the exercise in the place of the other; the learner keeps text and caret.
  swap(next, previous) {
    const from = boxesIn(previous);
    const active = previous.contains(document.activeElement) ? document.activeElement : null;
    const { selectionStart, selectionEnd, selectionDirection } = active ?? {};
    const scrolled = from.map((box) => box.scrollTop);
    next.hidden = false;
    previous.replaceWith(next);
    const to = boxesIn(next);
    to.slice(0, from.length).forEach((box, i) => {
      box.style.height = from[i].style.height;
      // Only a draft's text was there before Python; another box that is empty says nothing.
      const isUntouched = !this.drafts[i] && next !== this.still && !from[i].value;
      if (isUntouched || box.value === from[i].value) return;
      box.value = from[i].value;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
    this.carryMenus(next, previous);
    const place = from.indexOf(active);
    if (to[place]) {
      to[place].focus({ preventScroll: true });
      to[place].setSelectionRange(selectionStart, selectionEnd, selectionDirection);
      to[place].scrollTop = scrolled[place];
    } else if (active?.dataset.go) {
      const widget = this.root.querySelector(`.${active.dataset.go}`);
      (widget?.querySelector("select") ?? widget)?.focus({ preventScroll: true });
    } else if (active?.type === "checkbox") {
      twin(active, previous, next)?.focus({ preventScroll: true });
    }
  }

  // What was chosen in the still copy's menus is chosen in the widgets', and back.
  carryMenus(next, previous) {
    for (const menu of this.still.querySelectorAll("select[data-go]")) {
      const widget = (next === this.still ? previous : next).querySelector(`.${menu.dataset.go}`);
      const live = widget?.querySelector("select");
      if (!live || live.selectedIndex === menu.selectedIndex) continue;
      if (next === this.still) {
        menu.selectedIndex = live.selectedIndex;
      } else if (menu.selectedIndex > 0) {
        live.selectedIndex = menu.selectedIndex;
        live.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
  }
}

// The check box of one form of an exercise that stands for a box of the other.
function twin(box, from, to) {
  const boxes = (form) => [...form.querySelectorAll("input[type=checkbox]")];
  return boxes(to)[boxes(from).indexOf(box)];
}

const boxesIn = (form) => [...form.querySelectorAll(".tid-text textarea")];

// Practice goes on without storage; the learner is told once.
function warnIfNotKept() {
  if (!store.blocked) return;
  for (const exercise of exercises) exercise.note("tid-not-kept", exercise.texts.not_kept);
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) exercises.find(({ root }) => root === target).wake();
    }
  },
  { rootMargin: `${NEAR} 0px` },
);
for (const root of document.querySelectorAll(".tid-exercise")) {
  exercises.push(new Exercise(root, exercises.length));
  watcher.observe(root);
}

let use; // says that an exercise has been used
const used = new Promise((resolve) => (use = resolve));
keepSite(() => session?.busy, used);

window.talkItDown = { score: (rows) => start().score(rows) };

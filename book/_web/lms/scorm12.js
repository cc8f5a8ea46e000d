// A session with an LMS by SCORM 1.2: the LMS puts an object `API` into a window above this one.
const STEPS = 500; // windows to look through, as a frame may be its own parent's parent
const RETRY = 30; // seconds

// onNews is called when `trouble` may have changed.
export async function connect({ onNews }) {
  const api = find(window) ?? find(window.opener) ?? find(window.top.opener);
  if (!api) return { trouble: "no_platform", report() {}, async leave() {} };
  if (!is(api.LMSInitialize(""))) return { trouble: "ended", report() {}, async leave() {} };
  return new Session(api, onNews);
}

class Session {
  constructor(api, onNews) {
    this.api = api;
    this.onNews = onNews;
    this.start = Date.now();
    this.learner = this.#get("student_id");
    this.page = this.#get("lesson_location");
    this.kept = String(api.LMSGetValue("cmi.suspend_data"));
    this.wasPassed = ["passed", "completed"].includes(this.#get("lesson_status"));
    this.counts = !["browse", "review"].includes(this.#get("lesson_mode"));
    this.trouble = this.counts ? "" : "looking";
    this.#set("exit", "suspend"); // the LMS keeps page and results for the next time
    this.retry = setInterval(() => this.trouble === "not_sent" && this.#commit(), RETRY * 1000);
  }

  report({ score, isTried, isComplete, page, kept }) {
    if (!this.counts) return;
    this.#set("lesson_location", page);
    this.api.LMSSetValue("cmi.suspend_data", kept);
    if (isTried) {
      this.#set("score.min", "0");
      this.#set("score.max", "100");
      this.#set("score.raw", String(score));
    }
    this.#set("lesson_status", isComplete || this.wasPassed ? "passed" : "incomplete");
    this.#commit();
  }

  async leave() {
    if (!this.api) return;
    clearInterval(this.retry);
    this.#set("session_time", clock(Date.now() - this.start));
    this.api.LMSCommit("");
    this.api.LMSFinish("");
    this.api = null;
  }

  #commit() {
    this.trouble = is(this.api.LMSCommit("")) ? "" : "not_sent";
    this.onNews();
  }

  #get(name) {
    return String(this.api.LMSGetValue(`cmi.core.${name}`));
  }

  #set(name, value) {
    this.api.LMSSetValue(`cmi.core.${name}`, value);
  }
}

function find(from) {
  try {
    for (let at = from, step = 0; at && step < STEPS; at = at.parent, step += 1) {
      if (at.API) return at.API;
      if (at.parent === at) break;
    }
  } catch {
    // a window of another host
  }
  return null;
}

// Some say true, and some "true", as the specification does.
const is = (answer) => String(answer) === "true";

// HHHH:MM:SS
function clock(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60];
  return parts.map((part, i) => String(Math.floor(part)).padStart(i ? 2 : 4, "0")).join(":");
}

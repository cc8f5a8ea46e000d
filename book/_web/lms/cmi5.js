// A session with an LMS by cmi5 (Quartz): xAPI statements to the endpoint of the launch address. The
// sections are those of the specification. The libraries there are send the last statement in a way
// that a browser stops when the window closes.
const CMI5 = "https://w3id.org/xapi/cmi5/context/";
const VERBS = "http://adlnet.gov/expapi/verbs/";
const PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress";
const STATE = "talk-it-down";
const RETRY = 30; // seconds

// onNews is called when `trouble` may have changed.
export async function connect({ onNews }) {
  const query = new URLSearchParams(location.search);
  const names = ["endpoint", "fetch", "actor", "registration", "activityId"]; // 8.1
  const launch = Object.fromEntries(names.map((name) => [name, query.get(name)]));
  try {
    if (![launch.endpoint, launch.fetch].every(isAddress)) throw new Error("no cmi5 launch");
    const session = new Session(launch, onNews);
    await session.open();
    return session;
  } catch (error) {
    console.debug("No cmi5 session:", error);
    const trouble = error instanceof Ended ? "ended" : "no_platform";
    return { trouble, report() {}, async leave() {} };
  }
}

class Ended extends Error {}

class Session {
  constructor(launch, onNews) {
    this.launch = launch;
    this.actor = JSON.parse(launch.actor);
    this.onNews = onNews;
    this.start = Date.now();
    this.waiting = []; // statements the LMS does not have yet
    this.trouble = "";
  }

  async open() {
    // 8.2: the token can be fetched once, so a page that is loaded anew has no session.
    const answer = await (await fetch(this.launch.fetch, { method: "POST" })).json();
    if (!answer["auth-token"]) throw new Ended(answer["error-text"]);
    this.headers = {
      Authorization: `Basic ${answer["auth-token"]}`,
      "Content-Type": "application/json",
      "X-Experience-API-Version": "1.0.3",
    };
    const [data, own] = await Promise.all([
      this.#state("LMS.LaunchData"),
      this.#state(STATE),
      // 11: every AU has to ask; the course is in English and starts no sound by itself.
      this.#ask("agents/profile", { profileId: "cmi5LearnerPreferences" }).catch(() => {}),
    ]);
    if (!data) throw new Error("no LMS.LaunchData");
    this.data = data;
    this.learner = JSON.stringify(this.actor.account ?? this.actor);
    this.returnTo = isAddress(data.returnURL) ? data.returnURL : "";
    this.counts = data.launchMode === "Normal";
    if (!this.counts) this.trouble = "looking";
    this.own = { kept: "", page: "", sent: [], ...own };
    ({ kept: this.kept, page: this.page } = this.own);
    this.#add("initialized");
    this.#send();
  }

  report({ score, isTried, isComplete, percent, page, kept }) {
    if (!this.counts) return;
    const isNew = kept !== this.own.kept;
    if (!isNew && page === this.own.page && !isComplete) return;
    Object.assign(this.own, { kept, page });
    const scaled = Number((score / 100).toFixed(4));
    const found = { scaled, raw: Math.round(score), min: 0, max: 100 };
    const { masteryScore } = this.data;
    if (isComplete) {
      this.#once("completed", { completion: true, duration: this.#duration() });
      if (scaled >= (masteryScore ?? 0)) {
        const result = { success: true, score: found, duration: this.#duration() };
        this.#once("passed", result, masteryScore);
      }
    } else if (isTried && isNew) {
      // 7.1.3: an "allowed" statement, as no defined one has a score before the end.
      this.#add("progressed", { score: found, extensions: { [PROGRESS]: percent } });
    }
    this.#send();
  }

  // The window closes, or the learner chose to leave; nothing is sent after it (9.3.8).
  async leave() {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.retry);
    this.#add("terminated", { duration: this.#duration() });
    const body = JSON.stringify(this.waiting);
    if (this.counts) this.#keep().catch(() => {});
    await this.#ask("statements", {}, { method: "POST", body, keepalive: true }).catch(() => {});
  }

  #once(verb, result, masteryScore) {
    if (this.own.sent.includes(verb)) return; // 9.3: once in a registration
    this.own.sent.push(verb);
    this.#add(verb, result, masteryScore);
  }

  #add(verb, result, masteryScore) {
    const { registration, activityId } = this.launch;
    const { contextActivities = {}, extensions = {}, ...template } = this.data.contextTemplate;
    const isDefined = verb !== "progressed";
    const moves = result && ("success" in result || "completion" in result);
    const categories = [isDefined && "cmi5", moves && "moveon"].filter(Boolean); // 9.6.2
    const category = [...(contextActivities.category ?? [])];
    for (const name of categories) {
      const id = `${CMI5}categories/${name}`;
      if (!category.some((activity) => activity.id === id)) {
        category.push({ objectType: "Activity", id });
      }
    }
    const mastery = {};
    if (masteryScore !== undefined) mastery[`${CMI5}extensions/masteryscore`] = masteryScore;
    this.waiting.push({
      id: uuid(),
      actor: this.actor,
      verb: { id: VERBS + verb, display: { en: verb } },
      object: { objectType: "Activity", id: activityId },
      ...(result && { result }),
      context: {
        ...template,
        registration,
        contextActivities: { ...contextActivities, ...(category.length && { category }) },
        extensions: { ...mastery, ...extensions },
      },
      timestamp: new Date().toISOString(),
    });
  }

  // Sends what waits, one statement after the other; what fails waits for the next time.
  #send() {
    this.sending = (this.sending ?? Promise.resolve()).then(async () => {
      clearTimeout(this.retry);
      try {
        while (this.waiting.length && !this.isOver) {
          const [statement] = this.waiting;
          const response = await this.#ask("statements", {}, {
            method: "POST",
            body: JSON.stringify(statement),
          });
          if (response.status >= 500) throw new Error(response.statusText);
          this.waiting.shift();
          if (response.ok) this.trouble = this.counts ? "" : "looking";
          else this.#onRefusal(statement);
        }
        if (this.counts && !this.isOver) await this.#keep();
      } catch (error) {
        console.debug("Not sent:", error);
        if (this.isOver) return;
        this.trouble = "not_sent";
        this.retry = setTimeout(() => this.#send(), RETRY * 1000);
      }
      this.onNews();
    });
  }

  // The LMS would refuse it again now, but perhaps not in the next session.
  #onRefusal(statement) {
    this.own.sent = this.own.sent.filter((verb) => statement.verb.id !== VERBS + verb);
    this.trouble = "refused";
  }

  // Keeps page, results and what was sent, for the next session; only what the LMS has counts as sent.
  async #keep() {
    const waits = (verb) => this.waiting.some(({ verb: { id } }) => id === VERBS + verb);
    const sent = this.own.sent.filter((verb) => !waits(verb));
    const body = JSON.stringify({ ...this.own, sent });
    if (body === this.keptState) return;
    const options = { method: "PUT", body, keepalive: true };
    const response = await this.#ask("activities/state", this.#stateQuery(STATE), options);
    if (!response.ok) throw new Error(`state: ${response.status}`);
    this.keptState = body;
  }

  async #state(id) {
    const response = await this.#ask("activities/state", this.#stateQuery(id));
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`${id}: ${response.status}`);
    return response.json();
  }

  #stateQuery(stateId) {
    const { activityId, registration } = this.launch;
    return { stateId, activityId, registration };
  }

  #ask(resource, query, options = {}) {
    const address = `${this.launch.endpoint.replace(/\/$/, "")}/${resource}`;
    const asked = new URLSearchParams(query);
    if (resource !== "statements") asked.set("agent", this.launch.actor);
    const { headers } = this;
    return fetch(`${address}${String(asked) && `?${asked}`}`, { ...options, headers });
  }

  #duration() {
    return `PT${((Date.now() - this.start) / 1000).toFixed(2)}S`;
  }
}

// No other kind of address: a link could bring one that runs a script.
function isAddress(text) {
  try {
    return /^https?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}

// crypto.randomUUID is missing on an intranet without https.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

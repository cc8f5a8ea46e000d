// What a record says of the exercises of one unit, by the course's own rule: an exercise counts
// with its best total, and the unit is complete when each is at `pass` (exercises/progress.py).
const VERSION = 1; // of a line of the record (exercises/record.py)

export class Progress {
  // exercises: {"<kind> <id>": four-letter code}; kept: what String() gave in an earlier session.
  constructor(exercises, pass, kept) {
    this.exercises = exercises;
    this.pass = pass;
    this.best = new Map(); // code -> best total
    const codes = new Set(Object.values(exercises));
    for (const [, code, hundredths] of kept.matchAll(/([\w-]{4})([0-9a-z]{3})/g)) {
      if (codes.has(code)) this.#add(code, parseInt(hundredths, 36) / 100);
    }
  }

  // Takes in a record, a text with an attempt a line.
  take(record) {
    for (const line of (record ?? "").split("\n")) {
      const { v, kind, exercise, total } = attempt(line);
      const code = this.exercises[`${kind} ${exercise}`];
      if (v === VERSION && code && typeof total === "number") this.#add(code, total);
    }
  }

  get count() {
    return Object.keys(this.exercises).length;
  }

  get done() {
    return [...this.best.values()].filter((total) => total >= this.pass).length;
  }

  get percent() {
    return Math.floor((100 * this.done) / this.count);
  }

  get isTried() {
    return this.best.size > 0;
  }

  get isComplete() {
    return this.done === this.count;
  }

  // The mean best total; what was not tried counts 0.
  get score() {
    const sum = [...this.best.values()].reduce((left, right) => left + Math.round(right * 100), 0);
    return Math.round(sum / this.count) / 100;
  }

  // Short enough for the 4,096 characters that SCORM 1.2 keeps, and without the learner's words.
  toString() {
    const kept = (total) => Math.round(total * 100).toString(36).padStart(3, "0");
    return [...this.best].map(([code, total]) => code + kept(total)).join("");
  }

  #add(code, total) {
    if (total >= 0 && total <= 100) this.best.set(code, Math.max(total, this.best.get(code) ?? 0));
  }
}

function attempt(line) {
  try {
    return JSON.parse(line) ?? {};
  } catch {
    return {}; // an empty line, or a damaged one
  }
}

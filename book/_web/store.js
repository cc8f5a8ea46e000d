// The learner's files (drafts, attempts), kept in this browser under their paths. Other tabs with
// the site change them too: no tab's words may be lost to another's.
export const PREFIX = "talk-it-down/";
// Words of other tabs beside a draft, as in exercises/drafts.py.
const ASIDE = ".aside.json";
const MOST_ASIDE = 20;

export class Store {
  constructor() {
    this.blocked = false; // true once the browser has refused to keep something
    this.seen = {}; // record -> what the Python side of this tab last knew of it
    this.own = {}; // draft -> what this tab last read or wrote
  }

  files() {
    const files = {};
    this.#attempt(() => {
      for (const path of this.#paths()) files[path] = this.#get(path);
    });
    this.seen = { ...files };
    return files;
  }

  read(path) {
    this.own[path] = this.#attempt(() => this.#get(path)) ?? null;
    return this.own[path];
  }

  // Keeps what is typed. Where another tab has typed something else meanwhile, that is set aside,
  // and the path of the file with it is returned.
  write(path, text) {
    const found = this.#attempt(() => this.#get(path)) ?? null;
    const isForeign = found?.trim() && found !== this.own[path] && found !== text;
    const aside = isForeign ? path.replace(/\.txt$/, ASIDE) : null;
    if (aside) this.#set(aside, joined([found], this.#attempt(() => this.#get(aside))));
    this.#set(path, text);
    this.own[path] = text;
    return aside;
  }

  // Takes a file as the Python side has it now; null says that it is gone.
  mirror(path, text) {
    let kept = text;
    if (isRecord(path)) kept = this.#merged(path, text);
    else if (text !== null && path.endsWith(ASIDE)) {
      kept = joined(list(text), this.#attempt(() => this.#get(path)));
    }
    if (kept === null) this.#attempt(() => localStorage.removeItem(PREFIX + path));
    else this.#set(path, kept);
    this.seen[path] = text;
    this.own[path] = text;
  }

  // The files that a storage event is about: those whose key it names, or all.
  changed(key) {
    if (key === null) return [...new Set([...this.#paths(), ...Object.keys(this.seen)])];
    return key.startsWith(PREFIX) ? [key.slice(PREFIX.length)] : [];
  }

  // What the Python side must hear of a file that another tab has changed.
  news(path) {
    const text = this.#attempt(() => this.#get(path)) ?? null;
    if (!isRecord(path)) return { text };
    return { added: minus(text, this.seen[path]), gone: minus(this.seen[path], text) };
  }

  // The Python side has taken the news in.
  told(path, { added, gone }) {
    if (isRecord(path)) this.seen[path] = apply(this.seen[path], added, gone);
  }

  // A record with what this tab has added and removed, and nothing else changed: another tab may
  // have added attempts meanwhile, or deleted the record.
  #merged(path, text) {
    const stored = this.#attempt(() => this.#get(path)) ?? null;
    return apply(stored, minus(text, this.seen[path]), minus(this.seen[path], text));
  }

  #paths() {
    const keys = this.#attempt(() => Object.keys(localStorage)) ?? [];
    return keys.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
  }

  #get(path) {
    return localStorage.getItem(PREFIX + path);
  }

  #set(path, text) {
    this.#attempt(() => localStorage.setItem(PREFIX + path, text));
  }

  #attempt(action) {
    try {
      return action();
    } catch {
      this.blocked = true; // storage is full, or switched off
      return undefined;
    }
  }
}

const isRecord = (path) => path.endsWith(".jsonl");
const lines = (text) => (text ?? "").split("\n").filter((line) => line);

// The lines of one text that another does not have.
function minus(text, other) {
  const known = new Set(lines(other));
  return lines(text).filter((line) => !known.has(line));
}

// A text with lines added and removed; null where none is left.
function apply(text, added, gone) {
  const left = minus(text, gone.join("\n"));
  const all = [...left, ...minus(added.join("\n"), left.join("\n"))];
  return all.length ? all.map((line) => `${line}\n`).join("") : null;
}

// Lists of texts set aside, as one; an earlier state of the same words says nothing more.
function joined(texts, stored) {
  const others = list(stored).filter((other) => !texts.some((text) => text.startsWith(other)));
  return JSON.stringify([...texts, ...others].slice(0, MOST_ASIDE));
}

function list(json) {
  try {
    const found = JSON.parse(json ?? "[]");
    return Array.isArray(found) ? found.filter((text) => typeof text === "string") : [];
  } catch {
    return []; // a damaged list says nothing
  }
}

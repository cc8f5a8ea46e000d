// The learner's files (drafts, attempts), kept in this browser under their paths.
const PREFIX = "talk-it-down/";

export class Store {
  constructor() {
    this.blocked = false; // true once the browser has refused to keep something
    this.seen = {}; // what the Python side last knew of each file
  }

  files() {
    const files = {};
    this.#attempt(() => {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(PREFIX)) files[key.slice(PREFIX.length)] = localStorage.getItem(key);
      }
    });
    this.seen = { ...files };
    return files;
  }

  read(path) {
    return this.#attempt(() => localStorage.getItem(PREFIX + path)) ?? null;
  }

  write(path, text) {
    this.#attempt(() => localStorage.setItem(PREFIX + path, text));
  }

  // Takes a file as the Python side has it now; null says that it is gone.
  mirror(path, text) {
    const lines = path.endsWith(".jsonl") ? this.#linesOfOtherTabs(path) : "";
    if (text === null && !lines) this.#attempt(() => localStorage.removeItem(PREFIX + path));
    else this.write(path, (text ?? "") + lines);
    this.seen[path] = text ?? "";
  }

  // The record only grows: what another tab has added meanwhile must not be lost.
  #linesOfOtherTabs(path) {
    const known = new Set((this.seen[path] ?? "").split("\n"));
    const stored = (this.read(path) ?? "").split("\n");
    return stored.filter((line) => line && !known.has(line)).map((line) => line + "\n").join("");
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

// One browser, several learners: on a shared machine the platform says whose turn it is, and what
// another has written is put aside until they are back.
import { PREFIX } from "../store.js";

const WHOSE = "talk-it-down-learner";
const asideOf = (learner) => `talk-it-down-aside/${encodeURIComponent(learner)}/`;

// Makes the kept files those of this learner; says whether the browser keeps any.
export function welcome(learner) {
  try {
    const before = localStorage.getItem(WHOSE) ?? "";
    if (before !== learner) {
      move(PREFIX, asideOf(before));
      localStorage.setItem(WHOSE, learner);
    }
    move(asideOf(learner), PREFIX); // also what was left half done
    return true;
  } catch {
    return false;
  }
}

function move(from, to) {
  for (const key of Object.keys(localStorage)) {
    const target = to + key.slice(from.length);
    if (!key.startsWith(from) || localStorage.getItem(target) !== null) continue;
    const text = localStorage.getItem(key);
    localStorage.removeItem(key); // first, as there may not be room for both
    try {
      localStorage.setItem(target, text);
    } catch (error) {
      localStorage.setItem(key, text);
      throw error;
    }
  }
}

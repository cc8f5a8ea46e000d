// One Python worker and the widgets it has on this page.

// Everything is loaded from beside this script; BUILD changes when any of it does.
const asset = (name) => new URL(`${name}?v=${BUILD}`, import.meta.url).href;

const STUCK_AFTER = 20; // seconds without an answer once Python is running

export class Session {
  // onFiles({path: text|null}), onDisplay(place, element) and onFailure(reason) tell the page.
  constructor({ files, onFiles, onDisplay, onFailure }) {
    this.callbacks = { onFiles, onDisplay, onFailure };
    this.ready = false;
    this.waiting = new Map(); // message number -> what to do when Python has handled it
    this.count = 0;
    this.silence = 0;
    this.received = Promise.resolve();
    this.turn = Promise.resolve();
    this.queued = 0; // how many actions wait for their turn
    this.worker = new Worker(asset("worker.js"), { type: "module" });
    this.worker.onmessage = ({ data }) => {
      this.silence = 0;
      // One message after the other: a model must exist before it gets its first update.
      this.received = this.received.then(() => this.#receive(JSON.parse(data)));
      this.received.catch((error) => this.#fail(error));
    };
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message);
    };
    this.watch = setInterval(() => this.#watch(), 1000);
    this.worker.postMessage(JSON.stringify({ type: "start", files }));
  }

  // Draws an exercise; onDisplay gets the place back with its element.
  show(kind, exercise, place) {
    this.#widgets().catch((error) => this.#fail(error));
    this.#send({ type: "show", kind, exercise, place });
  }

  // Rows of the grader (JSON lines) -> promise of its results, as the command line prints them.
  score(rows) {
    return new Promise((resolve, reject) => {
      this.#send({ type: "score", rows }, (answer) => {
        if (answer) resolve(answer.results);
        else reject(new Error("The grader did not answer."));
      });
    });
  }

  // Hands on what another tab has changed in a file; done gets whether Python has taken it in.
  tell(path, news, done) {
    this.#send({ type: "news", path, news }, (answer) => done(answer !== null));
  }

  // Does something when Python has handled all that was sent to it, what the one before sent too.
  later(action) {
    this.queued += 1;
    this.turn = this.turn.then(async () => {
      while (this.waiting.size) await new Promise((resolve) => setTimeout(resolve, 10));
      this.queued -= 1;
      action();
    });
  }

  // Whether anything was asked of Python that it has not handled yet, or stands in line.
  get busy() {
    return this.waiting.size > 0 || this.queued > 0;
  }

  stop() {
    clearInterval(this.watch);
    this.worker.terminate();
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const done of waiting) done(null);
  }

  #send(message, done = () => {}) {
    this.count += 1;
    this.waiting.set(this.count, done);
    this.worker.postMessage(JSON.stringify({ ...message, number: this.count }));
  }

  #widgets() {
    this.loadedWidgets ??= Promise.all([
      import(asset("widgets.js")),
      stylesheet(asset("widgets.css")),
    ]).then(([{ Widgets }]) => new Widgets((content, done) => {
      this.#send({ type: "comm", content }, done);
    }));
    return this.loadedWidgets;
  }

  async #receive(message) {
    if (message.type === "ready") {
      this.ready = true;
    } else if (message.type === "done") {
      const done = this.waiting.get(message.number);
      this.waiting.delete(message.number);
      done?.(message);
    } else if (message.type === "files") {
      this.callbacks.onFiles(message.changed);
    } else if (message.type === "display") {
      const element = await (await this.#widgets()).draw(message.items);
      this.callbacks.onDisplay(message.place, element);
    } else if (message.type === "error") {
      this.#fail(message.detail);
    } else {
      await (await this.#widgets()).receive(message);
    }
  }

  // Counts the seconds in which this page ran, so that a laptop's sleep is no failure.
  #watch() {
    if (!this.ready || !this.busy) this.silence = 0;
    else if (++this.silence > STUCK_AFTER) this.#fail("no answer from Python");
  }

  #fail(reason) {
    this.stop();
    this.callbacks.onFailure(reason);
  }
}

function stylesheet(href) {
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    link.onload = resolve;
    link.onerror = () => reject(new Error(`cannot load ${href}`));
    // First, so that the book's own styles win.
    document.head.prepend(link);
  });
}

// Draws ipywidgets with the official manager; their kernel is the Python worker.
import { HTMLManager } from "@jupyter-widgets/html-manager/lib/htmlmanager.js";

export class Widgets {
  // send(content, done) takes a message to Python and calls done when it has been handled.
  constructor(send) {
    this.send = send;
    this.manager = new HTMLManager();
    this.comms = new Map();
  }

  async receive({ type, content, metadata }) {
    if (type === "comm_open") {
      const comm = new Comm(content, this.send);
      this.comms.set(content.comm_id, comm);
      await this.manager.handle_comm_open(comm, { content, metadata });
      return;
    }
    const comm = this.comms.get(content.comm_id);
    if (type === "comm_close") this.comms.delete(content.comm_id);
    await comm?.receive(type, { content, metadata, buffers: [] });
  }

  // items: what Python displayed, widgets and HTML -> an element, drawn but not yet visible.
  async draw(items) {
    const host = document.createElement("div");
    host.className = "tid-live";
    host.hidden = true;
    document.body.append(host); // a widget can only be attached to an element in the page
    for (const { model, html } of items) {
      if (html !== undefined) {
        host.insertAdjacentHTML("beforeend", html);
      } else {
        const view = await this.manager.create_view(await this.manager.get_model(model));
        await this.manager.display_view(view, host);
        await complete(view);
      }
    }
    return host;
  }
}

// A box draws its children later than itself.
async function complete(view) {
  await view.displayed;
  for (const child of (await Promise.all(view.children_views?.views ?? []))) await complete(child);
}

// The page's end of a comm, as the manager wants it.
class Comm {
  constructor({ comm_id, target_name }, send) {
    this.comm_id = comm_id;
    this.target_name = target_name;
    this.toPython = send;
    this.handlers = {};
  }

  open() {
    return "";
  }

  close() {
    return "";
  }

  send(data, callbacks, _metadata, buffers = []) {
    this.toPython({ comm_id: this.comm_id, data, buffers: buffers.map(base64) }, () => {
      // The model holds back further edits until it hears that this one was handled.
      callbacks?.iopub?.status?.({ content: { execution_state: "idle" } });
    });
    return "";
  }

  on_msg(handler) {
    this.handlers.comm_msg = handler;
  }

  on_close(handler) {
    this.handlers.comm_close = handler;
  }

  receive(type, message) {
    return this.handlers[type]?.(message);
  }
}

// What is not text, such as a file that is brought in, as text.
function base64(buffer) {
  const bytes = new Uint8Array(buffer.buffer ?? buffer, buffer.byteOffset ?? 0, buffer.byteLength);
  let binary = "";
  for (let start = 0; start < bytes.length; start += 8192) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return btoa(binary);
}

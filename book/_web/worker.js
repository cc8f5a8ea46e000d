// Python in the background: starts Pyodide with the course and hands messages to kernel.py.
import { loadPyodide } from "pyodide";
import { info } from "pyodide/pyodide-lock.json";

const beside = (name) => new URL(name, import.meta.url).href;

async function start(files) {
  const indexURL = beside(`${PYODIDE}/`);
  // Everything is asked for at once; `script` and `course` arrive while the rest is loading.
  const script = import(`${indexURL}pyodide.asm.js`);
  const course = fetch(beside(`${COURSE}?v=${BUILD}`));
  const pyodide = await loadPyodide({
    indexURL,
    createPyodideModule: async (settings) => (await script).default(settings),
    lockFileContents: { info, packages: {} }, // no package can be fetched from anywhere
    env: { TALK_IT_DOWN_HOME: "/home/learner", JUPYTER_WIDGETS_ECHO: "0" },
    stdout: (line) => console.debug(line),
    stderr: (line) => console.debug(line),
  });
  // Python imports from the archive as it is (compile.py has made it).
  pyodide.FS.writeFile("/course.zip", new Uint8Array(await (await course).arrayBuffer()));
  pyodide.pyimport("sys").path.append("/course.zip");
  const kernel = pyodide.pyimport("kernel");
  kernel.start((text) => postMessage(text), JSON.stringify(files));
  return kernel.handle;
}

// Pyodide says nothing where a file of its own cannot be loaded, and then never starts.
const notLoaded = new Promise((_, reject) => {
  const load = self.fetch;
  self.fetch = async (...request) => {
    try {
      const response = await load(...request);
      if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
      return response;
    } catch (error) {
      reject(error);
      throw error;
    }
  };
});
notLoaded.catch(() => {}); // told below, to whom it concerns

let handle; // promise of kernel.py's function of the same name

self.onmessage = async ({ data }) => {
  try {
    if (handle) {
      (await handle)(data);
    } else {
      handle = Promise.race([start(JSON.parse(data).files), notLoaded]);
      await handle;
      postMessage(JSON.stringify({ type: "ready" }));
    }
  } catch (error) {
    postMessage(JSON.stringify({ type: "error", detail: String(error) }));
  }
};

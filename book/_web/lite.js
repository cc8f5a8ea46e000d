// What JupyterLite's kernel loads as Pyodide: the site's own, from the site's folder, with the whole
// library of Python and the packages that lie beside this file. lite.py puts the folder's name in.
import { loadPyodide as load } from "./loader.js";

const beside = (name) => new URL(name, import.meta.url).href;

export function loadPyodide(options) {
  const indexURL = beside("../../../_static/talk-it-down/PYODIDE/");
  const script = import(`${indexURL}pyodide.asm.js`);
  return load({
    ...options,
    indexURL,
    createPyodideModule: async (settings) => (await script).default(settings),
    stdLibURL: beside("python_stdlib.zip"),
    lockFileURL: beside("pyodide-lock.json"),
    packageBaseUrl: beside("./"),
  });
}

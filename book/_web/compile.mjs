// Runs compile.py in Pyodide: `node compile.mjs PYODIDE TARGET LEAVE_OUT SOURCE...`.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, target, leaveOut, ...sources] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const { info } = JSON.parse(readFileSync(`${folder}/pyodide-lock.json`));
const pyodide = await loadPyodide({
  lockFileContents: { info, packages: {} },
  env: { PYTHONHASHSEED: "0" }, // the same bytes every time
});
pyodide.FS.mkdir("/sources");
const names = sources.map((source) => {
  const name = `/sources/${basename(source)}`;
  pyodide.FS.writeFile(name, readFileSync(source));
  return name;
});
const globals = pyodide.toPy({ __name__: "compile" });
pyodide.runPython(readFileSync(new URL("compile.py", import.meta.url), "utf8"), { globals });
try {
  globals.get("pack")(names, "/packed.zip", leaveOut);
} catch (error) {
  console.error(error.message); // node would print all of Pyodide with it
  process.exit(1);
}
writeFileSync(target, pyodide.FS.readFile("/packed.zip"));

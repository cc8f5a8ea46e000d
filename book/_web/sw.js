// The site's service worker: keeps what has been read in the browser, so that it is there at once
// the next time, and without a connection.
//
// release.py puts FILES above this: {address: [hash, group, other files of a page]}. A file is kept
// under its hash, and none is passed on that has another hash than this release says, so releases
// never mix. A new one gets ready beside the old one, and takes over when the last page of the old
// one is left or loaded anew. (workbox-build would bring hundreds of packages into the build, and
// fetch everything at the first visit.)
const SCOPE = registration.scope;
const CACHE = `talk-it-down ${SCOPE}`; // a host may have two of these sites
const PAUSE = 200; // ms between files that nobody waits for, or between two looks

class OtherRelease extends Error {}

const files = new Map(
  Object.entries(FILES).map(([address, [hash, group, own = []]]) => {
    const [path, query] = address.split("?");
    const key = `${SCOPE}${path}?sha256=${hash}`;
    return [path, { path, query, hash, group, own, key, url: SCOPE + address }];
  }),
);

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(forgetTheOld()));

addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const file = method === "GET" ? fileAt(url) : undefined;
  if (file && isVersion(file, url)) event.respondWith(answer(event.request, file));
});

addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(takeOver());
  if (event.data === "keep the rest") event.waitUntil(keepTheRest());
});

// Keeps what every page needs, the pages that are open, and what was kept of an older release.
async function install() {
  const needed = new Set();
  for (const { url } of await openPages()) {
    const page = fileAt(url);
    if (!page) continue;
    needed.add(page);
    for (const path of page.own) needed.add(files.get(path));
    if (page.group === "exercises") needed.add("python");
  }
  const cache = await caches.open(CACHE);
  for (const { url } of await cache.keys()) needed.add(fileAt(url));
  for (const file of files.values()) {
    if (file.group === "all" || needed.has(file.group) || needed.has(file)) await kept(file);
  }
}

async function forgetTheOld() {
  const current = new Set([...files.values()].map(({ key }) => key));
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    if (!current.has(request.url)) await cache.delete(request);
  }
}

// The only page that is open asks for it, and loads itself anew. Another one that has just been
// closed is counted for a moment.
async function takeOver() {
  for (let tries = 0; tries < 5; tries += 1) {
    if ((await openPages()).length === 1) return skipWaiting();
    await pause();
  }
}

async function keepTheRest() {
  const cache = await caches.open(CACHE);
  for (const file of files.values()) {
    if (await cache.match(file.key)) continue;
    await kept(file);
    await pause();
  }
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, PAUSE));
}

async function openPages() {
  const windows = await clients.matchAll({ includeUncontrolled: true, type: "window" });
  const elsewhere = `${SCOPE}lite/`; // JupyterLite has a worker of its own
  return windows.filter(({ url }) => url.startsWith(SCOPE) && !url.startsWith(elsewhere));
}

async function answer(request, file) {
  try {
    return await kept(file);
  } catch (error) {
    if (!(error instanceof OtherRelease)) return fetch(request);
    if (request.mode !== "navigate") return Response.error();
    // The server has a release of which this worker knows nothing. The page is asked for once
    // more, with no worker between; it will bring its own.
    await registration.unregister();
    return new Response("", { headers: { "Content-Type": "text/html", Refresh: "0" } });
  }
}

// The file of this release at an address, if there is one.
function fileAt(url) {
  if (!url.startsWith(SCOPE)) return undefined;
  const path = new URL(url).pathname.slice(new URL(SCOPE).pathname.length);
  return files.get(path === "" || path.endsWith("/") ? `${path}index.html` : path);
}

// What a page is asked with is for its script; what another file is asked with is its version.
function isVersion({ path, query = "" }, url) {
  return path.endsWith(".html") || new URL(url).search === (query && `?${query}`);
}

// The file, from what is kept, else from the server. Throws OtherRelease.
async function kept(file) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(file.key);
  if (found) return (await compiled(file)) ?? found;
  // The page has just loaded most of it: the browser need not ask again, however old that is.
  const response = (await load(file, "force-cache")) ?? (await load(file, "reload"));
  if (!response) throw new OtherRelease(file.path);
  // Where storage is full, it is as if there were no such worker.
  await cache.put(file.key, response.clone()).catch(() => {});
  return response;
}

// Python's program from the browser's own cache, where it is kept compiled from the first visit on.
// Its folder has Pyodide's version in its name: no two releases have different ones at one address.
async function compiled({ path, url }) {
  if (!path.endsWith(".wasm")) return undefined;
  const settings = { cache: "only-if-cached", mode: "same-origin" };
  const response = await fetch(url, settings).catch(() => undefined);
  return response?.ok ? response : undefined;
}

// The file as the server has it, if that is what this release says.
async function load({ url, hash }, cache) {
  const response = await fetch(url, { cache });
  if (!response.ok && response.status !== 404) throw new Error(`${url}: ${response.status}`);
  const body = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const found = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const type = response.headers.get("Content-Type") ?? "";
  return found === hash ? new Response(body, { headers: { "Content-Type": type } }) : null;
}

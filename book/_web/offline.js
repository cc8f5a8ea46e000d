// Has the browser keep the site (sw.js), once the page itself has nothing left to do.
const QUIET = 5; // seconds in which nothing happens, before anything is fetched that can wait

// isBusy says whether the reader waits for something; `used` resolves when an exercise is used.
export async function keepSite(isBusy, used) {
  const workers = navigator.serviceWorker;
  if (!workers) return; // on an intranet without https there are none: nothing is kept
  if (self !== top) return; // inside a learning platform, whose files these are
  try {
    await takeNewRelease(workers);
    await quiet(isBusy);
    await workers.register(new URL("../../sw.js", import.meta.url));
    await used;
    await quiet(isBusy);
    if (!navigator.connection?.saveData) (await workers.ready).active.postMessage("keep the rest");
  } catch (error) {
    console.debug("The site is not kept:", error); // switched off, or no room
  }
}

// A release that has been waiting for the old one's pages to close gets this page, if it is the
// only one. Nothing is lost: what is typed is stored at every letter.
async function takeNewRelease(workers) {
  const { waiting } = (await workers.getRegistration()) ?? {};
  if (!waiting) return;
  workers.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.postMessage("take over");
}

async function quiet(isBusy) {
  for (let seconds = 0; seconds < QUIET; seconds += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    if (document.readyState !== "complete" || isBusy()) seconds = -1;
  }
}

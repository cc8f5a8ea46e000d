// Gives JupyterLite its own service worker, for its own folder, before it starts. It would take the
// site's (sw.js) for its own, whose pages are around it, and switch off both. lite.py puts the
// version in.
const script = new URL("service-worker.js?enableCache=false", import.meta.url).href;
const workers = navigator.serviceWorker;
const PATIENCE = 5000; // ms; without one notebooks run, and keep nothing that Python writes

if (workers) {
  try {
    // It switches off every worker where this is not what it expects.
    localStorage.setItem(`${script}-version`, VERSION);
    await workers.register(script);
    await inCharge();
  } catch (error) {
    console.debug("JupyterLite has no service worker:", error); // switched off, or no room
  }
}

function inCharge() {
  return new Promise((resolve) => {
    const look = () => workers.controller?.scriptURL === script && resolve();
    workers.addEventListener("controllerchange", look);
    look();
    setTimeout(resolve, PATIENCE);
  });
}

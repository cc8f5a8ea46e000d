// Keeps the keys that an instructor presses in a menu of the review for that menu. JupyterLab would
// take letters, digits and arrows for its cells: x cuts one, 0 0 restarts Python.
if (!("tidReviewKeys" in document.body.dataset)) {
  document.body.dataset.tidReviewKeys = "";
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches(".tid-review select")) target.dataset.lmSuppressShortcuts = "";
  });
}

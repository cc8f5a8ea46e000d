// Narrows the phrase finder down to words and to a criterion.
for (const finder of document.querySelectorAll(".tid-finder:not([data-ready])")) {
  finder.dataset.ready = "";
  const fields = finder.querySelector(".tid-finder-fields");
  const words = fields.querySelector("input");
  const criterion = fields.querySelector("select");
  const told = finder.querySelector(".tid-finder-told");
  const plain = (text) => text.toLowerCase().replaceAll("’", "'");
  let telling;

  const look = () => {
    const wanted = plain(words.value).split(/\s+/).filter(Boolean);
    const isNarrow = Boolean(criterion.value || wanted.length);
    let count = 0;
    for (const part of finder.querySelectorAll("details")) {
      const isChosen = !criterion.value || criterion.value === part.dataset.criterion;
      for (const item of part.querySelectorAll("li")) {
        const text = plain(item.querySelector("span").textContent);
        item.hidden = !isChosen || !wanted.every((word) => text.includes(word));
        count += !item.hidden;
      }
      for (const group of part.querySelectorAll("div")) {
        group.hidden = !group.querySelector("li:not([hidden])");
      }
      part.hidden = !part.querySelector("li:not([hidden])");
      part.open = isNarrow;
    }
    // A moment later, so that a screen reader does not count along with every letter.
    clearTimeout(telling);
    telling = setTimeout(() => {
      const { none, one } = told.dataset;
      const text = count === 1 ? one : told.dataset.count.replace("{count}", count);
      told.textContent = count ? text : none;
    }, 300);
  };
  words.addEventListener("input", look);
  criterion.addEventListener("change", look);
  fields.hidden = false;
}

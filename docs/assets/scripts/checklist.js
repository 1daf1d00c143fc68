/* A checklist whose ticks are kept as notes are. A tick is kept by the words of its item, so that an edition that
   orders the items anew never shows a tick at another one. */
(() => {
  const { say, make, button, store } = guidebook;
  if (!guidebook.foot) return;
  /* The words a reader sees at an item, without its citations and notes. */
  const wordsOf = (box) => {
    const words = box.parentElement.querySelector(".tick-text").cloneNode(true);
    words.querySelectorAll(".note, .cites").forEach((extra) => extra.remove());
    return words.textContent.replace(/\s+/g, " ").trim();
  };
  document.querySelectorAll(".checklist[data-code]").forEach((checklist) => {
    const boxes = [...checklist.querySelectorAll("input[type=checkbox]")];
    const words = new Map(boxes.map((box) => [box, wordsOf(box)]));
    const count = make("span", { class: "tick-count", role: "status" });
    let other = []; // ticked in another edition, at items that are not here: kept, not shown
    let cleared = null;
    const ticked = () => boxes.filter((box) => box.checked);
    const read = () => ({ ticks: [...ticked().map((box) => words.get(box)), ...other] });
    const clear = button("clearTicks", () => {
      if (cleared) show(cleared);
      else [cleared] = [read(), show({})];
      field.changed();
      tell(Boolean(cleared && !ticked().length));
      clear.focus();
    });
    const tell = (undo = false) => {
      if (!undo) cleared = null;
      count.textContent = ticked().length ? say("ticked", { n: ticked().length, all: boxes.length }) : "";
      clear.hidden = !undo && !ticked().length;
      clear.textContent = say(undo ? "undo" : "clearTicks");
    };
    const show = (record) => {
      const ticks = new Set(record.ticks);
      boxes.forEach((box) => (box.checked = ticks.delete(words.get(box))));
      other = [...ticks];
      tell();
    };
    boxes.forEach((box) => (box.checked = false)); // the browser may remember what is ours to keep
    tell();
    const field = guidebook.foot(checklist.dataset.code.toLowerCase(), read, show);
    checklist.addEventListener("change", () => {
      tell();
      field.changed();
    });
    checklist.append(make("p", { class: "tick-foot" }, count, " ", clear), field.line);
  });
})();

/* "Leave this page": the button in the header, and Esc three times. The tab's notes are dropped, a plain calendar takes
   the page's place, and overrides/guard.html keeps the back button from bringing the guides back. */
(() => {
  const calendar = new URL("../../calendar/index.html", document.currentScript.src).href;
  const LEFT = "practitioner-guides:left";
  const leave = () => {
    document.documentElement.hidden = true;
    document.title = "";
    try {
      Object.keys(sessionStorage).filter((key) => key.startsWith("practitioner-guides:")).forEach((key) => sessionStorage.removeItem(key));
      sessionStorage.setItem(LEFT, "yes");
    } catch {} // full, or refused
    // Storage is refused, or on a disk may be each folder's own: a tab keeps its name.
    if (location.protocol === "file:" || !sessionStorage.getItem(LEFT)) window.name = "left";
    try {
      new BroadcastChannel("practitioner-guides").postMessage("left"); // to the pages that the browser put aside
    } catch {} // refused
    if (window.guidebook && guidebook.store) guidebook.store.forget();
    location.replace(calendar);
  };
  document.querySelectorAll(".leave").forEach((button) => button.addEventListener("click", leave));
  let presses = [];
  window.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    presses = [...presses.filter((time) => event.timeStamp - time < 2000), event.timeStamp];
    if (presses.length === 3) leave();
  }, true);
})();

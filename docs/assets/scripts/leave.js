/* "Leave this page": the button in the header, and Esc three times. The tab's notes are dropped, a plain calendar takes
   the page's place, and the back button does not bring the guides back: a page that is loaded anew is replaced before it is
   drawn (overrides/guard.html), one that the browser put aside whole is replaced here. */
(() => {
  const html = document.documentElement;
  const calendar = document.querySelector("[name=neutral-page]").content;
  const LEFT = "practitioner-guides:left";
  const marked = () => {
    try {
      return sessionStorage.getItem(LEFT);
    } catch {
      return null; // storage is refused
    }
  };
  const leave = () => {
    html.hidden = true;
    document.title = "";
    try {
      Object.keys(sessionStorage).filter((key) => key.startsWith("practitioner-guides:")).forEach((key) => sessionStorage.removeItem(key));
      sessionStorage.setItem(LEFT, "yes");
    } catch {} // full, or refused
    // Storage is refused, or on a disk may be each folder's own: a tab keeps its name.
    if (location.protocol === "file:" || !marked()) window.name = "left";
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

  /* Firefox shows a page that it put aside with the tab's storage as it was at that time: such a page cannot know that the
     reader left. It listens, and the message makes the browser drop it; the back button then loads it anew. A page is hidden
     when it is put aside, so that a browser that kept it whole does not flash it either. */
  let hears = location.protocol !== "file:"; // on a disk each file is a site of its own
  try {
    new BroadcastChannel("practitioner-guides").onmessage = () => {};
  } catch {
    hears = false; // refused with storage
  }
  if (!hears) addEventListener("unload", () => {}); // a page that waits for this is not put aside
  addEventListener("pagehide", () => (html.style.visibility = "hidden"));
  addEventListener("pageshow", (event) => {
    if (!event.persisted || !(marked() || window.name === "left")) return (html.style.visibility = "");
    html.hidden = true;
    location.replace(calendar);
  });
})();

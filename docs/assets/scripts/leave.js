/* "Leave this page": a button in the header, and Esc three times. The tab's notes are dropped, a plain calendar
   takes the page's place, and guard.js keeps the back button from bringing the guides back. */
(() => {
  const { say, make, store, root } = guidebook;
  const leave = () => {
    document.documentElement.hidden = true;
    document.title = "";
    if (store) store.forget();
    try {
      sessionStorage.setItem("practitioner-guides:left", "yes");
    } catch {} // full
    if (!sessionStorage.getItem("practitioner-guides:left")) window.name = "left"; // storage refused: a tab keeps its name
    location.replace(`${root}calendar/index.html`);
  };
  const header = document.querySelector(".md-header__inner, .print-bar");
  if (header) header.append(make("button", { type: "button", class: "leave", title: say("leaveHint"), onclick: leave }, make("span", {}, say("leave"))));
  let presses = [];
  window.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    presses = [...presses.filter((time) => event.timeStamp - time < 2000), event.timeStamp];
    if (presses.length === 3) leave();
  }, true);
})();

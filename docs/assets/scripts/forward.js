/* At the address that a page left: on to its new one, with the part after #, which a refresh would lose. */
(() => {
  const target = document.querySelector("main a");
  if (target) location.replace(target.href + (target.hash ? "" : location.hash));
})();

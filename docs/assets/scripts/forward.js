/* At a short address, or one that a page left: on to where the page is, with what stands behind ? and #. */
(() => {
  const link = document.querySelector("main a");
  if (!link) return;
  const target = new URL(link.href);
  target.search = location.search;
  if (!target.hash) target.hash = location.hash;
  location.replace(target.href);
})();

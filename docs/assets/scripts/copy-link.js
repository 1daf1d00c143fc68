/* "Short link" copies the address; without script, or where copying is refused, it is an ordinary link. */
(() => {
  document.querySelectorAll(".copy-link").forEach((link) => {
    link.addEventListener("click", async (event) => {
      if (!navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const status = link.parentElement.querySelector(".copied");
      try {
        await navigator.clipboard.writeText(link.href);
        status.textContent = "Copied";
      } catch {
        location.href = link.href;
      }
    });
  });
})();
/* Material's search dialog has no accessible name (axe: aria-dialog-name). */
document.querySelectorAll(".md-search[role=dialog]").forEach((dialog) => dialog.setAttribute("aria-label", "Search"));

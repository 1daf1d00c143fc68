/* "Short link" copies the address; without script, or where copying is refused, it is an ordinary link.
   In a link kit it copies the public address (data-address), wherever the page is read. */
(() => {
  const said = document.querySelector(".copy-status");
  document.querySelectorAll(".copy-link").forEach((link) => {
    link.addEventListener("click", async (event) => {
      if (!navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      try {
        await navigator.clipboard.writeText(link.dataset.address || link.href);
        document.querySelectorAll(".copied").forEach((note) => { note.textContent = ""; });
        link.parentElement.querySelector(".copied").textContent = "Copied";
        if (said) said.textContent = `Copied ${link.dataset.address}`;
      } catch {
        location.href = link.href;
      }
    });
  });
})();

/* The words of the interface, all of them, and the one way to make an element. Load it before the other scripts.
   Another language is another entry of `languages`; a word that it lacks is said in English. */
(() => {
  const languages = {
    en: {
      reminder: "No names, nothing that could identify a person.",
      inTab: "In this tab only.",
      onDevice: "Kept on this device.",
      onPage: "This browser keeps nothing: save it as a file before you leave the page.",
      keep: "Keep on this device",
      unkeep: "Stop keeping",
      keepTitle: "Keep your notes on this device?",
      keepText: "They stay here when you close the page, until you clear them. Nobody gets them over the internet.",
      keepWarning: "Anyone who uses this device can read them. Say no on a device that you share, or one that others may search or take from you.",
      keepYes: "Keep them here",
      keepNo: "No, only in this tab",
      unkeepDone: "No longer kept on this device. Your notes stay in this tab until you close it.",
      full: "There is no room left on this device for notes. What you wrote is still on this page: save it as a file now.",
      refused: "This browser refused to keep your note. What you wrote is still on this page: save it as a file now.",
      saveFile: "Save as a file",
      conflict: "This was changed in another tab.",
      keepBoth: "Keep both",
      keepMine: "Keep mine",
      takeOther: "Take the other",
      unreadable: "Something was kept here that this edition cannot read. It is left as it is: see My notes.",
      myNotes: "My notes",
      ticked: "{n} of {all} ticked",
      clearTicks: "Clear the ticks",
      undo: "Undo",
      answer: "Write your answer",
      answerLabel: "Your answer to {code}",
      done: "Done",
      readThis: "I have read this chapter",
      read: "read",
      start: "Start the timer",
      pause: "Pause",
      goOn: "Go on",
      reset: "Reset",
      oneMore: "+1 minute",
      timer: "Timer",
      timerStarted: "Timer started: {left}.",
      timerPaused: "Timer paused: {left} left.",
      timerLeft: "{left} left.",
      timeUp: "Time is up.",
      minutes: "{n} minutes",
      minute: "1 minute",
      seconds: "{n} seconds",
      project: "Show large",
      projectLabel: "Show {code} large, for a training room",
      closeLarge: "Close",
      stepOn: "Next step",
      stepBack: "Step back",
      allSteps: "All steps",
      which: "Show",
      allGuides: "All guides",
      nothing: "Nothing is written yet. What you write in a notepad, tick on a checklist or answer in an exercise appears here.",
      nothingGuide: "Nothing is written in this guide yet.",
      count: "{n} written",
      clear: "Clear",
      clearLabel: "Clear {code}",
      clearAll: "Clear all that is shown",
      cleared: "Cleared: {what}.",
      restored: "Put back.",
      saveAs: "Save as",
      exportDocx: "Word document",
      exportText: "Plain text",
      exportBackup: "Backup file",
      importBackup: "Read a backup file",
      exported: "Saved as {name}.",
      imported: "{n} read from the backup.",
      importedBoth: "{n} read from the backup. {both} were different here: both texts are kept.",
      importBad: "This file is not a backup of notes, or it is damaged. Nothing was changed.",
      importSkipped: "{n} entries were left out because they could not be read.",
      fromBackup: "From the backup",
      fromOther: "From the other tab",
      unread: "Not readable by this edition",
      unreadText: "Kept on this device under {code}, in a form that this edition cannot read.",
      download: "Save as it is",
      remove: "Remove",
      document: "My notes",
      documentHint: "Keep this file as you would keep a case file.",
      progressOn: "Mark what I have read and done, on this device",
      progressOff: "Marks removed from this device.",
      progressText: "{guide}: {read} of {chapters} chapters read, {done} of {exercises} exercises done",
      offlineWhole: "The edition of {edition} is stored on this device: all {n} files.",
      offlinePart: "The edition of {edition} is stored only in part: {n} of {all} files. Your browser may have removed some.",
      offlineNone: "Nothing is stored on this device. Storing the pages takes about {size} of your connection.",
      offlineNewer: "A newer edition, of {edition}, is stored too. It shows when you choose so, or when all pages of the guides are closed.",
      offlineOff: "This browser does not store them by itself, because you removed them here.",
      offlineSpare: "This browser does not store them by itself, because your connection is slow or is set to save data.",
      offlineRefused: "This browser does not let the site store pages. Some refuse in a private window, or because of a setting. Take the folder instead.",
      offlineFolder: "You are reading from a folder on a disk. All its pages work without a network already.",
      offlineStore: "Store now",
      offlineAgain: "Store what is missing",
      offlineRemove: "Remove all that is stored",
      offlineStoring: "Storing: {n} of {all} files.",
      offlineDone: "Stored. You can read without a network now.",
      offlineFailed: "It could not be stored. The connection broke off, there is no room on the device, or the site is just being renewed. What was stored before is as it was. Try again.",
      offlineRemoved: "Removed. Your notes were not touched. This browser stores pages again only if you choose Store now.",
      offlineWithout: "This page or file is not stored on this device. It needs a network:",
      fileKeep: "Keep",
      fileKeepLabel: "Keep {name} on this device",
      fileDrop: "Remove",
      fileDropLabel: "Remove {name} from this device",
      fileRenewLabel: "Get the new edition of {name}",
      fileRenew: "Get the new edition",
      fileKept: "Kept on this device.",
      fileOld: "Kept: the edition of {edition}. There is a newer one.",
      fileGetting: "Fetching it ...",
      fileDropped: "Removed.",
      fileFailed: "It could not be fetched or kept. The connection may be down, or there is no room.",
      printWith: "With what I wrote",
      printEmpty: "With empty lines",
      printNow: "Print",
      printChoice: "What shall be printed?",
      printAnswer: "What I wrote:",
    },
  };
  const words = { ...languages.en, ...languages[document.documentElement.lang.slice(0, 2)] };
  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  /* make("button", {class: "tool", onclick: f}, "Clear"): text is always text, never markup. */
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children);
    return element;
  };
  const button = (key, onclick, attributes = {}) => make("button", { type: "button", class: "tool", ...attributes, onclick }, say(key));
  const save = (name, type, content) => {
    const link = make("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };
  /* The site's own address, from this script's: it runs from any base path and from a folder. */
  const root = new URL("../../", document.currentScript.src).href;
  /* The address of a page, by its path below the site; in a folder a page is a file. */
  const page = (path) => root + (location.protocol === "file:" ? path.replace(/(^|\/)(?=[?#]|$)/, "$1index.html") : path);
  window.guidebook = { say, make, button, save, root, page };
})();

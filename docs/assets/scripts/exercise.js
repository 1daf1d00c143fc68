/* An exercise with a timer that a trainer can project, and room for an answer, which is kept as notes are. */
(() => {
  const { say, make, button, store } = guidebook;
  if (!guidebook.writing) return;
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const spoken = (seconds) => {
    const minutes = Math.floor(seconds / 60);
    return [minutes === 1 ? say("minute") : minutes > 1 && say("minutes", { n: minutes }), seconds % 60 && say("seconds", { n: seconds % 60 })]
      .filter(Boolean)
      .join(" ");
  };

  const timer = (total) => {
    let left = total; // seconds, at `since` if it runs
    let since = null;
    let ticking = null;
    const digits = make("span", { class: "timer-digits", role: "timer", "aria-label": say("timer"), "aria-live": "off" }, clock(total));
    const voice = make("span", { class: "unseen", role: "status" });
    const now = () => Math.max(0, since === null ? left : left - Math.round((performance.now() - since) / 1000));
    const draw = () => {
      digits.textContent = clock(now());
      box.classList.toggle("timer-over", now() === 0);
      go.textContent = say(since !== null ? "pause" : left < total && left > 0 ? "goOn" : "start");
    };
    const stop = () => {
      left = now();
      since = null;
      clearInterval(ticking);
    };
    let last = total;
    const tick = () => {
      const seconds = now();
      if (seconds === last) return;
      if (seconds === 0) {
        stop();
        voice.textContent = say("timeUp");
      } else if ([300, 60].some((mark) => seconds <= mark && last > mark)) voice.textContent = say("timerLeft", { left: spoken(seconds) });
      last = seconds;
      draw();
    };
    const go = button("start", () => {
      if (since === null) {
        if (left === 0) left = total;
        last = left;
        since = performance.now();
        ticking = setInterval(tick, 200);
        voice.textContent = say("timerStarted", { left: spoken(left) });
      } else {
        stop();
        voice.textContent = say("timerPaused", { left: spoken(left) });
      }
      draw();
    });
    const box = make(
      "div",
      { class: "timer" },
      digits,
      voice,
      go,
      button("oneMore", () => {
        left += 60;
        last += 60;
        draw();
      }),
      button("reset", () => {
        stop();
        left = last = total;
        voice.textContent = "";
        draw();
      }),
    );
    return box;
  };

  document.querySelectorAll(".exercise[data-code]").forEach((exercise) => {
    const { code, minutes } = exercise.dataset;
    if (minutes) exercise.querySelector(".block-head").append(timer(Number(minutes) * 60));
    const id = code.toLowerCase();
    const answer = make("details", { class: "answer" }, make("summary", {}, say("answer")), guidebook.writing(id, 5, say("answerLabel", { code })));
    answer.open = !store.empty(store.get(id));
    const facilitation = exercise.querySelector("details.facilitation");
    if (facilitation) facilitation.before(answer);
    else exercise.append(answer);
  });
})();

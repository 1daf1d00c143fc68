/* This month, in the language of the browser. */
(() => {
  const now = new Date();
  const [year, month] = [now.getFullYear(), now.getMonth()];
  const title = new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric" }).format(now);
  document.title = title;
  document.querySelector("h1").textContent = title;
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (let day = 0; day < 7; day += 1) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = new Intl.DateTimeFormat(undefined, { weekday: "short" }).format(new Date(2024, 0, 1 + day)); // a Monday
    head.append(cell);
  }
  const body = table.createTBody();
  let row = body.insertRow();
  for (let blank = (new Date(year, month, 1).getDay() + 6) % 7; blank > 0; blank -= 1) row.insertCell();
  for (let day = 1; day <= new Date(year, month + 1, 0).getDate(); day += 1) {
    if (row.cells.length === 7) row = body.insertRow();
    const cell = row.insertCell();
    cell.textContent = day;
    if (day === now.getDate()) cell.className = "today";
  }
  document.getElementById("month").append(table);
})();

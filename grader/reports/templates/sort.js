(() => {
  const table = document.getElementById("students"), body = table.tBodies[0];
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
  const value = (row, column) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
  const compare = (a, b) => a === "" || b === "" ? (a === "") - (b === "") : order.compare(a, b);
  table.querySelectorAll("thead button").forEach(button => button.addEventListener("click", () => {
    const head = button.closest("th"), column = head.cellIndex;
    const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    table.querySelectorAll("thead th").forEach(each => each.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
    const number = head.classList.contains("num");
    const keyed = [...body.rows].map(row => [value(row, column), row]);
    keyed.sort(([a], [b]) => number && a !== "" && b !== "" ? sign * (a - b) : a === "" || b === "" ? compare(a, b) : sign * compare(a, b));
    body.append(...keyed.map(([, row]) => row));
  }));
  const search = document.getElementById("filter");
  search.hidden = false;
  const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  search.addEventListener("input", () => {
    const wanted = plain(search.value.trim());
    for (const row of body.rows) row.hidden = !plain(row.textContent).includes(wanted);
  });
})();

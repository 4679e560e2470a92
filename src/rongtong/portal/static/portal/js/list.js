"use strict";
// Lists under the keyboard: up and down move along the rows, Enter opens the one in hand, j and k do the same.

const STEPS = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };

function rowsOf(table) {
  return [...table.querySelectorAll("tbody tr[tabindex]")];
}

function select(row) {
  rowsOf(row.closest("table")).forEach((other) => other.removeAttribute("aria-selected"));
  row.setAttribute("aria-selected", "true");
}

document.addEventListener("keydown", (event) => {
  const row = event.target.closest("table.rows tbody tr[tabindex]");
  if (!row || event.target !== row) return;
  if (event.key === "Enter") {
    event.preventDefault();
    select(row);
    row.dispatchEvent(new Event("open-row"));
  } else if (event.key in STEPS) {
    event.preventDefault();
    const rows = rowsOf(row.closest("table"));
    const next = rows[rows.indexOf(row) + STEPS[event.key]];
    if (next) next.focus();
  }
});

document.addEventListener("click", (event) => {
  const row = event.target.closest("table.rows tbody tr[tabindex]");
  if (!row || event.target.closest("a, button, input, label, select")) return;
  select(row);
  row.focus();
  row.dispatchEvent(new Event("open-row"));
});

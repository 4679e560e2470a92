"use strict";
// Comparing is for exactly two: the button waits for the second tick and a third tick is not possible.

function settle(form) {
  const boxes = [...form.querySelectorAll("input[name=with]")];
  const chosen = boxes.filter((box) => box.checked);
  boxes.forEach((box) => (box.disabled = chosen.length >= 2 && !box.checked));
  form.querySelector("[data-compare-go]").disabled = chosen.length !== 2;
}

function settleAll() {
  document.querySelectorAll("[data-compare]").forEach(settle);
}

document.addEventListener("change", (event) => {
  if (event.target.name === "with") settle(event.target.form);
});

document.addEventListener("htmx:afterSwap", settleAll);
settleAll();

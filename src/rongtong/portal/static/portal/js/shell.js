"use strict";
// The shell's few habits: rail, "/" for search, closing what is open, saying so when the server does not answer.

const root = document.documentElement;

function toggleRail() {
  const narrow = root.dataset.rail !== "narrow";
  root.dataset.rail = narrow ? "narrow" : "wide";
  document.cookie = `rail=${root.dataset.rail};path=/;max-age=31536000;samesite=lax`;
}

function typing(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

if (window.innerWidth < 720) {
  document.querySelectorAll("[data-collapse-narrow]").forEach((part) => (part.open = false));
}

let opener = null;

function closeDrawer() {
  const drawer = document.getElementById("drawer");
  if (!drawer.childElementCount) return false;
  drawer.replaceChildren();
  document.querySelectorAll("[aria-selected=true]").forEach((row) => row.removeAttribute("aria-selected"));
  if (opener && opener.isConnected) opener.focus();
  return true;
}

function closeMenus(except) {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
}

function say(words, tone) {
  const line = document.createElement("div");
  line.className = `notice notice-${tone}`;
  line.setAttribute("role", "alert");
  line.textContent = words;
  document.getElementById("messages").replaceChildren(line);
}

function removeRow(row) {
  const form = row.closest("form");
  row.remove();
  if (form) form.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-rail-toggle]")) toggleRail();
  if (event.target.closest("[data-close-drawer]")) closeDrawer();
  if (event.target.closest("[data-print]")) window.print();
  const remover = event.target.closest("[data-remove-row]");
  if (remover) removeRow(remover.closest("tr"));
  closeMenus(event.target.closest("details.menu"));
});

document.addEventListener("keydown", (event) => {
  const own = event.key === "Enter" && !event.isComposing && event.target.dataset && event.target.dataset.enter;
  if (own) {
    event.preventDefault();
    document.getElementById(own).click();
    return;
  }
  if (event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    const box = document.querySelector("[data-slash]");
    box.focus();
    box.select();
  }
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else {
      closeDrawer();
    }
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target.id === "drawer") opener = document.activeElement;
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "drawer") event.detail.target.focus();
});

document.addEventListener("htmx:sendError", () => say(document.body.dataset.offline, "error"));

document.addEventListener("htmx:responseError", (event) => {
  const refused = event.detail.xhr.status === 403 || event.detail.xhr.status === 401;
  say(refused ? document.body.dataset.refused : document.body.dataset.failed, "error");
});

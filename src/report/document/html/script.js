"use strict";
// Sorts tables and shows the values of what charts mark. Without it, the page says the same.
(() => {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  // What it says is the mark's own name already.
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);

  const compare = new Intl.Collator("en", { numeric: true }).compare;

  // A cell's number, else its text; null where there is nothing.
  const key = (row, column) => {
    const cell = row.cells[column];
    if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
    const text = cell.textContent.trim();
    return text === "" || text === "–" ? null : text;
  };

  const sort = (table, heading) => {
    const column = heading.cellIndex;
    const wasAscending = heading.getAttribute("aria-sort") === "ascending";
    const wasSorted = heading.hasAttribute("aria-sort");
    // Numbers are of interest from the largest down.
    const ascending = wasSorted ? !wasAscending : !heading.classList.contains("n");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row, place) => ({ row, place, key: key(row, column) }));
    rows.sort((a, b) => {
      // What is nothing goes last, whichever way.
      if (a.key === null || b.key === null) {
        return (a.key === null) - (b.key === null) || a.place - b.place;
      }
      const numbers = typeof a.key === "number" && typeof b.key === "number";
      const order = numbers ? a.key - b.key : compare(String(a.key), String(b.key));
      return (ascending ? order : -order) || a.place - b.place;
    });
    body.append(...rows.map(({ row }) => row));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  };

  for (const table of document.querySelectorAll("table")) {
    if (table.tBodies[0].rows.length < 2) continue;
    for (const heading of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      button.addEventListener("click", () => sort(table, heading));
      heading.append(button);
    }
  }

  const show = (mark, x, y) => {
    tip.textContent = mark.getAttribute("aria-label");
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    const room = document.documentElement;
    const left = Math.min(Math.max(x - width / 2, 4), room.clientWidth - width - 4);
    const above = y - height - 12;
    tip.style.left = `${Math.max(left, 4)}px`;
    tip.style.top = `${above < 4 ? y + 18 : above}px`;
  };
  const hide = () => { tip.hidden = true; };
  // The mark that keys have gone to: its value stays, wherever the page is scrolled.
  let held = null;
  const showHeld = () => {
    if (!held) return hide();
    const box = held.getBoundingClientRect();
    show(held, box.left + box.width / 2, box.top);
  };

  // Arrows go from mark to mark, so that a chart is one stop for the tab key.
  const go = (marks, from, event) => {
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const last = marks.length - 1;
    let to = from + (steps[event.key] ?? 0);
    if (event.key === "Home") to = 0;
    if (event.key === "End") to = last;
    if (event.key === "Escape") {
      held = null;
      hide();
    }
    if (to === from || to < 0 || to > last) return;
    event.preventDefault();
    marks[from].setAttribute("tabindex", "-1");
    marks[to].setAttribute("tabindex", "0");
    marks[to].focus();
  };

  for (const svg of document.querySelectorAll("svg")) {
    const marks = [];
    for (const title of svg.querySelectorAll(".marks title")) {
      const mark = title.parentNode;
      mark.setAttribute("aria-label", title.textContent);
      // Else the browser shows it, too.
      title.remove();
      marks.push(mark);
      mark.addEventListener("mousemove", (event) => show(mark, event.clientX, event.clientY));
      mark.addEventListener("mouseleave", hide);
    }
    if (marks.length === 0 || !svg.closest("figure")) continue;
    // What holds things to go to isn't one picture.
    const title = svg.querySelector(":scope > title");
    if (title && !svg.hasAttribute("aria-label")) {
      svg.setAttribute("aria-label", title.textContent);
      svg.removeAttribute("aria-labelledby");
      const description = svg.querySelector(":scope > desc[id]");
      if (description) svg.setAttribute("aria-describedby", description.id);
      title.remove();
    }
    svg.setAttribute("role", "group");
    marks.forEach((mark, index) => {
      mark.setAttribute("role", "img");
      mark.setAttribute("tabindex", index === 0 ? "0" : "-1");
      mark.addEventListener("keydown", (event) => go(marks, index, event));
      mark.addEventListener("focus", () => {
        held = mark;
        showHeld();
      });
      mark.addEventListener("blur", () => {
        held = null;
        hide();
      });
    });
  }
  // Captured: boxes that scroll tell of it, too.
  window.addEventListener("scroll", showHeld, { passive: true, capture: true });

  // A box that doesn't scroll is no stop for the tab key; one that does says so.
  const boxes = [...document.querySelectorAll(".scroll")];
  const stops = () => {
    for (const box of boxes) {
      const isWide = box.scrollWidth > box.clientWidth;
      box.classList.toggle("wide", isWide);
      if (isWide) box.setAttribute("tabindex", "0");
      else box.removeAttribute("tabindex");
    }
  };
  stops();
  window.addEventListener("resize", stops);
  document.addEventListener("toggle", stops, true);
})();

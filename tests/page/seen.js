// What is wrong with a page as a picture. Gives texts.
(() => {
  const wrong = [];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const told = (text) => `“${text.trim().slice(0, 60)}”`;

  // What is wider than its box must say so.
  for (const box of document.querySelectorAll("*")) {
    if (!shown(box) || !/auto|scroll|hidden|clip/.test(getComputedStyle(box).overflowX)) continue;
    if (box.closest(".chart h3") || box.scrollWidth <= box.clientWidth) continue;
    const cue = getComputedStyle(box, "::before");
    if (cue.content === "none" || cue.display === "none") wrong.push(`cut without a cue: ${told(box.textContent)}`);
  }

  // A heading breaks between words: every letter of a word is on one line.
  const range = document.createRange();
  for (const heading of document.querySelectorAll("h1, h2, h3, thead th, dt, summary")) {
    if (!shown(heading) || heading.closest(".chart")) continue;
    const walker = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode;
      for (const { 0: word, index } of text.data.matchAll(/[\p{L}\p{N}]+/gu)) {
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
        if (lines.size > 1) wrong.push(`${word} broken in ${told(heading.textContent)}`);
      }
    }
  }

  // No heading stands above nothing.
  for (const section of document.querySelectorAll("section")) {
    if (!shown(section)) continue;
    const rest = [...section.children].filter((part) => part.tagName !== "H2" && shown(part));
    if (rest.length === 0) wrong.push(`nothing below ${told(section.textContent)}`);
  }

  // No text of a chart lies on another; what of two boxes shares less than a pixel only touches.
  for (const svg of document.querySelectorAll(".chart svg")) {
    const texts = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim() !== "");
    const boxes = texts.map((text) => ({ text, box: text.getBoundingClientRect() }));
    const scale = svg.getBoundingClientRect().width / 960;
    boxes.forEach(({ text, box }, index) => {
      for (const other of boxes.slice(0, index)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        // A box has room for accents and descenders that letters seldom use.
        if (across > scale && down > 4 * scale) {
          wrong.push(`${told(text.textContent)} lies on ${told(other.text.textContent)}`);
        }
      }
    });
  }
  return wrong;
})()

// What a page must have for people who can't see it well, or use keys alone. Gives what it lacks.
(() => {
  const lacks = [];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const named = (element) => {
    const labels = (element.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
    const text = labels.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
    return (text || element.getAttribute("aria-label") || element.getAttribute("alt") || "").trim();
  };
  const told = (element) => element.outerHTML.slice(0, 120);

  for (const element of document.querySelectorAll("img, svg, [role=img], [role=region], [role=group]")) {
    const inside = element.closest("svg");
    if (inside && inside !== element && !element.hasAttribute("role")) continue;
    if (named(element) === "") lacks.push(`no name: ${told(element)}`);
  }
  for (const element of document.querySelectorAll("button, a[href], summary")) {
    if (element.textContent.trim() === "" && named(element) === "") lacks.push(`no label: ${told(element)}`);
  }
  for (const table of document.querySelectorAll("table")) {
    if (!table.caption?.textContent.trim()) lacks.push(`no caption: ${told(table)}`);
    for (const head of table.querySelectorAll("th")) {
      if (!head.scope) lacks.push(`no scope: ${told(head)}`);
      if (head.scope === "col" && head.textContent.trim() === "") lacks.push(`no heading: ${told(table)}`);
    }
  }
  let level = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) lacks.push(`heading after level ${level}: ${told(heading)}`);
    level = own;
  }
  if (document.querySelectorAll("h1").length !== 1) lacks.push("not one h1");
  for (const landmark of ["header", "main", "nav", "footer"]) {
    if (!document.querySelector(landmark)) lacks.push(`no ${landmark}`);
  }
  if (!document.documentElement.lang) lacks.push("no language");
  if (!document.title) lacks.push("no title");
  const ids = new Set();
  for (const { id } of document.querySelectorAll("[id]")) {
    if (ids.has(id)) lacks.push(`id twice: ${id}`);
    ids.add(id);
  }
  for (const attribute of ["aria-labelledby", "aria-describedby", "href"]) {
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      for (const id of element.getAttribute(attribute).split(" ")) {
        if (attribute === "href" && !id.startsWith("#")) continue;
        if (!ids.has(id.replace("#", ""))) lacks.push(`no such id ${id}: ${told(element)}`);
      }
    }
  }
  for (const box of document.querySelectorAll("*")) {
    const scrolls = /auto|scroll/.test(getComputedStyle(box).overflowX) && box.scrollWidth > box.clientWidth;
    if (scrolls && shown(box) && box.tabIndex < 0) lacks.push(`scrolls, but not by keys: ${told(box)}`);
  }

  // WCAG 2.1: relative luminance, and contrast of at least 4.5, or 3 for large text.
  const colour = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
  const over = ([r, g, b, a = 1], below) => [r, g, b].map((part, i) => part * a + below[i] * (1 - a));
  const luminance = (parts) => {
    const [r, g, b] = parts.map((part) => {
      const value = part / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const paper = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const own = colour(getComputedStyle(at).backgroundColor);
      if (own.length < 3) continue;
      layers.push(own);
      if ((own[3] ?? 1) === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  // Of a chart: what is painted below the middle of the text, from the paper up.
  const painted = (text) => {
    const svg = text.ownerSVGElement;
    const box = text.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    let below = paper(svg.parentElement);
    for (const shape of svg.querySelectorAll("rect, path, polygon, circle")) {
      if (shape.closest(".marks") || !(shape.compareDocumentPosition(text) & 4)) continue;
      const own = shape.getBoundingClientRect();
      if (x < own.left || x > own.right || y < own.top || y > own.bottom) continue;
      const point = new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse());
      if (!shape.isPointInFill(point)) continue;
      const style = getComputedStyle(shape);
      const fill = colour(style.fill);
      if (style.fill === "none" || fill.length < 3) continue;
      below = over([...fill.slice(0, 3), (fill[3] ?? 1) * style.fillOpacity * style.opacity], below);
    }
    return below;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === "" || parent.closest("script, style, title, desc")) continue;
    if (!shown(parent)) continue;
    const style = getComputedStyle(parent);
    const inSvg = parent instanceof SVGElement;
    const below = inSvg ? painted(parent) : paper(parent);
    const ink = colour(inSvg ? style.fill : style.color);
    const seen = over([...ink.slice(0, 3), (ink[3] ?? 1) * style.opacity], below);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const value = contrast(seen, below);
    if (value < (large && !inSvg ? 3 : 4.5)) {
      lacks.push(`contrast ${value.toFixed(2)}: “${walker.currentNode.data.trim().slice(0, 40)}” in ${told(parent)}`);
    }
  }
  return lacks;
})()

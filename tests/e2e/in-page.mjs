// Functions that run inside the page. Each stands alone: it is sent as text.

/** Visible elements with a role and a name, in the order of the document. */
export const findByRole = String(function findByRole(role, source, flags) {
  const native = {
    button: "button, input[type=button], input[type=submit], summary",
    link: "a[href]",
    textbox: "input:not([type]), input[type=text], input[type=search], textarea",
    searchbox: "input[type=search]",
    checkbox: "input[type=checkbox]",
    radio: "input[type=radio]",
    combobox: "select",
    heading: "h1, h2, h3",
    navigation: "nav", banner: "header", contentinfo: "footer", main: "main",
    region: "section[aria-label], section[aria-labelledby]",
    dialog: "dialog[open]", table: "table", row: "tr", progressbar: "progress", status: "output",
  };
  const selector = [`[role="${role}"]`, ...(native[role] ? [native[role]] : [])].join(", ");
  const pattern = new RegExp(source, flags);
  const name = (element) => {
    const given = element.getAttribute("aria-label");
    if (given) return given;
    const by = element.getAttribute("aria-labelledby");
    if (by) return by.split(/\s+/).map((id) => document.getElementById(id)?.innerText ?? "").join(" ").trim();
    if (element.labels?.length) return [...element.labels].map((label) => label.innerText).join(" ").trim();
    return (element.innerText || element.value || element.title || element.placeholder || "").trim();
  };
  return [...document.querySelectorAll(selector)].filter((element) => {
    const own = element.getAttribute("role");
    if (own && own !== role) return false;
    return element.checkVisibility({ visibilityProperty: true }) && pattern.test(name(element));
  });
});

/** Whether some frames were drawn since the last time that it was true. */
export const framesPassed = String(function framesPassed() {
  if (window.strataFramesLeft === undefined) {
    window.strataFramesLeft = 8;
    const pass = () => {
      window.strataFramesLeft -= 1;
      if (window.strataFramesLeft > 0) requestAnimationFrame(pass);
    };
    requestAnimationFrame(pass);
  }
  if (window.strataFramesLeft > 0) return false;
  delete window.strataFramesLeft;
  return true;
});

/** Elements whose text is cut off, other than those that scroll or end in an ellipsis with the whole in a title. */
export const findClipped = String(function findClipped() {
  const clipped = [];
  for (const element of document.body.querySelectorAll("*")) {
    if (element instanceof SVGElement || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    // What is drawn for screen readers alone is one pixel large.
    if (box.width <= 1 || box.height <= 1 || style.display === "inline") continue;
    const wide = element.scrollWidth > element.clientWidth + 1;
    const high = element.scrollHeight > element.clientHeight + 2;
    const scrolls = (overflow) => overflow === "auto" || overflow === "scroll";
    const hides = (overflow) => overflow === "hidden" || overflow === "clip";
    const titled = element.closest("[title]");
    if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) continue;
    const cutWide = wide && !scrolls(style.overflowX) && !(style.textOverflow === "ellipsis" && titled);
    const cutHigh = high && hides(style.overflowY);
    const hasText = element.innerText?.trim();
    if (hasText && (cutWide || cutHigh)) {
      clipped.push(`${element.tagName.toLowerCase()}.${element.className}: "${element.innerText.trim().slice(0, 60)}" is ${element.scrollWidth}x${element.scrollHeight} in ${element.clientWidth}x${element.clientHeight}`);
    }
  }
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth || root.scrollHeight > root.clientHeight) {
    clipped.push(`the page itself is ${root.scrollWidth}x${root.scrollHeight} in ${root.clientWidth}x${root.clientHeight}`);
  }
  return clipped;
});

/** Pieces of text with less contrast to what lies behind them than is easy to read (WCAG 2.2, 1.4.3). */
export const findFaint = String(function findFaint(least) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  // The canvas reads every way to write a colour.
  const rgba = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (front, back) => [0, 1, 2].map((part) => front[part] * front[3] + back[part] * (1 - front[3]));
  const luminance = (colour) => {
    const [red, green, blue] = colour.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const background = (element) => {
    const above = [];
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      above.push(colour);
      if (colour[3] === 1) break;
    }
    return above.reduceRight((back, front) => over(front, back), [255, 255, 255]);
  };
  const opacity = (element) => {
    let product = 1;
    for (let at = element; at; at = at.parentElement) product *= Number(getComputedStyle(at).opacity);
    return product;
  };
  const faint = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.data.trim();
    if (!text || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    // WCAG leaves out what cannot be used now and what is only drawn.
    if (element.closest(":disabled, [aria-disabled=true], [aria-hidden=true], svg")) continue;
    const box = element.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1) continue;
    const back = background(element);
    const colour = rgba(getComputedStyle(element).color);
    const front = over([...colour.slice(0, 3), colour[3] * opacity(element)], back);
    const [dark, light] = [luminance(front), luminance(back)].sort((one, two) => one - two);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < least) faint.add(`"${text.slice(0, 60)}" has ${contrast.toFixed(2)} (${element.tagName.toLowerCase()}.${element.className})`);
  }
  return [...faint];
});

/** Buttons, links and fields that a screen reader could not name. */
export const findNameless = String(function findNameless() {
  const selector = "button, a[href], input, select, textarea, [role=button], [role=tab], [role=option], [role=treeitem]";
  return [...document.querySelectorAll(selector)]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => !(element.getAttribute("aria-label") || element.getAttribute("aria-labelledby") || element.labels?.length
      || element.innerText?.trim() || element.title || element.placeholder))
    .map((element) => element.outerHTML.slice(0, 120));
});

// Elements without a framework: text is always a text node, so nothing that arrives can become markup.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...flat(children));
  return element;
}

export function fill(element, children) {
  element.replaceChildren(...flat(children));
}

export function link(url, ...children) {
  const safe = /^https?:\/\//.test(url || "");
  return safe ? h("a", { href: url, target: "_blank", rel: "noopener" }, ...children) : h("span", {}, ...children);
}

function flat(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== "");
}

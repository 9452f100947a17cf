// The small Markdown that WeCom and DingTalk show: headings, quotes, lists, bold, code, links, WeCom's font colours.
import { h, link } from "./dom.js";

const INLINE = /\*\*(.+?)\*\*|\[([^\]]*)\]\(([^)\s]+)\)|`([^`]+)`|<font color="(\w+)">(.*?)<\/font>|<a href="([^"]+)">(.*?)<\/a>/g;

export function inline(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    nodes.push(text.slice(from, found.index));
    from = found.index + found[0].length;
    const [, bold, label, url, code, colour, toned, address, words] = found;
    if (bold !== undefined) nodes.push(h("strong", {}, inline(bold)));
    else if (url !== undefined) nodes.push(link(url, label));
    else if (code !== undefined) nodes.push(h("code", {}, code));
    else if (colour !== undefined) nodes.push(h("span", { class: `font-${colour}` }, inline(toned)));
    else nodes.push(link(address, words));
  }
  nodes.push(text.slice(from));
  return nodes;
}

export function markdown(text) {
  const blocks = [];
  for (const line of text.split("\n").map((each) => each.trim())) {
    const last = blocks[blocks.length - 1];
    const heading = line.match(/^(#{1,6})\s+(.*)/);
    const item = line.match(/^(?:[-*]|\d+\.)\s+(.*)/);
    if (!line) blocks.push(null);
    else if (heading) blocks.push(h("h4", { class: `level-${heading[1].length}` }, inline(heading[2])));
    else if (line.startsWith(">")) joined(blocks, last, "blockquote", inline(line.replace(/^>\s?/, "")));
    else if (item) last && last.tagName === "UL" ? last.append(h("li", {}, inline(item[1]))) : blocks.push(h("ul", {}, h("li", {}, inline(item[1]))));
    else joined(blocks, last, "p", inline(line));
  }
  return blocks.filter(Boolean);
}

function joined(blocks, last, tag, nodes) {
  if (last && last.tagName === tag.toUpperCase()) last.append(h("br"), ...nodes.filter(Boolean));
  else blocks.push(h(tag, {}, nodes));
}

export function plain(text) {
  return text.split("\n").flatMap((line, index) => [index ? h("br") : null, ...inlineLinks(line)]);
}

function inlineLinks(line) {
  return line.includes("<a ") ? inline(line) : [line];
}

// Who one may be: colleagues, then the customer and the groups, each with what is unread.
import { fill, h } from "./dom.js";
import { $, faceOf, looks, state, unread, writes } from "./state.js";

const CROWDS = [["你想扮演谁？", (persona) => writes(persona.chats[0])], ["客户和群", (persona) => !writes(persona.chats[0])]];

const known = new Map();

export function drawPeople(show) {
  fill($("people"), CROWDS.map(([title, belongs]) => h("section", { class: "crowd" }, h("h2", {}, title), state.personas.filter(belongs).map((persona) => drawPerson(persona, show)))));
  const all = state.personas.reduce((sum, persona) => sum + countOf(persona), 0);
  document.title = all ? `(${all}) 跟单 · 沙盒` : "跟单 · 沙盒";
  const current = $("people").querySelector("[aria-current]");
  if (!current) return;
  $("people").scrollTo({ left: current.offsetLeft - ($("people").clientWidth - current.clientWidth) / 2 });
  current.scrollIntoView({ block: "nearest", inline: "nearest" });
}

const countOf = (persona) => persona.chats.reduce((sum, chat) => sum + unread(chat), 0);

function drawPerson(persona, show) {
  const count = countOf(persona);
  const grown = count > (known.get(persona.key) || 0);
  known.set(persona.key, count);
  return h("button", {
    type: "button", class: `person looks-${looks(persona.chats[0])}`, "aria-current": persona.chats.includes(state.chat) ? "true" : null,
    "aria-label": `${persona.name}，${persona.title}${count ? `，${count} 条未读` : ""}`, title: persona.about,
    onclick: () => show(persona.chats.find((chat) => unread(chat)) || persona.chats[0], true),
  },
  h("span", { class: "face", "aria-hidden": "true" }, faceOf(persona.name)),
  h("span", { class: "who" }, h("strong", {}, persona.name), h("small", {}, persona.title)),
  count ? h("span", { class: `badge ${grown ? "new" : ""}` }, count > 99 ? "99+" : count) : null);
}

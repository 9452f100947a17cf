// The phone: whose it is, the chat, what might be said, and what one says and presses.
import { drawMessage } from "./cards.js";
import { fill, h } from "./dom.js";
import { $, act, APPS, faceOf, heard, looks, messagesOf, personaOf, spoken, state, toast, unread, writes } from "./state.js";

const QUIET_MINUTES = 5;
const ANSWER_MILLISECONDS = 2500;

export function drawPhone(show) {
  const persona = personaOf(state.chat);
  const toCustomer = state.chat.startsWith("wechat/");
  $("phone").className = `phone looks-${looks(state.chat)}`;
  $("app-name").textContent = APPS[state.chat.startsWith("group/") ? looks(state.chat) : state.chat.split("/")[0]];
  $("chat-title").textContent = writes(state.chat) ? "跟单" : toCustomer ? "跟单 · 服务通知" : persona.name;
  $("chat-about").textContent = writes(state.chat) ? "应用" : toCustomer ? "服务号" : "群聊";
  $("me").textContent = writes(state.chat) || toCustomer ? `我是${persona.name}` : "";
  $("composer").hidden = !writes(state.chat);
  $("readonly").hidden = writes(state.chat);
  $("readonly").textContent = toCustomer ? "客户不用登录，也不用装任何东西：进度自己会来。" : "这个群里只有机器人说话。";
  drawTabs(show);
  drawChips();
  drawChat();
}

export function drawTabs(show) {
  const { chats } = personaOf(state.chat);
  $("tabs").hidden = chats.length < 2;
  fill($("tabs"), chats.map((chat) => h("button", {
    type: "button", role: "tab", "aria-selected": String(chat === state.chat), onclick: () => show(chat, true),
  }, APPS[chat.split("/")[0]], unread(chat) > 0 ? h("span", { class: "badge" }, unread(chat)) : null)));
}

export function drawChat(arrived) {
  const messages = messagesOf(state.chat);
  const persona = personaOf(state.chat);
  const context = { press, arrived, face: faceOf(persona.name) };
  const nodes = messages.flatMap((message, index) => [timeBetween(messages[index - 1], message), drawMessage(message, context)]);
  if (!messages.length) nodes.push(drawEmpty(persona));
  if (state.waiting.has(state.chat)) nodes.push(h("div", { class: "message theirs typing", "aria-label": "跟单正在回复" }, h("span", { class: "face seal", "aria-hidden": "true" }, "跟"), h("div", { class: "bubble" }, h("i"), h("i"), h("i"))));
  fill($("chat"), nodes);
  $("chat").scrollTop = $("chat").scrollHeight;
  // A card that changed in place further up is what one waits for.
  $("chat").querySelector(".changed")?.scrollIntoView({ block: "nearest" });
}

function drawEmpty(persona) {
  return h("div", { class: `empty looks-${looks(persona.chats[0])}` },
    h("span", { class: "face", "aria-hidden": "true" }, faceOf(persona.name)), h("strong", {}, `${persona.name} · ${persona.title}`), h("p", {}, persona.about));
}

function timeBetween(before, message) {
  const minutes = before ? (new Date(message.at) - new Date(before.at)) / 60000 : Infinity;
  return minutes < QUIET_MINUTES ? null : h("p", { class: "moment" }, spoken(new Date(message.at)));
}

const STARTERS = 3;

export function drawChips() {
  const words = state.suggestions[personaOf(state.chat)?.key] || [];
  const isNew = !messagesOf(state.chat).length;
  $("chips").hidden = !writes(state.chat) || !words.length;
  $("chips").className = isNew ? "chips starters" : "chips";
  fill($("chips"), (isNew ? words.slice(0, STARTERS) : words).map((text) => h("button", { type: "button", title: text, onclick: () => { type(text); $("text").focus(); } }, text)));
}

export function type(text) {
  $("text").value = text;
  grow();
}

// Pasted orders keep their lines: the box is as high as they need, up to what the style allows. A hidden box has no height.
export function grow() {
  $("text").style.height = "auto";
  if ($("text").scrollHeight) $("text").style.height = `${$("text").scrollHeight + 2}px`;
}

export async function say(text) {
  const chat = state.chat;
  state.waiting.add(chat);
  const answer = await act("say", { chat, text });
  if (answer && answer.status !== 200) toast(answer.status ? `跟单拒绝了这条消息（HTTP ${answer.status}）` : "跟单没有应答，它可能没有在运行");
  setTimeout(() => stopWaiting(chat), ANSWER_MILLISECONDS);
}

export function stopWaiting(chat) {
  if (state.waiting.delete(chat) && chat === state.chat) drawChat();
}

async function press(message, index, element) {
  element.classList.add("pressing");
  const answer = await act("press", { message: message.id, button: index });
  if (answer && answer.status !== 200) toast(answer.status ? `按下的按钮被拒绝（HTTP ${answer.status}）` : "按钮没有得到应答");
  element.classList.remove("pressing");
}

export function read(chat) {
  state.seen.set(chat, heard(chat));
}

// The page: who one is, what they see, what one does. Everything comes from /sandbox/api and goes back there.
import { drawMessage } from "./cards.js";
import { fill, h } from "./dom.js";

const $ = (id) => document.getElementById(id);
const APPS = { wecom: "企业微信", dingtalk: "钉钉", wechat: "微信", group: "群聊" };
const TRACES = [
  ["揽收", "快递员已收取快件", "揽收"],
  ["运输中", "快件到达【杭州转运中心】，正在发往下一站", "在途"],
  ["派件", "快件正在派送，请保持电话畅通", "派件"],
  ["签收", "快件已签收，签收人：前台", "签收"],
];
const PACE = Number(new URLSearchParams(location.search).get("pace") ?? 3); // seconds to read each step of the demo
const LOGGED = 120;
const QUIET_MINUTES = 5;

const state = { personas: [], messages: new Map(), seen: new Map(), chat: "", suggestions: {}, steps: [], scene: { state: "idle" }, zone: "Asia/Shanghai", ahead: 0, waiting: new Set() };

async function call(path, body) {
  const options = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`/sandbox/api/${path}`, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || `HTTP ${response.status}`);
  return answer;
}

// who

const personaOf = (chat) => state.personas.find((persona) => persona.chats.includes(chat));
const messagesOf = (chat) => [...state.messages.values()].filter((message) => message.chat === chat);
const unread = (chat) => messagesOf(chat).filter((message) => !message.mine).length - (state.seen.get(chat) || 0);
const looks = (chat) => (chat.startsWith("group/") ? (chat === "group/stock" ? "wecom" : "dingtalk") : chat.split("/")[0]);

function drawPeople() {
  fill($("people"), state.personas.map((persona) => {
    const count = persona.chats.reduce((sum, chat) => sum + unread(chat), 0);
    const current = persona.chats.includes(state.chat);
    return h("button", {
      type: "button", class: `person looks-${looks(persona.chats[0])}`, "aria-current": current ? "true" : null,
      "aria-label": `${persona.name}，${persona.title}${count ? `，${count} 条未读` : ""}`,
      onclick: () => show(persona.chats.find((chat) => unread(chat)) || persona.chats[0]),
    },
    h("span", { class: "face", "aria-hidden": "true" }, persona.name.includes("群") ? "群" : persona.name.slice(-1)),
    h("span", { class: "who" }, h("strong", {}, persona.name), h("small", {}, persona.title)),
    count ? h("span", { class: "badge" }, count > 99 ? "99+" : count) : null);
  }));
  const current = $("people").querySelector("[aria-current]");
  if (current) $("people").scrollTo({ left: current.offsetLeft - ($("people").clientWidth - current.clientWidth) / 2 });
}

function show(chat) {
  state.chat = chat;
  state.seen.set(chat, messagesOf(chat).filter((message) => !message.mine).length);
  history.replaceState(null, "", `#${chat}`);
  drawPeople();
  drawPhone();
}

// the phone

function drawPhone() {
  const persona = personaOf(state.chat);
  const writes = ["wecom", "dingtalk"].includes(state.chat.split("/")[0]);
  $("phone").className = `phone looks-${looks(state.chat)}`;
  $("app-name").textContent = APPS[state.chat.startsWith("group/") ? looks(state.chat) : state.chat.split("/")[0]];
  $("chat-title").textContent = writes ? "跟单" : state.chat.startsWith("wechat/") ? "跟单 · 服务通知" : persona.name;
  $("chat-about").textContent = writes ? "应用" : state.chat.startsWith("wechat/") ? "服务号" : "群聊";
  drawTabs(persona);
  drawChat();
  drawChips();
  $("composer").hidden = !writes;
  $("readonly").hidden = writes;
  $("readonly").textContent = state.chat.startsWith("wechat/") ? "客户不用登录，也不用装任何东西：进度自己会来。" : "这个群里只有机器人说话。";
}

function drawTabs(persona) {
  $("tabs").hidden = persona.chats.length < 2;
  fill($("tabs"), persona.chats.map((chat) => h("button", {
    type: "button", role: "tab", "aria-selected": String(chat === state.chat), onclick: () => show(chat),
  }, APPS[chat.split("/")[0]], unread(chat) > 0 ? h("span", { class: "badge" }, unread(chat)) : null)));
}

function drawChat(arrived) {
  const chat = $("chat");
  const messages = messagesOf(state.chat);
  const context = { press, arrived, face: personaOf(state.chat).name.slice(-1), looks: looks(state.chat) };
  const nodes = messages.flatMap((message, index) => [timeBetween(messages[index - 1], message), drawMessage(message, context)]);
  if (!messages.length) nodes.push(h("div", { class: "empty" }, h("span", { class: "face seal", "aria-hidden": "true" }, "跟"), h("p", {}, personaOf(state.chat).about)));
  if (state.waiting.has(state.chat)) nodes.push(h("div", { class: "message theirs typing", "aria-label": "跟单正在回复" }, h("span", { class: "face seal", "aria-hidden": "true" }, "跟"), h("div", { class: "bubble" }, h("i"), h("i"), h("i"))));
  fill(chat, nodes);
  chat.scrollTop = chat.scrollHeight;
}

function timeBetween(before, message) {
  const minutes = before ? (new Date(message.at) - new Date(before.at)) / 60000 : Infinity;
  return minutes < QUIET_MINUTES ? null : h("p", { class: "moment" }, spoken(new Date(message.at)));
}

function drawChips() {
  const words = state.suggestions[(personaOf(state.chat) || {}).key] || [];
  const writes = ["wecom", "dingtalk"].includes(state.chat.split("/")[0]);
  $("chips").hidden = !writes || !words.length;
  fill($("chips"), words.map((text) => h("button", { type: "button", onclick: () => { type(text); $("text").focus(); } }, text)));
}

function type(text) {
  $("text").value = text;
  grow();
}

// Pasted orders keep their lines: the box is as high as they need, up to what the style allows.
function grow() {
  $("text").style.height = "auto";
  $("text").style.height = `${$("text").scrollHeight + 2}px`;
}

async function say(text) {
  const chat = state.chat;
  state.waiting.add(chat);
  try {
    const answer = await call("say", { chat, text });
    if (answer.status !== 200) toast(answer.status ? `跟单拒绝了这条消息（HTTP ${answer.status}）` : "跟单没有应答，它可能没有在运行");
  } catch (error) {
    toast(error.message);
  }
  setTimeout(() => stopWaiting(chat), 2500);
}

function stopWaiting(chat) {
  if (state.waiting.delete(chat) && chat === state.chat) drawChat();
}

async function press(message, index, element) {
  element.classList.add("pressing");
  try {
    const answer = await call("press", { message: message.id, button: index });
    if (answer.status !== 200) toast(answer.status ? `按下的按钮被拒绝（HTTP ${answer.status}）` : "按钮没有得到应答");
  } catch (error) {
    toast(error.message);
  }
  element.classList.remove("pressing");
}

// the panel

const part = (moment, options) => moment.toLocaleString("zh-CN", { timeZone: state.zone, hour12: false, ...options });
const timeOf = (moment) => part(moment, { hour: "2-digit", minute: "2-digit" });
const spoken = (moment) => `${part(moment, { month: "long", day: "numeric" })} ${part(moment, { weekday: "short" })} ${timeOf(moment)}`;

function setNow(text) {
  state.ahead = new Date(text) - new Date();
  tick();
}

function tick() {
  const now = new Date(Date.now() + state.ahead);
  $("clock").textContent = spoken(now);
  $("clock").dateTime = now.toISOString();
  $("phone-time").textContent = timeOf(now);
}

function drawWaybills(numbers) {
  const chosen = $("waybill").value;
  $("waybill").disabled = !numbers.length;
  fill($("waybill"), numbers.length ? numbers.map((number) => h("option", { value: number }, number)).reverse() : [h("option", { value: "" }, "发货后会自动订阅")]);
  if (numbers.includes(chosen)) $("waybill").value = chosen;
  $("traces").querySelectorAll("button").forEach((button) => { button.disabled = !numbers.length; });
}

function drawNote(note) {
  const took = note.milliseconds === null ? "" : `${note.milliseconds < 10 ? note.milliseconds.toFixed(1) : Math.round(note.milliseconds)} ms`;
  const app = { ...APPS, kuaidi100: "快递100" }[note.platform];
  const words = { call: `→ ${app}`, callback: `${app} →`, fault: "故障", clock: "时间", problem: "不合规" };
  $("log").prepend(h("li", { class: `note note-${note.kind} looks-${note.platform}` },
    h("span", { class: "tag" }, words[note.kind] || note.kind), h("span", { class: "note-text" }, note.text), h("span", { class: "took" }, took)));
  while ($("log").children.length > LOGGED) $("log").lastChild.remove();
}

function drawScene() {
  const { state: doing, step = -1, reason } = state.scene;
  const playing = doing === "playing";
  fill($("play"), [h("span", { "aria-hidden": "true" }, playing ? "■" : "▶"), playing ? " 停止演示" : doing === "done" ? " 再放一遍" : " 播放演示"]);
  document.querySelector(".play-small").textContent = playing ? "■ 停止" : "▶ 演示";
  fill($("steps"), state.steps.map((each, index) => h("li", { class: doing === "done" || index < step ? "past" : index === step && playing ? "now" : "", title: each.title })));
  $("caption").hidden = doing === "idle";
  $("caption").className = `caption caption-${doing}`;
  if (playing) {
    $("caption-count").textContent = `${step + 1}/${state.steps.length}`;
    $("caption-title").textContent = state.steps[step].title;
    $("caption-text").textContent = state.steps[step].caption;
  } else if (doing === "done") {
    $("caption-count").textContent = "完";
    $("caption-title").textContent = "订单走完了一生";
    $("caption-text").textContent = "换你来：选一个人，点一句示例，按回车。";
  } else if (doing === "failed") {
    $("caption-count").textContent = "停";
    $("caption-title").textContent = "演示停在了这里";
    $("caption-text").textContent = reason;
  }
}

function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { $("toast").hidden = true; }, 4000);
}

// what is new

function take(event) {
  if (event.message) takeMessage(event.message);
  if (event.note) drawNote(event.note);
  if (event.now) { setNow(event.now); refreshSuggestions(); }
  if (event.waybills) drawWaybills(event.waybills);
  if (event.scene) {
    state.scene = event.scene;
    drawScene();
    const persona = state.personas.find((each) => each.key === event.scene.focus);
    if (persona) show(persona.chats[0]);
  }
}

function takeMessage(message) {
  const known = state.messages.has(message.id);
  state.messages.set(message.id, message);
  if (!message.mine) stopWaiting(message.chat);
  if (message.chat === state.chat) {
    state.seen.set(message.chat, messagesOf(message.chat).filter((each) => !each.mine).length);
    drawChat(message.id);
  }
  if (!known) { drawPeople(); drawTabs(personaOf(state.chat)); refreshSuggestions(); }
}

function refreshSuggestions() {
  clearTimeout(refreshSuggestions.timer);
  refreshSuggestions.timer = setTimeout(async () => { state.suggestions = await call("suggestions"); drawChips(); }, 150);
}

// Everything is read anew whenever the stream opens, so that nothing falls into the gap before it.
function follow() {
  let loaded = Promise.resolve();
  const source = new EventSource("/sandbox/api/events");
  source.onopen = () => { loaded = load(); };
  source.onmessage = async (event) => { await loaded; take(JSON.parse(event.data)); };
  source.onerror = () => toast("与沙盒的连接断了，正在重连…");
}

async function load() {
  const [all, suggestions] = await Promise.all([call("state"), call("suggestions")]);
  Object.assign(state, { personas: all.personas, steps: all.steps, scene: all.scene, zone: all.zone, suggestions });
  state.messages = new Map(all.messages.map((message) => [message.id, message]));
  for (const persona of state.personas) for (const chat of persona.chats) state.seen.set(chat, messagesOf(chat).filter((message) => !message.mine).length);
  fill($("log"), []);
  all.notes.forEach(drawNote);
  setNow(all.now);
  drawWaybills(all.waybills);
  drawScene();
  const wanted = decodeURIComponent(location.hash.slice(1));
  show(personaOf(wanted) ? wanted : state.chat || state.personas[0].chats[0]);
}

function wire() {
  fill($("traces"), TRACES.map(([name, text, mark]) => h("button", { type: "button", onclick: () => act("trace", { waybill: $("waybill").value, text, state: mark, place: "杭州市" }) }, name)));
  $("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = $("text").value.trim();
    if (text) say(text);
    type("");
  });
  $("text").addEventListener("input", grow);
  $("text").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    $("composer").requestSubmit();
  });
  document.querySelectorAll("[data-hours], [data-to]").forEach((button) => button.addEventListener("click", () => act("clock", button.dataset.to ? { to: button.dataset.to } : { hours: Number(button.dataset.hours) })));
  document.querySelectorAll("[data-play]").forEach((button) => button.addEventListener("click", () => {
    closePanel();
    act("scene", state.scene.state === "playing" ? { action: "stop" } : { action: "start", pace: PACE });
  }));
  $("panel-toggle").addEventListener("click", () => {
    const open = document.body.classList.toggle("panel-open");
    $("panel-toggle").setAttribute("aria-expanded", String(open));
    $("panel-toggle").textContent = open ? "回到手机" : "控制台";
  });
  $("chips").addEventListener("wheel", (event) => { $("chips").scrollLeft += event.deltaY; }, { passive: true });
  setInterval(tick, 1000);
}

function closePanel() {
  document.body.classList.remove("panel-open");
  $("panel-toggle").setAttribute("aria-expanded", "false");
  $("panel-toggle").textContent = "控制台";
}

async function act(path, body) {
  try {
    await call(path, body);
  } catch (error) {
    toast(error.message);
  }
}

wire();
follow();

// What the page knows, and how it asks: everything comes from /sandbox/api and goes back there.

export const $ = (id) => document.getElementById(id);
export const APPS = { wecom: "企业微信", dingtalk: "钉钉", wechat: "微信", group: "群聊" };

export const state = {
  personas: [], messages: new Map(), seen: new Map(), chat: "", suggestions: {}, coach: null, steps: [], scene: { state: "idle" },
  zone: "Asia/Shanghai", ahead: 0, waiting: new Set(),
};

export async function call(path, body) {
  const options = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`/sandbox/api/${path}`, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || `HTTP ${response.status}`);
  return answer;
}

// Does something whose effects come back by themselves; a refusal is shown. Gives the answer, or nothing.
export async function act(path, body) {
  try {
    return await call(path, body);
  } catch (error) {
    toast(error.message);
    return null;
  }
}

export function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { $("toast").hidden = true; }, 4000);
}

export const personaOf = (chat) => state.personas.find((persona) => persona.chats.includes(chat));
export const messagesOf = (chat) => [...state.messages.values()].filter((message) => message.chat === chat);
export const heard = (chat) => messagesOf(chat).filter((message) => !message.mine).length;
export const unread = (chat) => heard(chat) - (state.seen.get(chat) || 0);
export const writes = (chat) => chat.startsWith("wecom/") || chat.startsWith("dingtalk/");
export const looks = (chat) => (chat.startsWith("group/") ? (chat === "group/stock" ? "wecom" : "dingtalk") : chat.split("/")[0]);
export const faceOf = (name) => name.slice(0, 1);

const part = (moment, options) => moment.toLocaleString("zh-CN", { timeZone: state.zone, hour12: false, ...options });
export const timeOf = (moment) => part(moment, { hour: "2-digit", minute: "2-digit" });
export const spoken = (moment) => `${part(moment, { month: "long", day: "numeric" })} ${part(moment, { weekday: "short" })} ${timeOf(moment)}`;

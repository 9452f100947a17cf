// The panel: the clock, the tracking service, what happened; and the scene's caption above the phone.
import { fill, h } from "./dom.js";
import { $, act, APPS, spoken, state, timeOf } from "./state.js";

const TRACES = [
  ["揽收", "快递员已收取快件", "揽收"],
  ["运输中", "快件到达【杭州转运中心】，正在发往下一站", "在途"],
  ["派件", "快件正在派送，请保持电话畅通", "派件"],
  ["签收", "快件已签收，签收人：前台", "签收"],
];
const PACE = Number(new URLSearchParams(location.search).get("pace") ?? 3); // seconds to read each step of the demo
const LOGGED = 120;

export function setNow(text) {
  state.ahead = new Date(text) - new Date();
  tick();
}

function tick() {
  const now = new Date(Date.now() + state.ahead);
  $("clock").textContent = spoken(now);
  $("clock").dateTime = now.toISOString();
  $("phone-time").textContent = timeOf(now);
}

export function drawWaybills(numbers) {
  const chosen = $("waybill").value;
  $("waybill").disabled = !numbers.length;
  fill($("waybill"), numbers.length ? numbers.map((number) => h("option", { value: number }, number)).reverse() : [h("option", { value: "" }, "发货后会自动订阅")]);
  if (numbers.includes(chosen)) $("waybill").value = chosen;
  $("traces").querySelectorAll("button").forEach((button) => { button.disabled = !numbers.length; });
}

export function drawNote(note) {
  const took = note.milliseconds === null ? "" : `${note.milliseconds < 10 ? note.milliseconds.toFixed(1) : Math.round(note.milliseconds)} ms`;
  const app = { ...APPS, kuaidi100: "快递100" }[note.platform];
  const words = { call: `→ ${app}`, callback: `${app} →`, fault: "故障", clock: "时间", problem: "不合规" };
  $("log-hint").hidden = true;
  $("log").prepend(h("li", { class: `note note-${note.kind} looks-${note.platform}` },
    h("span", { class: "tag" }, words[note.kind] || note.kind), h("span", { class: "note-text" }, note.text), h("span", { class: "took" }, took)));
  while ($("log").children.length > LOGGED) $("log").lastChild.remove();
}

export function drawNotes(notes) {
  fill($("log"), []);
  $("log-hint").hidden = false;
  notes.forEach(drawNote);
}

export function drawScene() {
  const { state: doing, step = -1, reason } = state.scene;
  const playing = doing === "playing";
  const told = captionOf(doing, step, reason);
  fill($("play"), [h("span", { "aria-hidden": "true" }, playing ? "■" : "▶"), playing ? " 停止演示" : doing === "done" ? " 再放一遍" : " 播放演示"]);
  document.querySelector(".play-small").textContent = playing ? "■ 停止" : "▶ 演示";
  fill($("steps"), state.steps.map((each, index) => h("li", { class: doing === "done" || index < step ? "past" : index === step && playing ? "now" : "", title: each.title })));
  $("caption").hidden = !told;
  $("caption").className = `caption caption-${doing}`;
  $("caption-close").hidden = playing;
  if (told) [$("caption-count").textContent, $("caption-title").textContent, $("caption-text").textContent] = told;
  drawCoach();
}

function captionOf(doing, step, reason) {
  if (doing === "playing") return [`${step + 1}/${state.steps.length}`, state.steps[step].title, state.steps[step].caption];
  if (doing === "done") return ["完", "订单走完了一生", "换你来：选一个人，点一句示例，按回车。"];
  return doing === "failed" ? ["停", "演示停在了这里", reason] : null;
}

// what to try next: away while the scene is told, and for good once it is closed

const CLOSED = "coach-closed";

export function drawCoach() {
  const step = state.coach;
  $("coach").hidden = !step || !$("caption").hidden || sessionStorage.getItem(CLOSED) !== null;
  if ($("coach").hidden) return;
  $("coach-count").textContent = `${step.number}/${step.steps}`;
  fill($("coach-text"), [h("strong", {}, step.title), " ", h("span", {}, step.text)]);
}

export function wirePanel(closePanel, go) {
  fill($("traces"), TRACES.map(([name, text, mark]) => h("button", { type: "button", onclick: () => act("trace", { waybill: $("waybill").value, text, state: mark, place: "杭州市" }) }, name)));
  document.querySelectorAll("[data-hours], [data-to]").forEach((button) => button.addEventListener("click", () => act("clock", button.dataset.to ? { to: button.dataset.to } : { hours: Number(button.dataset.hours) })));
  document.querySelectorAll("[data-play]").forEach((button) => button.addEventListener("click", () => {
    closePanel();
    act("scene", state.scene.state === "playing" ? { action: "stop" } : { action: "start", pace: PACE });
  }));
  $("caption-close").addEventListener("click", () => { $("caption").hidden = true; drawCoach(); });
  $("coach-close").addEventListener("click", () => { sessionStorage.setItem(CLOSED, "1"); drawCoach(); });
  $("coach-go").addEventListener("click", () => go(state.coach));
  setInterval(tick, 1000);
}

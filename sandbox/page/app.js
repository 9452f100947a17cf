// The page: who one is, what they see, what one does.
import { drawCoach, drawNote, drawNotes, drawScene, drawWaybills, setNow, wirePanel } from "./panel.js";
import { drawPeople } from "./people.js";
import { drawChat, drawChips, drawPhone, drawTabs, grow, read, say, stopWaiting, type } from "./phone.js";
import { $, call, heard, personaOf, state, toast } from "./state.js";

const FINE_POINTER = matchMedia("(pointer: fine)"); // on a phone, focus would open the keyboard over the chat
const TOGETHER_MILLISECONDS = 150;

function show(chat, byHand) {
  if (chat !== state.chat) type("");
  state.chat = chat;
  read(chat);
  history.replaceState(null, "", `#${chat}`);
  drawPeople(show);
  drawPhone(show);
  if (byHand && FINE_POINTER.matches && !$("composer").hidden) $("text").focus();
}

// What the coach says: whose chat to look at, and what to type there.
function go(step) {
  const persona = state.personas.find((each) => each.key === step.who);
  show(persona.chats[0], true);
  type(step.say);
  if (step.say) $("text").focus();
}

// what is new

function take(event) {
  if (event.message) takeMessage(event.message);
  if (event.note) drawNote(event.note);
  if (event.now) { setNow(event.now); lookAhead(); }
  if (event.waybills) drawWaybills(event.waybills);
  if (event.scene) {
    state.scene = event.scene;
    drawScene();
    const persona = state.personas.find((each) => each.key === event.scene.focus);
    if (persona) show(persona.chats[0]);
  }
}

function takeMessage(message) {
  const isNew = !state.messages.has(message.id);
  state.messages.set(message.id, message);
  if (!message.mine) stopWaiting(message.chat);
  if (message.chat === state.chat) {
    read(message.chat);
    drawChips();
    drawChat(message.id);
  }
  if (isNew) { drawPeople(show); drawTabs(show); }
  lookAhead();
}

// What might be said and tried next, asked once for all that comes together.
function lookAhead() {
  clearTimeout(lookAhead.timer);
  lookAhead.timer = setTimeout(async () => {
    const asked = (lookAhead.asked = (lookAhead.asked || 0) + 1);
    const [suggestions, coach] = await Promise.all([call("suggestions"), call("coach")]);
    if (asked !== lookAhead.asked) return; // a later answer is on its way, or here
    Object.assign(state, { suggestions, coach });
    drawChips();
    drawCoach();
  }, TOGETHER_MILLISECONDS);
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
  const [all, suggestions, coach] = await Promise.all([call("state"), call("suggestions"), call("coach")]);
  Object.assign(state, { personas: all.personas, steps: all.steps, scene: all.scene, zone: all.zone, suggestions, coach });
  state.messages = new Map(all.messages.map((message) => [message.id, message]));
  for (const chat of state.personas.flatMap((persona) => persona.chats)) state.seen.set(chat, heard(chat));
  drawNotes(all.notes);
  setNow(all.now);
  drawWaybills(all.waybills);
  drawScene();
  const wanted = decodeURIComponent(location.hash.slice(1));
  show(personaOf(wanted) ? wanted : state.chat || state.personas[0].chats[0]);
}

function wire() {
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
  $("panel-toggle").addEventListener("click", () => {
    const open = document.body.classList.toggle("panel-open");
    $("panel-toggle").setAttribute("aria-expanded", String(open));
    $("panel-toggle").textContent = open ? "回到手机" : "控制台";
  });
  $("chips").addEventListener("wheel", (event) => { $("chips").scrollLeft += event.deltaY; }, { passive: true });
  wirePanel(closePanel, go);
}

function closePanel() {
  document.body.classList.remove("panel-open");
  $("panel-toggle").setAttribute("aria-expanded", "false");
  $("panel-toggle").textContent = "控制台";
}

wire();
follow();

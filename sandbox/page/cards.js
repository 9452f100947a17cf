// One drawing for each form of message, near to how the real app shows it.
import { h, link } from "./dom.js";
import { inline, markdown, plain } from "./markdown.js";

const FORMS = {
  text: (content) => h("div", { class: "bubble" }, plain(content.content)),
  markdown: (content) => h("div", { class: "card card-markdown" }, markdown(content.text || content.content)),
  markdown_v2: (content) => h("div", { class: "card card-markdown" }, markdown(content.content)),
  textcard: (content) => h("div", { class: "card" }, h("h4", {}, content.title), h("p", {}, content.description), jump(content.url, content.btntxt || "详情")),
  template_card: templateCard,
  interactive_card: interactiveCard,
  action_card: actionCard,
  link: (content) => h("div", { class: "card" }, h("h4", {}, content.title), h("p", {}, content.text), jump(content.messageUrl, "查看")),
  todo: todo,
  template_message: templateMessage,
};

export function drawMessage(message, context) {
  const form = FORMS[message.form] || ((content) => h("div", { class: "bubble" }, JSON.stringify(content)));
  const face = message.mine ? h("span", { class: "face", "aria-hidden": "true" }, context.face) : h("span", { class: "face seal", "aria-hidden": "true" }, "跟");
  const body = form(message.content, message, context);
  const news = message.id !== context.arrived ? "" : message.changes || message.pressed ? "changed" : "fresh";
  return h("div", { class: `message ${message.mine ? "mine" : "theirs"} ${news}`, "data-id": message.id, "data-form": message.form }, face, body);
}

// WeCom

function templateCard(card, message, context) {
  const emphasis = card.emphasis_content || {};
  return h("article", { class: "card card-wecom" },
    card.source ? h("p", { class: `source colour-${card.source.desc_color || 0}` }, card.source.desc) : null,
    h("h4", {}, (card.main_title || {}).title),
    (card.main_title || {}).desc ? h("p", { class: "desc" }, card.main_title.desc) : null,
    emphasis.title ? h("p", { class: "emphasis" }, h("strong", {}, emphasis.title), h("small", {}, emphasis.desc)) : null,
    card.quote_area && card.quote_area.quote_text ? h("blockquote", {}, card.quote_area.title ? h("strong", {}, card.quote_area.title) : null, card.quote_area.quote_text) : null,
    card.sub_title_text ? h("p", { class: "sub" }, card.sub_title_text) : null,
    (card.horizontal_content_list || []).length ? h("dl", {}, card.horizontal_content_list.map((row) => [h("dt", {}, row.keyname), h("dd", {}, row.type === 1 ? link(row.url, row.value) : row.value)])) : null,
    (card.vertical_content_list || []).map((row) => h("p", { class: "vertical" }, h("strong", {}, row.title), row.desc)),
    (card.jump_list || []).map((row) => jump(row.url, row.title)),
    buttons(templateButtons(card), message, context));
}

function templateButtons(card) {
  if (card.replace_text) return [{ text: card.replace_text, dead: true }];
  const looks = { 1: "primary", 2: "plain", 3: "danger", 4: "plain" };
  return (card.button_list || []).map((button) => ({ text: button.text, look: looks[button.style || 1], url: button.type === 1 ? button.url : "" }));
}

// DingTalk

function interactiveCard(params, message, context) {
  const fields = JSON.parse(params.fields || "[]");
  const lines = JSON.parse(params.lines || "[]");
  const list = JSON.parse(params.buttons || "[]").map((button) => ({ text: button.text, look: button.style }));
  return h("article", { class: `card card-dingtalk tone-${params.tone || "plain"}` },
    h("header", {}, h("h4", {}, params.title), params.status ? h("span", { class: "status" }, params.status) : null),
    params.subtitle ? h("p", { class: "desc" }, params.subtitle) : null,
    params.emphasis ? h("p", { class: "emphasis" }, h("strong", {}, params.emphasis), h("small", {}, params.emphasis_label)) : null,
    params.quote ? h("blockquote", {}, params.quote) : null,
    lines.length ? h("ul", { class: "lines" }, lines.map((line) => h("li", {}, line))) : null,
    fields.length ? h("dl", {}, fields.map((field) => [h("dt", {}, field.name), h("dd", { class: `tone-${field.tone}` }, field.value)])) : null,
    params.note ? h("p", { class: "sub" }, params.note) : null,
    params.link_url ? jump(params.link_url, params.link_text || "查看") : null,
    buttons(list, message, context));
}

function actionCard(card) {
  const links = card.singleURL ? [[card.singleTitle, card.singleURL]] : (card.btns || []).map((button) => [button.title, button.actionURL]);
  return h("article", { class: "card card-markdown card-action" }, markdown(card.text), links.map(([title, url]) => jump(url, title)));
}

function todo(task) {
  const due = task.dueTime ? new Date(task.dueTime).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" }) : "";
  return h("article", { class: `card card-todo ${task.done ? "done" : ""} ${task.deleted ? "deleted" : ""}` },
    h("p", { class: "source" }, "待办", task.done ? " · 已完成" : ""),
    h("div", { class: "todo-line" }, h("span", { class: "tick", role: "img", "aria-label": task.done ? "已完成" : "未完成" }), h("h4", {}, task.subject)),
    task.description ? h("p", { class: "sub" }, task.description) : null,
    (task.contentFieldList || []).length ? h("dl", {}, task.contentFieldList.map((field) => [h("dt", {}, field.fieldKey), h("dd", {}, field.fieldValue)])) : null,
    due ? h("p", { class: "desc" }, `截止 ${due}`) : null,
    task.detailUrl && task.detailUrl.pcUrl ? jump(task.detailUrl.pcUrl, "查看详情") : null);
}

// WeChat

function templateMessage(content) {
  return h("article", { class: "card card-wechat" },
    h("h4", {}, content.title),
    h("dl", {}, Object.entries(content.fields).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    content.url ? jump(content.url, "查看进度") : null);
}

// parts that cards share

function jump(url, title) {
  const node = link(url, inline(title || "查看"), h("span", { class: "arrow", "aria-hidden": "true" }, "›"));
  node.classList.add("jump");
  return node;
}

function buttons(list, message, context) {
  if (!list.length) return null;
  let callbacks = 0;
  return h("div", { class: `buttons ${list.length > 2 ? "many" : ""}` }, list.map((button) => {
    if (button.url) return link(button.url, button.text);
    if (button.dead) return h("button", { type: "button", class: "dead", disabled: "" }, button.text);
    const index = callbacks++;
    return h("button", { type: "button", class: button.look || "plain", onclick: (event) => context.press(message, index, event.currentTarget) }, button.text);
  }));
}

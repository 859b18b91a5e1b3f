// Texts of the demo pages by key; the agent bar brings its own.
const texts = {
  en: {
    'nav.desk': 'Agent desk',
    'nav.board': "Supervisor's board",
    'nav.skip': 'Skip to content',
    'lang.other': '中文',
    'desk.page': 'Cordboard · desk',
    'desk.title': 'Your desk',
    'desk.try': 'Try it',
    'desk.call': 'Incoming call',
    'desk.who': 'Caller',
    'desk.any': 'Somebody of the customers',
    'desk.unknown': 'An unknown number',
    'desk.withheld': 'Number withheld',
    'desk.hint':
      'Press Ready first. The caller hears the menu, chooses support, waits, and rings your phone. Your phone here is a simulated one: Answer picks it up.',
    'desk.people': 'Colleagues to consult or transfer to',
    'desk.noQueue': 'no queue, mostly free',
    'desk.frame': 'Customer page',
    'desk.rung': 'A call is on its way.',
    'desk.notReady': 'A call is on its way; it waits until you are ready.',
    'desk.failed': 'The call could not be made.',
    'board.page': 'Cordboard · board',
    'board.title': 'The floor, now',
    'board.waiting': 'waiting',
    'board.ready': 'agents ready',
    'board.busy': 'agents on a call',
    'board.calls': 'calls now',
    'board.queues': 'Queues',
    'board.queue': 'Queue',
    'board.longest': 'Longest wait',
    'board.agentsOn': 'Signed in',
    'board.agents': 'Agents',
    'board.agent': 'Agent',
    'board.state': 'State',
    'board.for': 'For',
    'board.queuesOf': 'Queues',
    'board.callsNow': 'Calls',
    'board.caller': 'Caller',
    'board.where': 'Where',
    'board.with': 'Agent',
    'board.path': 'Way through the menu',
    'board.actions': 'Actions',
    'board.none': 'nobody',
    'board.noCalls': 'No calls at the moment.',
    'board.inFlow': 'in the menu',
    'board.inQueue': 'waits in {0}',
    'board.talking': 'talking',
    'board.ringing': 'ringing',
    'board.held': 'on hold',
    'act.listen': 'Listen',
    'act.whisper': 'Whisper',
    'act.barge': 'Barge in',
    'act.stop': 'Leave',
    'act.forceRelease': 'End call',
    'act.ready': 'Set ready',
    'act.notReady': 'Set not ready',
    'act.pick': 'To Ann',
    'state.loggedOff': 'Signed out',
    'state.notReady': 'Not ready',
    'state.ready': 'Ready',
    'state.reserved': 'Call coming',
    'state.busy': 'On a call',
    'kind.inbound': 'incoming calls',
    'kind.dialled': 'dialled calls',
    'kind.callBack': 'call-backs',
    'state.wrapUp': 'Wrap-up',
    'reason.break': 'Break',
    'reason.lunch': 'Lunch',
    'reason.training': 'Training',
    'reason.meeting': 'Meeting',
    'reason.connectionLost': 'page was gone',
    'reason.deviceDown': 'phone unreachable',
    'reason.ringNoAnswer': 'call not answered',
    'reason.supervisorForced': 'set by supervisor',
    'reason.loggedOn': 'just signed in',
    'reason.seatTaken': 'seat taken',
    'reason.rejected': 'call refused',
    'reason.outcomeUnknown': 'call lost track of',
    'link.offline': 'Connection lost, trying again …',
    'link.closed': 'Disconnected',
    'mode.listen': 'you listen',
    'mode.whisper': 'you whisper',
    'mode.barge': 'you are in the call',
    'erp.brand': 'Sample ERP',
    'erp.empty': 'The customer’s page opens here when your phone rings.',
    'erp.unknown': 'Unknown caller',
    'erp.number': 'Number',
    'erp.queue': 'Asked for',
    'erp.path': 'Way through the menu',
    'erp.call': 'Call',
    'erp.since': 'Customer since',
    'erp.city': 'City',
    'erp.open': 'Open orders',
    'erp.last': 'Last order',
    'erp.note': 'Note',
    'erp.new': 'No customer has this number.',
    done: 'Done.',
    failed: 'That did not work ({0}).',
  },
  zh: {
    'nav.desk': '座席桌面',
    'nav.board': '班长看板',
    'nav.skip': '跳到内容',
    'lang.other': 'English',
    'desk.page': 'Cordboard · 座席',
    'desk.title': '您的座席',
    'desk.try': '试一试',
    'desk.call': '模拟来电',
    'desk.who': '来电者',
    'desk.any': '随机一位客户',
    'desk.unknown': '陌生号码',
    'desk.withheld': '隐藏号码',
    'desk.hint': '请先点“示闲”。来电者听到菜单后选择客服，排队，然后您的话机振铃。这里的话机是模拟的，点“接听”即可。',
    'desk.people': '可以咨询或转接的同事',
    'desk.noQueue': '不接队列，通常空闲',
    'desk.frame': '客户页面',
    'desk.rung': '来电已发出。',
    'desk.notReady': '来电已发出，您示闲后才会振铃。',
    'desk.failed': '未能发起来电。',
    'board.page': 'Cordboard · 看板',
    'board.title': '现场实况',
    'board.waiting': '排队人数',
    'board.ready': '空闲座席',
    'board.busy': '通话座席',
    'board.calls': '当前通话',
    'board.queues': '队列',
    'board.queue': '队列',
    'board.longest': '最长等待',
    'board.agentsOn': '已签入',
    'board.agents': '座席',
    'board.agent': '座席',
    'board.state': '状态',
    'board.for': '时长',
    'board.queuesOf': '所属队列',
    'board.callsNow': '通话',
    'board.caller': '来电者',
    'board.where': '位置',
    'board.with': '座席',
    'board.path': '菜单路径',
    'board.actions': '操作',
    'board.none': '无',
    'board.noCalls': '当前没有通话。',
    'board.inFlow': '在语音菜单中',
    'board.inQueue': '在 {0} 排队',
    'board.talking': '通话中',
    'board.ringing': '振铃',
    'board.held': '保持中',
    'act.listen': '监听',
    'act.whisper': '耳语',
    'act.barge': '强插',
    'act.stop': '退出',
    'act.forceRelease': '强拆',
    'act.ready': '设为空闲',
    'act.notReady': '设为示忙',
    'act.pick': '转给 Ann',
    'state.loggedOff': '已签出',
    'state.notReady': '示忙',
    'state.ready': '空闲',
    'state.reserved': '来电分配中',
    'state.busy': '通话中',
    'kind.inbound': '来电',
    'kind.dialled': '外呼',
    'kind.callBack': '回呼',
    'state.wrapUp': '话后处理',
    'reason.break': '小休',
    'reason.lunch': '用餐',
    'reason.training': '培训',
    'reason.meeting': '会议',
    'reason.connectionLost': '页面曾断开',
    'reason.deviceDown': '话机不可用',
    'reason.ringNoAnswer': '振铃未接',
    'reason.supervisorForced': '班长设置',
    'reason.loggedOn': '刚签入',
    'reason.seatTaken': '座席被占用',
    'reason.rejected': '拒接来电',
    'reason.outcomeUnknown': '通话状态不明',
    'link.offline': '连接中断，正在重连…',
    'link.closed': '已断开',
    'mode.listen': '您在监听',
    'mode.whisper': '您在耳语',
    'mode.barge': '您已加入通话',
    'erp.brand': '示例 ERP',
    'erp.empty': '话机振铃时，客户页面会在这里打开。',
    'erp.unknown': '陌生来电',
    'erp.number': '号码',
    'erp.queue': '所选服务',
    'erp.path': '菜单路径',
    'erp.call': '通话',
    'erp.since': '客户起始',
    'erp.city': '城市',
    'erp.open': '未完成订单',
    'erp.last': '最近订单',
    'erp.note': '备注',
    'erp.new': '没有客户使用此号码。',
    done: '已完成。',
    failed: '操作未成功（{0}）。',
  },
};

const stored = () => {
  try {
    return localStorage.getItem('cordboard-lang');
  } catch {
    return null;
  }
};
const asked = new URLSearchParams(location.search).get('lang') ?? stored() ?? navigator.language;
let language = /^zh\b/i.test(asked) ? 'zh' : 'en';
const listeners = [];

export const lang = () => language;
/** The text of a key that may not exist, such as that of a configured reason. */
export const find = (key) => texts[language][key];
export const t = (key, value = '') => (texts[language][key] ?? key).replace('{0}', () => value);
export const onLanguage = (listener) => listeners.push(listener);

/** Puts the texts into every element with data-t, and tells the page. */
export function applyTexts() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll('[data-t-label]'))
    element.setAttribute('aria-label', t(element.dataset.tLabel));
  for (const bar of document.querySelectorAll('cti-agent-bar')) bar.setAttribute('lang', language);
  for (const listener of listeners) listener();
}

export function startLanguage() {
  for (const button of document.querySelectorAll('[data-lang-switch]')) {
    button.addEventListener('click', () => {
      language = language === 'en' ? 'zh' : 'en';
      try {
        localStorage.setItem('cordboard-lang', language);
      } catch {
        /* A page without storage forgets the choice. */
      }
      applyTexts();
    });
  }
  applyTexts();
}

let hide;
/** One line at the bottom of the page, spoken too. */
export function toast(text) {
  const place = document.querySelector('.toast');
  place.textContent = text;
  clearTimeout(hide);
  hide = setTimeout(() => {
    place.textContent = '';
  }, 4000);
}

/** Makes an element; text goes in as text. */
export function make(tag, { text, children = [], ...rest } = {}) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(rest)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== undefined) element.setAttribute(name, value);
  }
  if (text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
}

export const tokenOf = async (who) => {
  const response = await fetch(`/demo/token/${who}`, { cache: 'no-store' });
  if (!response.ok) throw new Error(`no token: ${response.status}`);
  return (await response.json()).token;
};

export const clock = (ms) => {
  const s = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
};

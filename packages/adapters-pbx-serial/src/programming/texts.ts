/** Languages that every parameter is described in. */
export const PARAMETER_LANGUAGES = ['en', 'zh-CN'] as const;
/** One of {@link PARAMETER_LANGUAGES}. */
export type ParameterLanguage = (typeof PARAMETER_LANGUAGES)[number];

/** What a person reads of a parameter. */
export interface ParameterText {
  /** A label. */
  readonly title: string;
  /** One sentence for who sets it. */
  readonly help: string;
}

type Line = readonly [title: string, help: string, zhTitle: string, zhHelp: string];

const TEXTS: Readonly<Record<string, Line>> = {
  'extension.number': [
    'Extension number',
    'The number by which people dial the telephone on this port. It does not begin with 0, and two telephones cannot have the same.',
    '分机号码',
    '该端口话机的内线号码，2 至 4 位，不以 0 开头，不可重复。',
  ],
  'classOfService.day': [
    'Class of service, day',
    'What may be dialled by day: 1 everything; 2 to 5 all but what begins with a code of restriction table 1 to 4; 6 inside calls only. Emergency numbers always.',
    '日间服务等级',
    '日间可拨打的范围：1 不限制；2 至 5 不可拨限制代码表一至表四中的字头；6 只可拨内线。紧急号码不受限。',
  ],
  'classOfService.night': [
    'Class of service, night',
    'What may be dialled by night, by the same classes as by day: 1 everything to 6 inside calls only.',
    '夜间服务等级',
    '夜间可拨打的范围，等级同日间：1 不限制，6 只可拨内线。',
  ],
  callerIdDisplay: [
    'Caller-ID display',
    'What the display of the telephone shows of a caller: nothing, the number, or number and name.',
    '来电显示',
    '话机显示的来电内容：不显示、号码、号码和姓名。',
  ],
  'alarm.time': [
    'Alarm clock',
    'When the telephone rings as an alarm clock: the wake-up call of a room, by its time of day; empty for never.',
    '闹钟时间',
    '话机闹铃的时间，即客房叫醒时间，留空为不设。',
  ],
  'alarm.daily': [
    'Alarm clock, daily',
    'On: it rings every day; off: once.',
    '每日闹钟',
    '开为每天响铃，关为只响一次。',
  ],
  warningTone: [
    'Warning tone',
    'Minutes of an outside call after which a tone warns both parties; 0 for never.',
    '通话提醒音',
    '外线通话多少分钟后发出提醒音，0 为不提醒。',
  ],
  lineSeizure: [
    'Line seizure',
    'How the telephone gets an outside line: by its access digit, at once when lifted, or a fixed number is called (hot line).',
    '出线方式',
    '取外线的方式：拨字头、摘机直通外线、热线。',
  ],
  'allowedLines.day': [
    'Allowed lines, day',
    'Outside lines that the telephone may call out on by day.',
    '日间可用外线',
    '日间允许该分机使用的外线。',
  ],
  'allowedLines.night': [
    'Allowed lines, night',
    'Outside lines that the telephone may call out on by night.',
    '夜间可用外线',
    '夜间允许该分机使用的外线。',
  ],
  doNotDisturb: ['Do not disturb', 'On: the telephone does not ring.', '免打扰', '开启后话机不响铃。'],
  economyRoute: [
    'Forced economy route',
    'On: outside calls always go by the lines of the route whose prefix fits the number best (route.prefix, route.lines), whatever line the caller chooses.',
    '强制经济路由',
    '开启后外线呼叫一律走字头最匹配的路由的外线。',
  ],
  insideCallsBarred: [
    'Inside calls barred',
    'On: the telephone cannot call other extensions; it can be called by them.',
    '禁止内线呼叫',
    '开启后不能呼叫其他分机，仍可被呼叫。',
  ],
  'group.members': [
    'Extension group',
    'Ports of the telephones that are in this group.',
    '分机群组成员',
    '属于该群组的分机端口。',
  ],
  'group.ringMode': [
    'Group ring mode',
    'How a call rings the group: all at once, one after the other, or who has been idle longest.',
    '群组振铃方式',
    '群振方式：同时振铃、依次振铃、最长空闲优先。',
  ],
  'ringAssignment.day': [
    'Ring assignment, day',
    'Ports of the telephones that ring for a call on this line by day; those of a group ring as its ring mode says.',
    '日间振铃分机',
    '日间该外线来电时振铃的端口；属于群组的分机按其群振方式振铃。',
  ],
  'ringAssignment.night': [
    'Ring assignment, night',
    'Ports of the telephones that ring for a call on this line by night; those of a group ring as its ring mode says.',
    '夜间振铃分机',
    '夜间该外线来电时振铃的端口；属于群组的分机按其群振方式振铃。',
  ],
  'delayedRing.day': [
    'Delayed ring, day',
    'Seconds from a call on this line until its telephones ring, by day; 0 for at once.',
    '日间延时振铃',
    '日间该外线来电后延迟多少秒话机开始振铃，0 为立即。',
  ],
  'delayedRing.night': [
    'Delayed ring, night',
    'Seconds from a call on this line until its telephones ring, by night; 0 for at once.',
    '夜间延时振铃',
    '夜间该外线来电后延迟多少秒话机开始振铃，0 为立即。',
  ],
  answerMode: [
    'Answer mode',
    'Who takes calls on this line: the telephones of its ring assignment; its attendant, else the operator desks; or the switch itself, which lets the caller dial an extension (DISA).',
    '来电应答方式',
    '来电由振铃分机应答，由话务台（该外线的话务台，否则总话务台）应答，或由电脑话务员应答并由主叫拨分机（DISA）。',
  ],
  preferredDirection: [
    'Preferred direction',
    'Which calls the line is kept for: for calls out, lines for out are taken first and lines for in last. Neither is barred.',
    '优先方向',
    '外线优先用于哪个方向：呼出时先占用呼出优先的外线，最后占用呼入优先的外线；两个方向均不禁止。',
  ],
  'callerId.method': [
    'Caller-ID method',
    'How the exchange sends the number of the caller on this line: not at all, as FSK between the rings, or as DTMF before them.',
    '来电显示制式',
    '该外线的来电显示制式：关、FSK（两次振铃之间）、DTMF（振铃之前）。',
  ],
  'callerId.delay': [
    'Caller-ID delay',
    'Seconds that the switch waits for the caller number before it rings telephones; 0: it does not wait.',
    '来电显示延时',
    '等待来电号码的秒数，之后才振铃，0 为不等待。',
  ],
  'charging.by': [
    'Start of charging',
    'From when a call out counts as answered: from a delay after dialling, or from the polarity reversal that the exchange sends.',
    '计费方式',
    '去话从何时起计费：拨号后延时计费，或以局端反极信号计费。',
  ],
  'charging.delay': [
    'Charging delay',
    'Seconds after the last digit from which a call out counts; only where charging goes by delay.',
    '计费延时',
    '仅延时计费有效：拨完号后多少秒开始计费。',
  ],
  attendant: [
    'Attendant of the line',
    'Extension that calls on this line go to where the answer mode is attendant; empty: the operator desks.',
    '话务台分机',
    '应答方式为话务台时，该外线来电所到的分机，留空则到总话务台。',
  ],
  'gain.in': [
    'Gain, incoming',
    'Loudness of what comes from the line, in steps of 1 dB: 0 is -6 dB, 6 is unchanged, 12 is +6 dB.',
    '接收增益',
    '外线接收音量，每级 1 dB：0 为 -6 dB，6 为不变，12 为 +6 dB。',
  ],
  'gain.out': [
    'Gain, outgoing',
    'Loudness of what goes to the line, in steps of 1 dB: 0 is -6 dB, 6 is unchanged, 12 is +6 dB.',
    '发送增益',
    '外线发送音量，每级 1 dB：0 为 -6 dB，6 为不变，12 为 +6 dB。',
  ],
  queuedRinging: [
    'Queued ringing',
    'On: a call that finds its telephones busy waits, in the order of arrival, and rings as soon as one is free.',
    '排队振铃',
    '开启后遇忙来电按先后排队，分机一空闲即振铃。',
  ],
  huntTo: [
    'Line hunting',
    'Number of the line that a call from outside goes to when this one is busy; 0 for none.',
    '外线寻线',
    '该外线忙时，外来呼叫转到的外线号，0 为无。',
  ],
  flashTime: [
    'Flash time',
    'Milliseconds for which the switch opens the line for a hook flash to the exchange.',
    '闪断时间',
    '向局端发送闪断的毫秒数。',
  ],
  operatorDesk: [
    'Operator desk',
    'Extension of this operator desk, which gets the calls of lines in attendant mode that have no attendant of their own; empty for none.',
    '话务台',
    '该话务台的分机号码，接听无专属话务台的外线来电，留空为无。',
  ],
  'dayNight.mode': [
    'Day or night',
    'Whether the switch works as by day, as by night, or changes by its clock.',
    '日夜模式',
    '日间、夜间或按时钟自动切换。',
  ],
  'dayNight.toDayAt': [
    'To day at',
    'When it changes to day, where it goes by the clock; empty for never.',
    '转日间时间',
    '按时钟切换时转为日间的时间，留空为不切换。',
  ],
  'dayNight.toNightAt': [
    'To night at',
    'When it changes to night, where it goes by the clock; empty for never.',
    '转夜间时间',
    '按时钟切换时转为夜间的时间，留空为不切换。',
  ],
  systemPassword: [
    'System password',
    'Opens the programming of the switch; whoever loses it needs the maker.',
    '系统密码',
    '进入系统编程的密码，4 至 16 位，遗失须联系厂家。',
  ],
  outsideToOutside: [
    'Outside to outside',
    'On: two outside lines may be joined, so that a call from outside can be passed on to an outside number.',
    '外线转外线',
    '开启后允许两条外线相接，外线来电可转接到外线号码。',
  ],
  'route.prefix': [
    'Route, prefix',
    'Digits at the beginning of a number that send it by this route; the longest that fits counts, for extensions with a forced economy route; empty for a route that is not used.',
    '路由字头',
    '使用该路由的号码字头，以最长匹配为准，仅用于强制经济路由的分机，留空为不用。',
  ],
  'route.lines': [
    'Route, lines',
    'Outside lines that calls of this route go out on.',
    '路由外线',
    '该路由的呼叫所用的外线。',
  ],
  'directInward.number': [
    'Direct inward dialling, number',
    'Number dialled by the caller that reaches an extension directly; empty for an entry that is free.',
    '直拨号码（DID）',
    '外线主叫所拨的直拨号码，留空为未用。',
  ],
  'directInward.extension': [
    'Direct inward dialling, extension',
    'Extension that this number reaches; empty for none.',
    '直拨分机（DID）',
    '该直拨号码对应的分机，留空为无。',
  ],
  'restriction.prefix': [
    'Restriction code',
    'Digits with which a number may not begin. Places 1-50 are table 1, for class of service 2; 51-100 table 2, for class 3; 101-150 table 3, for class 4; 151-200 table 4, for class 5.',
    '限制代码',
    '禁止拨打的字头。1–50 为表一（等级 2），51–100 表二（等级 3），101–150 表三（等级 4），151–200 表四（等级 5）。',
  ],
  'speedDial.number': [
    'Speed dial, number',
    'Number dialled by this entry; empty for an entry that is free.',
    '缩位拨号号码',
    '该缩位拨号的号码，留空为未用。',
  ],
  'speedDial.name': [
    'Speed dial, name',
    'Name that displays show for this entry.',
    '缩位拨号名称',
    '该缩位拨号显示的名称。',
  ],
  'personalPassword.password': [
    'Personal password',
    'Password with which its owner may dial from any telephone by the class beside it; empty for none.',
    '个人密码',
    '持有人可在任一分机按其等级拨号的密码，留空为无。',
  ],
  'personalPassword.class': [
    'Class of the personal password',
    'Class of service that the personal password of the same place gives its owner: 1 everything to 6 inside calls only.',
    '个人密码等级',
    '同一位置的个人密码对应的服务等级：1 不限制，6 只可拨内线。',
  ],
};

/** Title and help of a parameter. An id that is not known has itself as title. */
export function parameterText(id: string, language: ParameterLanguage): ParameterText {
  const line = TEXTS[id];
  if (line === undefined) return { title: id, help: '' };
  const [title, help, zhTitle, zhHelp] = line;
  return language === 'en' ? { title, help } : { title: zhTitle, help: zhHelp };
}

/** The site that random flows belong to. */
export const site = {
  dialPlan: {
    countryCode: '86',
    areaCode: '10',
    internal: [{ from: '8000', to: '8999' }],
    ownNumbers: [],
    emergency: ['110', '119'],
  },
  agents: [{ id: 'ann' }, { id: 'bob' }],
  queues: [
    { id: 'sales', record: 'never' },
    { id: 'help', record: 'never' },
    { id: 'taped', record: 'always' },
  ],
  groups: { front: { members: ['8001', '8002'], ring: 'all' }, kitchen: { members: ['8003'], ring: 'inOrder' } },
  modes: { night: { values: ['day', 'night', 'holiday'], initial: 'day' } },
  lists: { vip: ['13800000000'], blocked: ['139*'], press: [] },
  calendars: { cn: { holidays: ['2026-10-01'], workdays: ['2026-10-10'] } },
  functions: ['price@1', 'book@2'],
  boxes: ['office', 'sales'],
  services: ['https://api.example.com', 'http://127.0.0.1:9000'],
  zone: 'Asia/Shanghai',
} as const;

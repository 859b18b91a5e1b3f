/**
 * The descriptions of resources that ari-client asks a server for when it starts, in the shape (Swagger 1.1) and with the
 * names and order of event models that Asterisk 22 serves. Only what decides ari-client's work for an event is described.
 */
const eventModels: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Message: {},
  MissingParams: {},
  Event: {},
  ContactInfo: {},
  Peer: {},
  DeviceStateChanged: { device_state: 'DeviceState' },
  PlaybackStarted: { playback: 'Playback' },
  PlaybackContinuing: { playback: 'Playback' },
  PlaybackFinished: { playback: 'Playback' },
  RecordingStarted: { recording: 'LiveRecording' },
  RecordingFinished: { recording: 'LiveRecording' },
  RecordingFailed: { recording: 'LiveRecording' },
  ApplicationMoveFailed: { channel: 'Channel' },
  ApplicationReplaced: {},
  BridgeCreated: { bridge: 'Bridge' },
  BridgeDestroyed: { bridge: 'Bridge' },
  BridgeMerged: { bridge: 'Bridge', bridge_from: 'Bridge' },
  BridgeVideoSourceChanged: { bridge: 'Bridge' },
  BridgeBlindTransfer: { channel: 'Channel', bridge: 'Bridge' },
  BridgeAttendedTransfer: { transferer_first_leg: 'Channel', transferer_second_leg: 'Channel' },
  ChannelCreated: { channel: 'Channel' },
  ChannelDestroyed: { cause: 'int', cause_txt: 'string', channel: 'Channel' },
  ChannelEnteredBridge: { bridge: 'Bridge', channel: 'Channel' },
  ChannelLeftBridge: { bridge: 'Bridge', channel: 'Channel' },
  ChannelStateChange: { channel: 'Channel' },
  ChannelDtmfReceived: { digit: 'string', duration_ms: 'int', channel: 'Channel' },
  ChannelDialplan: { channel: 'Channel' },
  ChannelCallerId: { channel: 'Channel' },
  ChannelUserevent: { channel: 'Channel', bridge: 'Bridge', endpoint: 'Endpoint' },
  ChannelHangupRequest: { cause: 'int', soft: 'boolean', channel: 'Channel' },
  ChannelVarset: { variable: 'string', value: 'string', channel: 'Channel' },
  ChannelHold: { channel: 'Channel', musicclass: 'string' },
  ChannelUnhold: { channel: 'Channel' },
  ChannelTalkingStarted: { channel: 'Channel' },
  ChannelTalkingFinished: { channel: 'Channel', duration: 'int' },
  ContactStatusChange: { endpoint: 'Endpoint' },
  PeerStatusChange: { endpoint: 'Endpoint' },
  EndpointStateChange: { endpoint: 'Endpoint' },
  Dial: {
    caller: 'Channel',
    peer: 'Channel',
    forward: 'string',
    forwarded: 'Channel',
    dialstring: 'string',
    dialstatus: 'string',
  },
  StasisEnd: { channel: 'Channel' },
  StasisStart: { args: 'string', channel: 'Channel', replace_channel: 'Channel' },
  TextMessageReceived: { endpoint: 'Endpoint' },
  ChannelConnectedLine: { channel: 'Channel' },
  ChannelToneDetected: { channel: 'Channel' },
  ChannelTransfer: {},
};

/** Operations of the resources that events carry: ari-client hangs each of them on every object it makes. */
const operationsOf: Readonly<Record<string, string>> = {
  channels:
    'list create originate get originateWithId hangup continueInDialplan move redirect answer ring ringStop progress sendDTMF ' +
    'mute unmute hold unhold startMoh stopMoh startSilence stopSilence play playWithId record getChannelVar setChannelVar ' +
    'snoopChannel snoopChannelWithId dial rtpstatistics externalMedia transferProgress',
  bridges:
    'list create createWithId get destroy addChannel removeChannel setVideoSource clearVideoSource startMoh stopMoh play ' +
    'playWithId record',
  playbacks: 'get stop control',
  recordings:
    'listStored getStored getStoredFile copyStored deleteStored getLive cancel stop pause unpause mute unmute',
  endpoints: 'list sendMessage listByTech get sendMessageToEndpoint',
  deviceStates: 'list get update delete',
};

const common = (origin: string): object => ({ apiVersion: '10.0.0', swaggerVersion: '1.1', basePath: `${origin}/ari` });

function resourceDocument(name: string, origin: string): object {
  const apis = (operationsOf[name] ?? '').split(' ').map((nickname) => ({
    path: `/${name}/${nickname}`,
    description: nickname,
    operations: [{ httpMethod: 'POST', nickname, responseClass: 'void', summary: nickname, parameters: [] }],
  }));
  return { ...common(origin), resourcePath: `/api-docs/${name}.{format}`, apis, models: {} };
}

function eventsDocument(origin: string): object {
  const models = Object.entries(eventModels).map(([id, properties]) => [
    id,
    { id, properties: Object.fromEntries(Object.entries(properties).map(([name, type]) => [name, { type }])) },
  ]);
  const operations = [
    { httpMethod: 'GET', nickname: 'eventWebsocket', responseClass: 'Message', summary: 'Events.', parameters: [] },
  ];
  const apis = [{ path: '/events', description: 'Events', operations }];
  const resourcePath = '/api-docs/events.{format}';
  return { ...common(origin), resourcePath, apis, models: Object.fromEntries(models) };
}

/** The answer to a request for one document, or `undefined` when there is none of that path. */
export function apiDocument(path: string, origin: string): object | undefined {
  const name = /\/ari\/api-docs\/(\w+)\.json$/.exec(path)?.[1] ?? '';
  if (name === 'resources') {
    const names = [...Object.keys(operationsOf), 'events'];
    const apis = names.map((each) => ({ path: `/api-docs/${each}.{format}`, description: each }));
    return { ...common(origin), apis };
  }
  if (name === 'events') return eventsDocument(origin);
  return name in operationsOf ? resourceDocument(name, origin) : undefined;
}

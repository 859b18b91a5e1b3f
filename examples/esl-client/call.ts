import { connectEsl } from '@cordboard/adapters-freeswitch/esl';

/** Calls somebody, plays a file to who answers, and hangs up after it. @returns the cause of the end, or what FreeSWITCH said instead */
export async function callAndPlay(options: {
  host?: string;
  port?: number;
  password: string;
  dial: string;
  file: string;
}): Promise<string> {
  const { host = '127.0.0.1', port = 8021, password, dial, file } = options;
  await using esl = await connectEsl({
    host,
    port,
    password,
    events: ['CHANNEL_EXECUTE_COMPLETE', 'CHANNEL_HANGUP_COMPLETE'],
  });
  const events = esl.events();
  const { text, isRefusal } = await esl.bgapi(`originate ${dial} &park()`, { timeoutMs: 60_000 });
  if (isRefusal) return text.trim();
  const uuid = text.replace('+OK', '').trim();
  const playing = await esl.execute(uuid, { app: 'playback', arg: file });
  for await (const event of events) {
    if (event.type !== 'event' || event.get('Unique-ID') !== uuid) continue;
    if (event.name === 'CHANNEL_HANGUP_COMPLETE') return event.get('Hangup-Cause') ?? 'unknown';
    if (event.get('Application-UUID') === playing) await esl.hangUp(uuid);
  }
  return 'the connection was closed';
}

import { connectEsl } from '@cordboard/adapters-freeswitch/esl';

/** Calls somebody, plays a file to who answers, and waits for the end. @returns the cause of the end, or what FreeSWITCH said instead */
export async function callAndPlay(options: {
  password: string;
  port?: number;
  dial: string;
  file: string;
}): Promise<string> {
  const { password, port = 8021, dial, file } = options;
  await using esl = await connectEsl({ password, port, events: ['CHANNEL_HANGUP_COMPLETE'] });
  const events = esl.events();
  const { text, isRefusal } = await esl.bgapi(`originate ${dial} &park()`, { timeoutMs: 60_000 });
  if (isRefusal) return text.trim();
  const uuid = text.replace('+OK', '').trim();
  await esl.execute(uuid, { app: 'playback', arg: file });
  for await (const event of events) {
    if (event.type === 'event' && event.get('Unique-ID') === uuid) return event.get('Hangup-Cause') ?? 'unknown';
  }
  return 'the connection was closed';
}

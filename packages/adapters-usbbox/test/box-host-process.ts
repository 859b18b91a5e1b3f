import { FakeBoxHost } from './fake-box-host.js';

/** A host in a process of its own, which tests kill: its line `1` rings once it is opened, and sounds from then on. */
const host = new FakeBoxHost(process.argv[2] ?? '');
host.abilities = { ...host.abilities, detects: ['ring', 'callerId'] };
host.lines.set('1', { order: () => true, played: () => undefined, gone: () => process.stdout.write('gone\n') });
const port = await host.listen();
process.stdout.write(`port ${port}\n`);
const block = new Int16Array(160);
setInterval(() => {
  host.sound('1', block);
}, 20);
process.stdin.on('data', () => {
  host.event('1', { type: 'signal', signal: 'ringStart' });
  host.event('1', { type: 'callerId', callerId: { method: 'fsk', number: '13800001111' } });
});

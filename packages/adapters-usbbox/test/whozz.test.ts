import { createSocket } from 'node:dgram';
import { CtiError } from '@cordboard/cti-core';
import { afterEach, describe, expect, it } from 'vitest';
import { udpSource } from '../src/devices/whozz-source.js';
import { createWhozzKind } from '../src/index.js';
import { DeviceBench } from './device-bench.js';
import { MemorySerial } from './memory-serial.js';

const benches: DeviceBench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.stop();
});

interface Unit {
  readonly bench: DeviceBench;
  /** Ports that were opened, the last one is in use. */
  readonly ports: MemorySerial[];
  readonly says: (text: string) => Promise<void>;
}

async function serialUnit(
  options: object = {},
  lines: readonly number[] = [1, 2],
  phone?: { readonly extension: string },
): Promise<Unit> {
  const ports: MemorySerial[] = [];
  const whozz = createWhozzKind({
    openSerial: async (settings) => {
      expect(settings).toEqual({ path: '/dev/ttyS7', baudRate: 9_600 });
      const port = new MemorySerial();
      ports.push(port);
      return port;
    },
  });
  const bench = new DeviceBench({
    kinds: { whozz },
    lines: lines.map((line) => ({
      name: `l${line}`,
      ownNumber: `0106123456${line}`,
      device: { kind: 'whozz', path: '/dev/ttyS7', line, ...options },
      ...(phone === undefined ? {} : { phone }),
    })),
  });
  benches.push(bench);
  await bench.start();
  const says = async (text: string): Promise<void> => {
    ports.at(-1)?.says(`${text}\r\n`);
    await bench.pass(40);
  };
  return { bench, ports, says };
}

const ring = (line = '01'): string => `${line} R     11/07 07:43:52`;
const start = (line = '01', number = '138-0000-1111'): string =>
  `${line} I S 0000 G A0 11/07 07:43 AM ${number.padEnd(14)} ZHANG          `;

describe('a Whozz Calling? unit on a serial port', () => {
  it('is opened once for all its lines, and set up with pauses', async () => {
    const { ports } = await serialUnit();
    expect(ports).toHaveLength(1);
    expect(ports[0]?.written).toBe('AdoX');
  });

  it('is left alone where that is wanted', async () => {
    const { ports } = await serialUnit({ setup: 'leave' });
    expect(ports[0]?.written).toBe('');
  });

  it('tells a call with number and name, its answer at the phone and its end', async () => {
    const { bench, says } = await serialUnit();
    await says(ring());
    await bench.pass(1_500);
    expect(bench.of('created')).toEqual([]);
    await says(start());
    const { connectionId, calling, called, device } = await bench.sees('created');
    expect(calling).toEqual({ number: '13800001111', name: 'ZHANG', presentation: 'allowed' });
    expect(called.number).toBe('01061234561');
    expect(device).toBe(bench.line('l1'));
    // The unit tells the first ring alone: the call rings on.
    await bench.pass(20_000);
    expect(bench.story(connectionId)).toEqual(['created']);
    await says('01 F     11/07 07:44:10');
    expect(bench.story(connectionId)).toEqual(['created', 'connected']);
    await bench.pass(5_000);
    await says('01 N     11/07 07:44:30');
    await says('01 I E 0020 G A4 11/07 07:43 AM 138-0000-1111  ZHANG          ');
    expect(bench.story(connectionId)).toEqual(['created', 'connected', 'cleared normalClearing']);
    expect(bench.of('created')).toHaveLength(1);
  });

  it('tells a missed call from its end record, and a private caller', async () => {
    const { bench, says } = await serialUnit();
    await says(ring('02'));
    await says('02 I S 0000 G A0 11/07 07:43 AM Private                        ');
    const { connectionId, calling, device } = await bench.sees('created');
    expect(device).toBe(bench.line('l2'));
    expect(calling).toEqual({ number: '', presentation: 'withheld' });
    await bench.pass(9_000);
    await says('02 I E 0000 G A3 11/07 07:43 AM Private                        ');
    await bench.pass(6_000);
    expect(bench.story(connectionId)).toEqual(['created', 'cleared cancelled']);
  });

  it('tells no number whose checksum failed', async () => {
    const { bench, says } = await serialUnit();
    await says(ring());
    await says('01 I S 0000 B A0 11/07 07:43 AM 138-0000-1111  ZHANG          ');
    const { calling } = await bench.sees('created');
    expect(calling).toEqual({ number: '', presentation: 'unavailable' });
  });

  it('sees two lines at once, and ends a call whose end was lost when the line rings again', async () => {
    const { bench, says } = await serialUnit();
    await says(ring('01'));
    await says(ring('02'));
    await says(start('02', '021-5555-0002'));
    await says(start('01', '021-5555-0001'));
    await bench.pass(100);
    expect(bench.of('created').map((each) => [each.device, each.calling.number])).toEqual([
      [bench.line('l1'), '02155550001'],
      [bench.line('l2'), '02155550002'],
    ]);
    await says('01 F     11/07 07:44:10');
    await bench.pass(60_000);
    await says('01 R     11/07 07:45:12');
    await bench.pass(1_500);
    await says(start('01', '021-5555-0003'));
    await bench.pass(100);
    expect(bench.of('created').map((each) => each.calling.number)).toEqual([
      '02155550001',
      '02155550002',
      '02155550003',
    ]);
  });

  it('tells a call that the phone makes with the number it dialled, once, though the record comes twice', async () => {
    const { bench, says } = await serialUnit({}, [1], { extension: '8001' });
    await says('01 F     11/07 09:00:00');
    await bench.pass(6_000);
    const dialled = '01 O S 0000 G A0 11/07 09:00 AM 010-8888-6666                  ';
    await says(dialled);
    await says(dialled);
    const created = await bench.sees('created');
    expect(created.device).toBe('box:extension:8001');
    expect(created.called.number).toBe('01088886666');
    await says('01 N     11/07 09:01:00');
    await says('01 O E 0060 G A0 11/07 09:00 AM 010-8888-6666                  ');
    await bench.pass(3_000);
    expect(bench.story(created.connectionId).at(-1)).toBe('cleared normalClearing');
    expect(bench.of('created')).toHaveLength(1);
  });

  it('of the basic model takes the caller ID for the call', async () => {
    const { bench, says, ports } = await serialUnit({ model: 'basic' });
    expect(ports[0]?.written).toBe('');
    await says(start());
    const { connectionId } = await bench.sees('created');
    await bench.pass(10_000);
    expect(bench.story(connectionId)).toEqual(['created', 'cleared cancelled']);
  });

  it('lets records pass that are doubled, cut, noisy or of no line of ours', async () => {
    const { bench, ports, says } = await serialUnit();
    const port = ports[0];
    for (const byte of new TextEncoder().encode(
      `\u0000\u00ff${'x'.repeat(400)}\r\n09 R     11/07 07:43:52\r\n${ring()}\r\n${ring()}\r\n`,
    ))
      port?.says(Uint8Array.of(byte));
    await bench.pass(40);
    await says(start());
    await says(start());
    await bench.pass(10_000);
    expect(bench.of('created')).toHaveLength(1);
  });

  it('ends its calls when the port is pulled out, and is back when it is there again', async () => {
    const { bench, ports, says } = await serialUnit();
    await says(ring());
    await says(start());
    await bench.sees('created');
    ports[0]?.pull();
    await bench.pass(100);
    expect(
      bench
        .of('linkDown')
        .map((each) => each.linkId)
        .sort(),
    ).toEqual(['l1', 'l2']);
    await bench.pass(30_000);
    expect(ports).toHaveLength(2);
    const since = bench.events.length;
    await says(ring('02'));
    await says(start('02'));
    await bench.sees('created', { since });
  });

  it('says that it can do nothing but watch', async () => {
    const { bench } = await serialUnit();
    for (const missing of ['answer', 'clear', 'originate', 'play', 'record', 'sendDigits', 'flash'] as const)
      expect(bench.driver.capabilities.has(missing), missing).toBe(false);
  });

  it('refuses a line twice, and says what to install without the package', async () => {
    const { bench } = await serialUnit({}, [1]);
    const whozz = createWhozzKind({
      openSerial: () => Promise.reject(new CtiError('device.missing', 'serial ports need the package serialport')),
    });
    const context = { clock: bench.clock, random: () => 0, log: console };
    const sink = {
      event: () => undefined,
      heard: () => undefined,
      wanted: () => 'nothing' as const,
      phoneHeard: () => undefined,
      phoneWanted: () => 'nothing' as const,
    };
    const signal = new AbortController().signal;
    const device = whozz({ kind: 'whozz', path: '/dev/ttyS8', line: 1 }, context)();
    await expect(device.open(sink, { signal })).rejects.toMatchObject({ code: 'device.missing' });
    expect(() => whozz({ kind: 'whozz', line: 0 }, context)).toThrow(/device\.line/);
    await device.close();
  });
});

describe('Whozz Calling? units on the network', () => {
  it('feed their lines from one UDP port, told apart by their numbers', async () => {
    let port = 0;
    const whozz = createWhozzKind({
      openUdp: (place) => async (listener, options) => {
        const source = await udpSource(place)(listener, options);
        port = source.port ?? 0;
        return source;
      },
    });
    const bench = new DeviceBench({
      kinds: { whozz },
      lines: [7, 9].map((unit) => ({
        name: `u${unit}`,
        device: { kind: 'whozz', line: 1, unit, udpPort: 0, udpHost: '127.0.0.1' },
      })),
    });
    benches.push(bench);
    await bench.start();
    const socket = createSocket('udp4');
    const send = (unit: number, text: string): Promise<void> =>
      new Promise((resolve) => {
        const header = Buffer.from([
          ...Buffer.from('^^<U>'),
          0,
          0,
          0,
          0,
          0,
          unit,
          ...Buffer.from('<S>'),
          0,
          0,
          0,
          1,
          2,
          3,
        ]);
        socket.send(Buffer.concat([header, Buffer.from(text)]), port, '127.0.0.1', () => resolve());
      });
    // Datagrams take a moment of the real world; then the ring has to last for its debounce time.
    const arrives = async (count: number): Promise<void> => {
      for (const endMs = Date.now() + 30_000; bench.of('created').length < count && Date.now() < endMs; ) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        await bench.pass(20);
      }
      expect(bench.of('created')).toHaveLength(count);
    };
    await send(9, 'noise');
    await send(9, `$${start()}`);
    await send(9, `$${start()}`);
    await arrives(1);
    expect(bench.of('created')[0]?.device).toBe(bench.line('u9'));
    await send(7, start('01', '010-1234-5678'));
    await arrives(2);
    expect(bench.of('created')[1]?.device).toBe(bench.line('u7'));
    expect(bench.of('created')[1]?.calling.number).toBe('01012345678');
    socket.close();
  });
});

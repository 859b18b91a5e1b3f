import { type PbxSerialInput, pbxSerial } from '@cordboard/adapters-pbx-serial';
import { defineConfig } from '@cordboard/cti-server';

/** The number by which callers reach a line. */
const number = (line: number): string => `0106500${1_000 + line}`;
const LINES = [1, 2, 3, 4];

/**
 * The whole site: a PBX on a serial line, two people with a telephone each, and who answers for the board. With a PBX of your own give
 * `transport: { port: '/dev/ttyUSB0' }` and run `npx cordboard serve` on it.
 */
export function site(transport: PbxSerialInput['transport'], dataDir: string) {
  return defineConfig({
    timeZone: 'Asia/Shanghai',
    dialPlan: {
      countryCode: '86',
      areaCode: '10',
      internal: [{ from: '801', to: '899' }],
      ownNumbers: LINES.map(number),
    },
    switches: {
      kts: {
        driver: pbxSerial({
          profile: 'kts-bin/1',
          transport,
          lines: Object.fromEntries(LINES.map((line) => [line, { number: number(line), trunk: 'city' }])),
          timeZone: 'Asia/Shanghai',
          records: `${dataDir}/pbx-records`,
        }),
        defaultTrunk: 'trunk:city',
      },
    },
    server: { port: 8430, dataDir },
    agents: { ann: { name: 'Ann', seat: '801' }, bob: { name: 'Bob', seat: '802' } },
    callCategories: ['Order', 'Question', 'Complaint'],
    directory: [
      { number: '13900000001', id: '1', name: 'Weilan Trading' },
      { number: '13900000003', id: '3', name: 'Nowak & Sons' },
    ],
  });
}

import type { Finding } from '../finding.js';
import type { ListedPort, ModemLines } from './system.js';

/** Why a port does not open, and which there are. */
export function openFinding(
  path: string,
  { failure, text }: { readonly failure: string; readonly text: string },
  ports: readonly ListedPort[] | undefined,
): Finding {
  const listed =
    ports === undefined
      ? 'the ports of this machine cannot be listed here'
      : ports.length === 0
        ? 'this machine has no serial port that it lists'
        : `there are: ${ports.map((port) => port.path + (port.about === undefined ? '' : ` (${port.about})`)).join(', ')}`;
  const known: Readonly<Record<string, readonly [string, string]>> = {
    missing: [
      `${path} is not there; ${listed}`,
      'give the port that the PBX is on, and look whether its adapter is plugged in',
    ],
    forbidden: [
      `${path} is there, and this user may not open it`,
      'join its group, usually: sudo usermod -aG dialout $USER, and log in again',
    ],
    busy: [`${path} is open in another program`, 'end that program: a server, a terminal, ModemManager'],
    notSerial: [`${path} is there, and is no serial port; ${listed}`, 'give a serial port'],
    settings: [
      `${path} refuses these settings: ${text}`,
      'this adapter cannot do this rate or shape: give others with --baud and --line',
    ],
  };
  const [what, fix] = known[failure] ?? [`${path} does not open: ${text}`, 'look at what the system says of it'];
  return { id: 'serial.port', level: 'failed', text: what, fix };
}

/** What the lines of the other side say. */
export function lineFindings(lines: ModemLines | undefined): readonly Finding[] {
  if (lines === undefined) {
    return [
      {
        id: 'serial.lines',
        level: 'unknown',
        text: 'this port has no modem lines to look at (a pty, or a device server)',
      },
    ];
  }
  const up = Object.entries(lines).flatMap(([name, isUp]) => (isUp ? [name.toUpperCase()] : []));
  return up.length > 0
    ? [{ id: 'serial.lines', level: 'ok', text: `the other side holds up ${up.join(', ')}` }]
    : [{ id: 'serial.lines', level: 'warning', text: 'the other side holds up none of CTS, DSR and DCD' }];
}

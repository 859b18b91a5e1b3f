import type { AttachedFace, FaceLine, SerialFace, VirtualPbx } from '../serial/index.js';
import { RecordView, SmdrPrinter } from '../smdr/index.js';

/** `Q10*P*XXXX#`: P one digit, XXXX an extension. Anything before the Q is no part of it. */
const ORDER = /^Q10\*(\d)\*(\d{1,8})$/u;
/** Longest order. */
const MOST = 64;

class ShenouPort implements AttachedFace {
  readonly #line: FaceLine;
  readonly #pbx: VirtualPbx;
  readonly #printer = new SmdrPrinter('shenou');
  readonly #view = new RecordView();
  readonly #stop: () => void;
  #held = '';

  constructor(line: FaceLine, pbx: VirtualPbx) {
    this.#line = line;
    this.#pbx = pbx;
    this.#stop = pbx.subscribe((news) => {
      if (news.type !== 'record') return;
      const { call, leg } = this.#view.callOf(news.record);
      for (const printed of this.#printer.recordsOf(call)) {
        if (printed.leg === leg) this.#say(this.#printer.record(printed));
      }
    });
  }

  receive(bytes: Uint8Array): void {
    for (const char of Buffer.from(bytes).toString('latin1')) {
      if (char === '#') {
        this.#order(this.#held);
        this.#held = '';
      } else if (char === 'Q') this.#held = char;
      else if (this.#held !== '' && this.#held.length < MOST) this.#held += char;
    }
  }

  close(): void {
    this.#stop();
  }

  /** What cannot be set is not answered: the note tells of no other answer. */
  #order(text: string): void {
    const order = ORDER.exec(text);
    if (order === null) return;
    const [, classOfService = '', ext = ''] = order;
    if (this.#pbx.hotel({ op: 'class', ext, classOfService: Number(classOfService) }) !== 'ok') return;
    this.#say(`R10*${classOfService}*${ext}\r\n`);
  }

  #say(text: string): void {
    this.#line.write(Buffer.from(text, 'latin1'));
  }
}

/**
 * The serial forwarding of a Shenou (申瓯) USO console: classes of extensions are set, calls give records. Source: the maker's note (mk.cqshenou.com, news 121):
 * 2400 Bd, 8 data bits, no parity, 2 stop bits.
 */
export function shenouFace(): SerialFace {
  return {
    profile: 'shenou-uso',
    settings: { baudRate: 2_400, dataBits: 8, parity: 'none', stopBits: 2 },
    attach: (line, pbx) => new ShenouPort(line, pbx),
  };
}

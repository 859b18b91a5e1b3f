/** How a field is written: see docs/protocols/kts-1.md, section 4. */
export type FieldKind = 'u8' | 'u16' | 'u32' | 'flag' | 'word' | 'set' | 'text' | 'digits' | 'bytes' | 'time';

/** One row of section 5. */
export interface FieldRow {
  readonly tag: number;
  readonly key: string;
  readonly name: string;
  readonly kind: FieldKind;
  /** Most bytes of text, digits and bytes. */
  readonly max: number;
  readonly many: boolean;
}

/** One row of section 7. */
export interface MessageRow {
  readonly type: number;
  readonly word: string;
  readonly group: 'request' | 'answer' | 'event';
  readonly from: 'host' | 'pbx' | 'both';
  readonly link: 'bare' | 'reliable';
  readonly must: readonly string[];
  readonly may: readonly string[];
}

const FIELD_TABLE = `
01 r ref u16
02 ss session u32
03 bt boot u32
04 md model text 32
05 vr version text 16
06 nl lines u8
07 nx exts u16
08 cp caps set
09 w window u8
0A ep epoch u32
0B rs reason word
0C c code word
0D cc codes word many
0E tx text text 64
10 l line u8
11 x ext digits 8
12 s lineState word
13 s extState word
14 s parkState word
15 id call u16
16 p peer digits 8
17 n number digits 32
18 d dir word
19 e end word
1A t at time
1B dnd dnd flag
1C fw forward digits 32
1D cl cls u8
1E sl slot u8
1F mw lamp flag
20 nm name text 64
21 nb nameBytes bytes 64
22 cs charset word
23 k presentation word
24 dg digits digits 32
30 no record u32
31 st store u32
32 pt part u8
33 mo more flag
34 b start time
35 du durationS u32
36 ri ringS u16
37 he heldS u16
38 ac account digits 16
39 ch charge u32
3A pu pulses u16
3B fr from digits 8
3C es estimated flag
3D fi first u32
3E ne next u32
40 i item u16
41 ix index u16
42 f field u8
43 vt valueType word
44 v values bytes 64 many
45 ct count u8
46 pw password text 16
50 o op word
51 to to digits 32
60 o hotelOp word
61 on on flag
62 rm status u8
63 oc outcome word
70 ie idleExt digits 8 many
71 il idleLine u8 many
`;

const WORD_TABLE = `
caps STATE CDR PARAM CLOCK CALL HOTEL CALLERID DIGITS PARK CONF PAGE FLASH CHARGE
reason UNKNOWN CHECK GAP TOOLONG FULL
code OK UNKNOWNTYPE BADFIELD UNSUPPORTED DENIED NODEVICE WRONGSTATE BUSY NOLINE BARRED SLOTTAKEN SLOTEMPTY RANGE READONLY FAILED TOOMANY LOCKED NOSESSION BADSTORE
lineState OOS IDLE RING SEIZED DIAL RINGBACK TALK HELD BUSY WRAP PARKED CONF
extState OOS IDLE OFFHOOK DIAL RING INTALK TALK HOLD HOWL RINGBACK CONF BUSY PROG
parkState FREE TAKEN
dir IN OUT INTERNAL
end UNKNOWN NORMAL BUSY NOANSWER REJECTED FAILED TRANSFERRED ABANDONED CUT BARRED
charset UNKNOWN ASCII GBK UTF8 LATIN1 SHIFTJIS BIG5 UTF16BE
presentation NUMBER WITHHELD UNAVAILABLE PAYPHONE OVERSEAS
valueType NONE UINT TEXT DIGITS FLAG HHMM BYTES
op NONE MAKE ANSWER HANGUP HOLD RETRIEVE TRANSFER CONF PARK UNPARK PAGE REDIAL PICKUP FLASH DIGITS
hotelOp NONE CHECKIN CHECKOUT CLASS WAKE WAKECLEAR LAMP DND ROOM NAME MOVE
outcome UNKNOWN ANSWERED NOANSWER BUSY
`;

const MESSAGE_TABLE = `
01 HELLO request host bare session model,version,window
02 BEAT event both reliable - -
03 WELCOME answer pbx bare session,boot,lines,exts,caps model,version,window,store,first,next
04 READY event pbx bare boot model
05 BYE event both bare - text
06 ACK answer both bare - -
15 NAK answer both bare reason -
10 LINE event pbx reliable line,lineState call,peer,number,dir,end,at,epoch
11 EXT event pbx reliable ext,extState call,line,peer,number,dir,end,dnd,forward,cls,lamp,at,epoch
12 CID event pbx reliable line,presentation call,number,name,nameBytes,charset,at
13 DIGITS event pbx reliable ext,digits line,call,at
14 PARK event pbx reliable slot,parkState call,line,peer,at,epoch
20 CDR event pbx reliable store,record,start,durationS,dir,end call,part,more,ringS,heldS,ext,line,number,name,peer,account,charge,pulses,from,estimated
21 CDRACK event host reliable store,record -
22 CDRLOST event pbx reliable store,first -
30 TIMEGET request host reliable ref -
31 TIMESET request host reliable ref,at -
32 TIME answer pbx reliable ref,at -
40 GET request host reliable ref,item,index,field count
41 SET request host reliable ref,item,index,field,valueType,values -
42 VALUE answer pbx reliable ref,item,index,field,valueType,values -
44 LOGIN request host reliable ref,password -
45 LOGOUT request host reliable ref -
46 CHANGED event pbx reliable item,index,field count
50 CALL request host reliable ref,op,ext to,line,slot,call,account
51 CALLED answer pbx reliable ref,code call,line,slot,text
60 HOTEL request host reliable ref,hotelOp,ext on,cls,at,name,status,to
61 ROOM event pbx reliable hotelOp,ext on,status,at,outcome
70 SNAPGET request host reliable ref -
71 SNAP answer pbx reliable ref,epoch idleExt,idleLine
72 SNAPEND event pbx reliable epoch -
7E RESULT answer pbx reliable ref,code codes,text
7F ERROR event both bare code text
`;

/** The fields of the protocol, by name. */
export const FIELDS: ReadonlyMap<string, FieldRow> = new Map(
  rows(FIELD_TABLE).map((row) => {
    const [tag = '', key = '', name = '', kind = '', ...rest] = row;
    const max = rest.find((part) => part !== 'many');
    return [
      name,
      {
        tag: Number.parseInt(tag, 16),
        key,
        name,
        kind: kindOf(kind),
        max: Number(max ?? 0),
        many: rest.includes('many'),
      },
    ];
  }),
);

/** The words of a field of kind word or set; the code is the place in the list. */
export const WORDS: ReadonlyMap<string, readonly string[]> = new Map(
  rows(WORD_TABLE).map(([field = '', ...words]) => [field, words]),
);

/** The messages of the protocol, by word. */
export const MESSAGES: ReadonlyMap<string, MessageRow> = new Map(
  rows(MESSAGE_TABLE).map(([type = '', word = '', group, from, link, must = '-', may = '-']) => [
    word,
    {
      type: Number.parseInt(type, 16),
      word,
      group: group === 'request' || group === 'answer' ? group : 'event',
      from: from === 'host' || from === 'pbx' ? from : 'both',
      link: link === 'reliable' ? 'reliable' : 'bare',
      must: must === '-' ? [] : must.split(','),
      may: may === '-' ? [] : may.split(','),
    },
  ]),
);

/** {@link MESSAGES} by type. */
export const MESSAGE_OF_TYPE: ReadonlyMap<number, MessageRow> = new Map(
  [...MESSAGES.values()].map((row) => [row.type, row]),
);

/** The fields that a message has, in the order of the table. */
export function fieldsOf(message: MessageRow): readonly FieldRow[] {
  return [...message.must, ...message.may].map((name) => FIELDS.get(name)).filter((row) => row !== undefined);
}

/** The list of words of a field: lists are named after what they hold. */
export function wordsOf(field: FieldRow): readonly string[] {
  return WORDS.get(field.name === 'codes' ? 'code' : field.name) ?? [];
}

function rows(table: string): readonly (readonly string[])[] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
}

function kindOf(text: string): FieldKind {
  const kinds: readonly FieldKind[] = ['u8', 'u16', 'u32', 'flag', 'word', 'set', 'text', 'digits', 'bytes', 'time'];
  return kinds.find((kind) => kind === text) ?? 'bytes';
}

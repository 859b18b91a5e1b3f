import type { ToneSet, ToneSpec } from './tone-set.js';

/** ITU-T E.180 special information tone: three rising frequencies, 330 ms each, then a second of silence. */
const SIT: ToneSpec = {
  tone: 'unobtainable',
  hz: [950],
  hzOfEachOn: [[950], [1400], [1800]],
  cadenceMs: [330, 0, 330, 0, 330, 1000],
  once: true,
};

const NORTH_AMERICAN: readonly ToneSpec[] = [
  { tone: 'dial', hz: [350, 440] },
  { tone: 'special_dial', hz: [350, 440], cadenceMs: [100, 100] },
  { tone: 'ringback', hz: [440, 480], cadenceMs: [2000, 4000] },
  { tone: 'busy', hz: [480, 620], cadenceMs: [500, 500] },
  { tone: 'congestion', hz: [480, 620], cadenceMs: [250, 250] },
  { tone: 'call_waiting', hz: [440], cadenceMs: [300, 10_000] },
  { tone: 'howler', hz: [1400, 2060, 2450, 2600], cadenceMs: [100, 100] },
  SIT,
];

/** China: GB/T 3380 and YD/T 1277 family; 450 Hz +-25, times +-10 %. */
export const CHINA: ToneSet = {
  id: 'cn',
  toleranceHz: 33,
  tones: [
    { tone: 'dial', hz: [450] },
    { tone: 'special_dial', hz: [450], cadenceMs: [400, 40] },
    { tone: 'ringback', hz: [450], cadenceMs: [1000, 4000] },
    { tone: 'busy', hz: [450], cadenceMs: [350, 350] },
    { tone: 'congestion', hz: [450], cadenceMs: [700, 700] },
    { tone: 'unobtainable', hz: [450], cadenceMs: [100, 100, 100, 100, 100, 100, 400, 400] },
    { tone: 'toll', hz: [450], cadenceMs: [200, 200, 200, 600] },
    { tone: 'call_waiting', hz: [450], cadenceMs: [400, 4000] },
    { tone: 'howler', hz: [950], rises: true },
    { tone: 'warning', hz: [1400], cadenceMs: [400, 10_000] },
    { tone: 'warning', hz: [950], cadenceMs: [400, 10_000] },
  ],
};

/** United States, Canada and what follows the North American plan (GR-506). */
export const UNITED_STATES: ToneSet = { id: 'us', tones: NORTH_AMERICAN };

/** United Kingdom (BT SIN 350). */
export const UNITED_KINGDOM: ToneSet = {
  id: 'gb',
  tones: [
    { tone: 'dial', hz: [350, 440] },
    { tone: 'special_dial', hz: [350, 440], cadenceMs: [750, 750] },
    { tone: 'ringback', hz: [400, 450], cadenceMs: [400, 200, 400, 2000] },
    { tone: 'busy', hz: [400], cadenceMs: [375, 375] },
    { tone: 'congestion', hz: [400], cadenceMs: [400, 350, 225, 525] },
    { tone: 'unobtainable', hz: [400] },
    SIT,
  ],
};

/** Germany (1 TR 110). */
export const GERMANY: ToneSet = {
  id: 'de',
  tones: [
    { tone: 'dial', hz: [425] },
    { tone: 'ringback', hz: [425], cadenceMs: [1000, 4000] },
    { tone: 'busy', hz: [425], cadenceMs: [480, 480] },
    { tone: 'congestion', hz: [425], cadenceMs: [240, 240] },
    { tone: 'call_waiting', hz: [425], cadenceMs: [200, 200, 200, 5000] },
    SIT,
  ],
};

/** France. */
export const FRANCE: ToneSet = {
  id: 'fr',
  tones: [
    { tone: 'dial', hz: [440] },
    { tone: 'ringback', hz: [440], cadenceMs: [1500, 3500] },
    { tone: 'busy', hz: [440], cadenceMs: [500, 500] },
    { tone: 'congestion', hz: [440], cadenceMs: [250, 250] },
    { tone: 'call_waiting', hz: [440], cadenceMs: [300, 10_000] },
    SIT,
  ],
};

/** Japan: ringback is 400 Hz modulated with 16 Hz. */
export const JAPAN: ToneSet = {
  id: 'jp',
  toleranceHz: 20,
  tones: [
    { tone: 'dial', hz: [400] },
    { tone: 'special_dial', hz: [400], cadenceMs: [250, 250] },
    { tone: 'ringback', hz: [384, 400, 416], cadenceMs: [1000, 2000] },
    { tone: 'busy', hz: [400], cadenceMs: [500, 500] },
  ],
};

/** Hong Kong. */
export const HONG_KONG: ToneSet = {
  id: 'hk',
  tones: [
    { tone: 'dial', hz: [350, 440] },
    { tone: 'ringback', hz: [440, 480], cadenceMs: [400, 200, 400, 3000] },
    { tone: 'busy', hz: [480, 620], cadenceMs: [500, 500] },
    { tone: 'congestion', hz: [480, 620], cadenceMs: [250, 250] },
    { tone: 'unobtainable', hz: [480, 620] },
    SIT,
  ],
};

/** Taiwan. */
export const TAIWAN: ToneSet = {
  id: 'tw',
  tones: [
    { tone: 'dial', hz: [350, 440] },
    { tone: 'ringback', hz: [440, 480], cadenceMs: [1000, 2000] },
    { tone: 'busy', hz: [480, 620], cadenceMs: [500, 500] },
    { tone: 'congestion', hz: [480, 620], cadenceMs: [250, 250] },
    { tone: 'call_waiting', hz: [350, 440], cadenceMs: [250, 250, 250, 3250] },
    SIT,
  ],
};

/** Republic of Korea. */
export const KOREA: ToneSet = {
  id: 'kr',
  tones: [
    { tone: 'dial', hz: [350, 440] },
    { tone: 'ringback', hz: [440, 480], cadenceMs: [1000, 2000] },
    { tone: 'busy', hz: [480, 620], cadenceMs: [500, 500] },
    { tone: 'congestion', hz: [480, 620], cadenceMs: [300, 200] },
    SIT,
  ],
};

/** India: dial tone and ringback are 400 Hz modulated with 25 Hz. */
export const INDIA: ToneSet = {
  id: 'in',
  tones: [
    { tone: 'dial', hz: [375, 400, 425] },
    { tone: 'ringback', hz: [375, 400, 425], cadenceMs: [400, 200, 400, 2000] },
    { tone: 'busy', hz: [400], cadenceMs: [750, 750] },
    { tone: 'congestion', hz: [400], cadenceMs: [250, 250] },
    { tone: 'unobtainable', hz: [400], cadenceMs: [2800, 200] },
    { tone: 'call_waiting', hz: [400], cadenceMs: [200, 100, 200, 7500] },
  ],
};

/** Australia (AS/ACIF S002). */
export const AUSTRALIA: ToneSet = {
  id: 'au',
  tones: [
    { tone: 'dial', hz: [400, 425, 450] },
    { tone: 'special_dial', hz: [400, 425, 450], cadenceMs: [100, 40] },
    { tone: 'ringback', hz: [400, 425, 450], cadenceMs: [400, 200, 400, 2000] },
    { tone: 'busy', hz: [425], cadenceMs: [375, 375] },
    { tone: 'call_waiting', hz: [425], cadenceMs: [200, 200, 200, 4400] },
    { tone: 'unobtainable', hz: [425], cadenceMs: [2500, 500] },
  ],
};

/** Singapore. */
export const SINGAPORE: ToneSet = {
  id: 'sg',
  tones: [
    { tone: 'dial', hz: [425] },
    { tone: 'ringback', hz: [401, 425, 449], cadenceMs: [400, 200, 400, 2000] },
    { tone: 'busy', hz: [425], cadenceMs: [750, 750] },
    { tone: 'congestion', hz: [425], cadenceMs: [250, 250] },
    { tone: 'unobtainable', hz: [425], cadenceMs: [2500, 500] },
  ],
};

/** Russia. */
export const RUSSIA: ToneSet = {
  id: 'ru',
  toleranceHz: 25,
  tones: [
    { tone: 'dial', hz: [425] },
    { tone: 'ringback', hz: [425], cadenceMs: [1000, 4000] },
    { tone: 'busy', hz: [425], cadenceMs: [400, 400] },
    { tone: 'congestion', hz: [425], cadenceMs: [200, 200] },
    { tone: 'call_waiting', hz: [425], cadenceMs: [200, 5000] },
    SIT,
  ],
};

/** Brazil. */
export const BRAZIL: ToneSet = {
  id: 'br',
  toleranceHz: 25,
  tones: [
    { tone: 'dial', hz: [425] },
    { tone: 'ringback', hz: [425], cadenceMs: [1000, 4000] },
    { tone: 'busy', hz: [425], cadenceMs: [250, 250] },
    { tone: 'unobtainable', hz: [425], cadenceMs: [250, 250, 750, 250] },
    { tone: 'call_waiting', hz: [425], cadenceMs: [60, 1000] },
  ],
};

/** Spain. */
export const SPAIN: ToneSet = {
  id: 'es',
  tones: [
    { tone: 'dial', hz: [425] },
    { tone: 'ringback', hz: [425], cadenceMs: [1500, 3000] },
    { tone: 'busy', hz: [425], cadenceMs: [200, 200] },
    { tone: 'congestion', hz: [425], cadenceMs: [200, 200, 200, 600] },
    { tone: 'call_waiting', hz: [425], cadenceMs: [175, 175, 175, 3500] },
    SIT,
  ],
};

/** Italy. */
export const ITALY: ToneSet = {
  id: 'it',
  tones: [
    { tone: 'dial', hz: [425], cadenceMs: [200, 200, 600, 1000] },
    { tone: 'special_dial', hz: [425] },
    { tone: 'ringback', hz: [425], cadenceMs: [1000, 4000] },
    { tone: 'busy', hz: [425], cadenceMs: [500, 500] },
    { tone: 'congestion', hz: [425], cadenceMs: [200, 200] },
    SIT,
  ],
};

/**
 * A small Chinese PBX or key system behind the public exchange: the exchange's tones, and the two-burst ringback and interrupted dial
 * tone that such systems give their extensions. Systems differ: learn what yours sends with `createToneLearner`.
 */
export const CHINA_PBX: ToneSet = {
  id: 'cn-pbx',
  toleranceHz: 33,
  tones: [
    ...CHINA.tones,
    { tone: 'ringback', hz: [450], cadenceMs: [400, 200, 400, 4000] },
    { tone: 'special_dial', hz: [450], cadenceMs: [150, 150] },
    { tone: 'busy', hz: [450], cadenceMs: [500, 500] },
    { tone: 'congestion', hz: [450], cadenceMs: [250, 250] },
  ],
};

/** Every set that comes with the package, China first. */
export const TONE_SETS: readonly ToneSet[] = [
  CHINA,
  UNITED_STATES,
  UNITED_KINGDOM,
  GERMANY,
  FRANCE,
  JAPAN,
  HONG_KONG,
  TAIWAN,
  KOREA,
  INDIA,
  AUSTRALIA,
  SINGAPORE,
  RUSSIA,
  BRAZIL,
  SPAIN,
  ITALY,
  CHINA_PBX,
];

/** The set with this id (a country's two letters, lower case), if the package has one. */
export function toneSet(id: string): ToneSet | undefined {
  return TONE_SETS.find((set) => set.id === id);
}

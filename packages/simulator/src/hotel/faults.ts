/** What a hotel system does wrong. Each number counts down to 0; a test or a scenario sets them. */
export interface HotelFaults {
  /** Records that it answers by NAK although they are good. */
  refuse: number;
  /** Records that it takes without ACK. */
  swallowAcks: number;
  /** Records that it acknowledges twice. */
  doubleAcks: number;
  /** Postings that it books without PA. */
  swallowAnswers: number;
  /** Postings that it answers twice. */
  doubleAnswers: number;
  /** Records that do not reach it at all. */
  lose: number;
  /** Own records whose bits it flips on the way out. */
  flip: number;
  /** Own records that it sends twice. */
  doubleRecords: number;
  /** Rubbish in front of own records. */
  garbage: number;
  /** Wait in front of each PA, ms. */
  answerDelayMs: number;
}

/** None. */
export function noHotelFaults(): HotelFaults {
  return {
    refuse: 0,
    swallowAcks: 0,
    doubleAcks: 0,
    swallowAnswers: 0,
    doubleAnswers: 0,
    lose: 0,
    flip: 0,
    doubleRecords: 0,
    garbage: 0,
    answerDelayMs: 0,
  };
}

/** Takes one off a counter; `true` when there was one. */
export function hasFault(faults: HotelFaults, name: Exclude<keyof HotelFaults, 'answerDelayMs'>): boolean {
  if (faults[name] <= 0) return false;
  faults[name] -= 1;
  return true;
}

/** Row frequencies then column frequencies, Hz (ITU-T Q.23). */
export const DTMF_HZ = [697, 770, 852, 941, 1209, 1336, 1477, 1633] as const;
/** Keys by row, then column (ITU-T Q.23). */
export const DTMF_KEYS = '123A456B789C*0#D';

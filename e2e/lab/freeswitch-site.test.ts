import { describe, expect, it } from 'vitest';
import { freeswitchSite } from './freeswitch-world.js';

const ESL = { FREESWITCH_ESL: '127.0.0.1:8021', FREESWITCH_ESL_PASSWORD: 'ClueCon' };

describe('the FreeSWITCH that the environment names', () => {
  it('is none without an address and a password', () => {
    expect(freeswitchSite({})).toBeUndefined();
    expect(freeswitchSite({ ...ESL, FREESWITCH_ESL_PASSWORD: '' })).toBeUndefined();
  });

  it('has the ports and the password of the phones that it names, else those of the documentation', () => {
    expect(freeswitchSite(ESL)).toEqual({
      esl: { host: '127.0.0.1', port: 8021, password: 'ClueCon' },
      sip: { phones: 5060, outside: 5080, provider: 5090 },
      phonePassword: 'lab-secret',
    });
    expect(
      freeswitchSite({ ...ESL, FREESWITCH_SIP_PORTS: '1,2,3', FREESWITCH_PHONE_PASSWORD: 'x-1234' }),
    ).toMatchObject({
      sip: { phones: 1, outside: 2, provider: 3 },
      phonePassword: 'x-1234',
    });
  });

  it.each(['', 'two words', 'a;answermode=auto', 'line\nend'])('refuses the password %j for phones', (password) => {
    expect(() => freeswitchSite({ ...ESL, FREESWITCH_PHONE_PASSWORD: password })).toThrow(/FREESWITCH_PHONE_PASSWORD/);
  });
});

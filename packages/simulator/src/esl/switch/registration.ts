import type { VirtualParty } from '../../switch/model.js';
import type { EslSwitch, Extra } from './esl-switch.js';
import { DOMAIN, userVariables } from './sip-variables.js';

/** A phone has registered or gone: CUSTOM sofia::register / sofia::unregister, and PRESENCE_IN when it goes. */
export function tellRegistration(sw: EslSwitch, party: VirtualParty, port: number): void {
  const user = party.address;
  const is = party.registered === 'registered';
  const from: Extra[] = [
    ['from-user', user],
    ['from-host', DOMAIN],
  ];
  const contact: Extra[] = [
    ['contact', `"" <sip:${user}@${DOMAIN}:${port}>`],
    ['call-id', `${user}-${sw.identity.random.int(1, 1_000_000)}@${DOMAIN}`],
    ['rpid', 'unknown'],
  ];
  const network: Extra[] = [
    ['network-ip', DOMAIN],
    ['network-port', String(port)],
  ];
  const directory: Extra[] = [
    ['sip_number_alias', user],
    ['sip_auth_username', user],
    ['sip_auth_realm', DOMAIN],
    ['number_alias', user],
    ['user_name', user],
    ['domain_name', DOMAIN],
    ...Object.entries(userVariables(user)),
  ];
  const agent: Extra = ['user-agent', 'cordboard-simulator'];
  if (is) {
    sw.fire('CUSTOM', {
      source: 'REGISTER',
      subclass: 'sofia::register',
      headers: [
        ['profile-name', 'internal'],
        ...from,
        ['presence-hosts', DOMAIN],
        ...contact,
        ['status', 'Registered(UDP)'],
        ['expires', '3600'],
        ['to-user', user],
        ['to-host', DOMAIN],
        ...network,
        ['username', user],
        ['realm', DOMAIN],
        agent,
        ...directory,
      ],
    });
    return;
  }
  sw.fire('PRESENCE_IN', {
    source: 'PRESENCE_IN_REGISTER',
    headers: [
      ['proto', 'sip'],
      ['rpid', 'unknown'],
      ['login', `sip:mod_sofia@${DOMAIN}:5060`],
      agent,
      ['from', `${user}@${DOMAIN}`],
      ['status', 'Unregistered'],
      ['presence-source', 'register'],
      ['event_type', 'presence'],
    ],
  });
  sw.fire('CUSTOM', {
    source: 'UNREGISTER',
    subclass: 'sofia::unregister',
    headers: [
      ['profile-name', 'internal'],
      ['username', user],
      ...from,
      ...contact,
      ['realm', DOMAIN],
      ...network,
      agent,
      ['expires', '0'],
      ...directory,
    ],
  });
}

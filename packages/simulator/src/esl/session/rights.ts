/** What a `userauth` client may do. */
export interface EslUser {
  readonly password: string;
  /** Event names; default all. */
  readonly events?: readonly string[];
  /** API commands; default all. */
  readonly api?: readonly string[];
  readonly log?: 'allowed' | 'denied';
}

/** May this client subscribe to all of these? */
export function mayHear(user: EslUser | undefined, words: readonly string[]): boolean {
  if (user?.events === undefined) return true;
  const allowed = new Set(user.events.map((name) => name.toUpperCase()));
  const names = words.filter((word) => !['PLAIN', 'JSON', 'XML'].includes(word.toUpperCase()));
  return names.every((name) => allowed.has(name.toUpperCase()));
}

/** May it run this API command? */
export function mayRun(user: EslUser | undefined, command: string): boolean {
  return user?.api === undefined || user.api.includes(command.toLowerCase());
}

/** The headers that tell a client of its rights. */
export function rightsHeaders(user: EslUser): readonly (readonly [string, string])[] {
  return [
    ['Allowed-Events', user.events?.join(',') ?? 'all'],
    ['Allowed-API', user.api?.join(',') ?? 'all'],
    ['Allowed-LOG', String(user.log !== 'denied')],
  ];
}

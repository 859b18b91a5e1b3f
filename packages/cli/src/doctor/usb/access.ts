import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Who asks. */
export interface User {
  readonly uid: number;
  readonly gids: readonly number[];
}

/** Whoever runs this program. */
export function thisUser(): User {
  return { uid: process.getuid?.() ?? 0, gids: [process.getgid?.() ?? 0, ...(process.getgroups?.() ?? [])] };
}

/** Can a node be opened for reading and writing? `absent`: it is not there. `group`: that owns it and may, where this user may not. */
export interface Access {
  readonly may: 'yes' | 'no' | 'absent';
  readonly group?: string;
}

/** Looks at the node by its mode bits. */
export async function accessTo(node: string, who: { readonly root: string; readonly user: User }): Promise<Access> {
  const { root, user } = who;
  let found: Awaited<ReturnType<typeof stat>>;
  try {
    found = await stat(join(root, node));
  } catch {
    return { may: 'absent' };
  }
  const bits = (shift: number): boolean => ((Number(found.mode) >> shift) & 6) === 6;
  const isMember = user.gids.includes(Number(found.gid));
  if (user.uid === 0) return { may: 'yes' };
  if (user.uid === Number(found.uid) ? bits(6) : isMember ? bits(3) : bits(0)) return { may: 'yes' };
  const group = bits(3) ? await groupName(root, Number(found.gid)) : undefined;
  return { may: 'no', ...(group === undefined ? {} : { group }) };
}

async function groupName(root: string, gid: number): Promise<string | undefined> {
  const list = await readFile(join(root, 'etc/group'), 'utf8').catch(() => '');
  return list
    .split('\n')
    .map((line) => line.split(':'))
    .find((fields) => fields[2] === String(gid))?.[0];
}

/** Is a program on the path? */
export async function hasProgram(name: string, path: string): Promise<'there' | 'missing'> {
  for (const folder of path.split(delimiter).filter((each) => each !== '')) {
    try {
      await access(join(folder, name), constants.X_OK);
      return 'there';
    } catch {
      // The next folder may have it.
    }
  }
  return 'missing';
}

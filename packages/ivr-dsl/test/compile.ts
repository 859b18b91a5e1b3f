import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What the compiler says of a program. */
export interface Compiled {
  /** Its complaints by line of the program, from 1, with what belongs to each. */
  readonly complaints: ReadonlyMap<number, string>;
  /** How often it made a type out of a generic one: its work, the same on every machine. */
  readonly instantiations: number;
}

/** Has the project's compiler check a program that imports the package as `ivr`. */
export async function compile(program: string): Promise<Compiled> {
  const folder = await mkdtemp(join(tmpdir(), 'cordboard-compile-'));
  try {
    await writeFile(join(folder, 'program.mts'), program.replace("'ivr'", JSON.stringify(here('../src/index.ts'))));
    // The schemas are most of what there is to compile, and none of what is asked here.
    const core = here('../../cti-core/src/index.ts');
    const stub = `import type { IvrGraph } from '${core}';\nexport declare function readIvrGraph(value: unknown, path?: string): IvrGraph;\n`;
    await writeFile(join(folder, 'protocol.mts'), stub);
    const compilerOptions = {
      noEmit: true,
      lib: ['ES2023', 'DOM'],
      allowImportingTsExtensions: true,
      paths: { '@cordboard/cti-protocol': ['./protocol.mts'] },
    };
    const project = { extends: here('../../../tsconfig.base.json'), compilerOptions, files: ['program.mts'] };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project));
    return read(await run(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(folder: string): Promise<string> {
  const tsc = here('../../../node_modules/@typescript/native/bin/tsc');
  const flags = ['-p', folder, '--pretty', 'false', '--extendedDiagnostics'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [tsc, ...flags], { timeout: 110_000, maxBuffer: 2 ** 25 }, (error, stdout) => {
      // It ends with a number other than 0 where it complains.
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve(stdout);
    });
  });
}

function read(output: string): Compiled {
  const complaints = new Map<number, string>();
  let line: number | undefined;
  for (const text of output.split('\n')) {
    const begins = /^\S*program\.mts\((\d+),\d+\): error/.exec(text);
    if (begins !== null) line = Number(begins[1]);
    else if (!text.startsWith(' ')) line = undefined;
    if (line !== undefined) complaints.set(line, `${complaints.get(line) ?? ''}${text}\n`);
  }
  const work = /^Instantiations:\s+(\d+)/m.exec(output);
  if (work === null) throw new Error(`the compiler did not run: ${output.slice(0, 500)}`);
  return { complaints, instantiations: Number(work[1]) };
}

/** Ends parts one after the other. One that fails (a disk that is gone) must not keep the others from letting go. @returns what failed, in order */
export async function letGo(parts: readonly (() => Promise<unknown> | undefined)[]): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  for (const part of parts) {
    try {
      await part();
    } catch (error) {
      failures.push(error);
    }
  }
  return failures;
}

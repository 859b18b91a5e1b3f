/** The optional package `serialport`, or undefined where it is not installed. */
export async function serialLibrary(): Promise<typeof import('serialport') | undefined> {
  try {
    return await import('serialport');
  } catch {
    // Optional: whoever has no serial port needs none.
    return undefined;
  }
}

/** A text to be spoken as a path that sounds as long as it takes to say it. */
export function spokenPath(text: string): string {
  return `say:${text}`;
}

/** A name of the voice library: 1-4 parts of letters, digits, `_`, `-`, such as `front/welcome`. No dots: there is no way up, and no ending. */
const NAME = /^[\p{L}\p{N}_-]{1,64}(\/[\p{L}\p{N}_-]{1,64}){0,3}$/u;
/** A language of flows: `zh`, `en`, `pt-BR`. */
const LANGUAGE = /^[A-Za-z0-9_-]{1,16}$/u;
/** Longest name: with folder and version it must stay within what a switch plays. */
export const MAX_NAME = 80;

/** May this be a name of the library? */
export function isVoiceName(name: string): boolean {
  return name.length <= MAX_NAME && NAME.test(name.normalize('NFC')) && name === name.normalize('NFC');
}

/** May this be a language's folder? */
export function isVoiceLanguage(language: string): boolean {
  return LANGUAGE.test(language);
}

/** The name of the library that a flow's file means: flows may write the ending, the library has none. */
export function nameOfFile(file: string): string {
  return file.replace(/\.(wav|ulaw|ul|sln|gsm|mp3)$/iu, '');
}

/** The file of one version below the folder, without its ending: Asterisk wants none, FreeSWITCH adds it. */
export function versionPath(place: {
  readonly language: string;
  readonly name: string;
  readonly version: number;
}): string {
  return `${place.language}/${place.name}-v${place.version}`;
}

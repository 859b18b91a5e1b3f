import type { ConfigInput } from '@cordboard/cti-protocol';
import type {
  AreaProvider,
  FaxService,
  HostFunction,
  SpeechRecogniser,
  SpeechSynthesiser,
} from '../questions/providers.js';

type IvrInput = NonNullable<ConfigInput['ivr']>;

/** A configuration as a program writes it: as JSON, with the functions of the site in their full types. */
export type ServerConfig = Omit<ConfigInput, 'functions' | 'ivr'> & {
  /** Functions that flows run, by `id@version`. */
  readonly functions?: Readonly<Record<string, HostFunction>>;
  /** What flows may ask of the world outside. */
  readonly ivr?: Omit<IvrInput, 'area' | 'speech' | 'fax'> & {
    readonly area?: AreaProvider | { readonly file: string };
    readonly speech?: Omit<NonNullable<IvrInput['speech']>, 'recognise' | 'synthesise'> & {
      readonly recognise?: SpeechRecogniser;
      readonly synthesise?: SpeechSynthesiser;
    };
    readonly fax?: FaxService;
  };
};

/** Gives a configuration its types in an editor; returns it as it is. */
export function defineConfig(config: ServerConfig): ConfigInput {
  return config as ConfigInput;
}

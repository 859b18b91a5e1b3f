/** What a telephone has to know of the switch that it belongs to: its ports on this machine. */
export interface SwitchSite {
  readonly ports: {
    /** Where phones register and callers come in. */
    readonly sip: number;
    /** Where the provider outside listens. */
    readonly trunk: number;
  };
  /** Password of its phones; default that of the laboratory. */
  readonly password?: string;
}

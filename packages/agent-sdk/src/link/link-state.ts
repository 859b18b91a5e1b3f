/**
 * The link between this client and the server. `connecting`: never been online yet. `online`: streams are complete.
 * `offline`: lost, being tried again; what is shown is the last that was known. `closed`: over, by `close()` or for good.
 */
export type LinkState = 'connecting' | 'online' | 'offline' | 'closed';

declare module 'asterisk-manager' {
  interface Manager {
    on(event: 'managerevent', listener: (event: Record<string, unknown>) => void): void;
    disconnect(): void;
  }
  const Manager: new (port: number, host: string, user: string, secret: string, events: boolean) => Manager;
  export default Manager;
}

declare module 'ari-client' {
  interface Client {
    on(event: string, listener: (event: Record<string, unknown>, resources: unknown) => void): void;
    start(app: string): Promise<void>;
    stop(): void;
  }
  const ari: { connect(url: string, user: string, password: string): Promise<Client> };
  export default ari;
}

declare module 'modesl' {
  interface Event {
    getHeader(name: string): string | null;
    getBody(): string;
    readonly headers: readonly { readonly name: string; readonly value: string }[];
  }
  interface Connection {
    on(event: string, listener: (event: Event) => void): void;
    events(format: 'plain' | 'json' | 'xml', events: string, done: () => void): void;
    disconnect(): void;
  }
  const modesl: { Connection: new (host: string, port: number, password: string, ready: () => void) => Connection };
  export default modesl;
}

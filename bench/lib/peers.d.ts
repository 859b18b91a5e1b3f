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

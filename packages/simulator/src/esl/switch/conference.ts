/** A room in which any number of channels hear each other. */
export interface Conference {
  readonly name: string;
}

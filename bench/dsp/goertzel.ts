/** The floor: eight Goertzel recursions over blocks of 102 samples and a threshold, as the plainest of DTMF detectors have it. */
export class GoertzelBank {
  readonly #factors = [697, 770, 852, 941, 1209, 1336, 1477, 1633].map((hz) => 2 * Math.cos((2 * Math.PI * hz) / 8000));
  readonly #one = new Float64Array(8);
  readonly #two = new Float64Array(8);
  #count = 0;
  /** Blocks in which a row and a column stood out. */
  hits = 0;

  push(samples: Int16Array): void {
    const factors = this.#factors;
    const one = this.#one;
    const two = this.#two;
    for (let n = 0; n < samples.length; n += 1) {
      const sample = samples[n] as number;
      for (let i = 0; i < 8; i += 1) {
        const next = sample + (factors[i] as number) * (one[i] as number) - (two[i] as number);
        two[i] = one[i] as number;
        one[i] = next;
      }
      this.#count += 1;
      if (this.#count === 102) this.#judge();
    }
  }

  #judge(): void {
    let rows = 0;
    let columns = 0;
    for (let i = 0; i < 8; i += 1) {
      const one = this.#one[i] as number;
      const two = this.#two[i] as number;
      const power = one * one + two * two - (this.#factors[i] as number) * one * two;
      if (i < 4) rows = Math.max(rows, power);
      else columns = Math.max(columns, power);
    }
    if (rows > 1e9 && columns > 1e9) this.hits += 1;
    this.#one.fill(0);
    this.#two.fill(0);
    this.#count = 0;
  }
}

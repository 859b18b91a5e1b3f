/**
 * @typedef {object} Gate
 * @property {number} [max] largest allowed value
 * @property {number} [min] smallest allowed value
 * @property {number} [maxRatio] largest allowed value divided by the reference of the same run
 * @property {number} [minRatio] smallest such ratio
 */
/** @typedef {{ name: string, value: number, unit: string, reference?: { name: string, value: number } }} Figure */

/**
 * What is wrong with the figures of one bench, by its gates. A gate whose figure was not printed is broken too.
 *
 * @param {readonly Figure[]} figures
 * @param {Record<string, Gate>} gates
 * @returns {string[]} one line for each broken gate
 */
export function brokenGates(figures, gates) {
  return Object.entries(gates).flatMap(([name, gate]) => {
    const figure = figures.find((item) => item.name === name);
    if (!figure) return [`${name}: no such figure was printed`];
    const ratio = figure.reference ? figure.value / figure.reference.value : Number.NaN;
    const shown = `${figure.value} ${figure.unit}`;
    const problems = [];
    if (!Number.isFinite(figure.value)) problems.push(`${name}: ${shown} is no figure`);
    if (gate.max !== undefined && !(figure.value <= gate.max)) problems.push(`${name}: ${shown} is above ${gate.max}`);
    if (gate.min !== undefined && !(figure.value >= gate.min)) problems.push(`${name}: ${shown} is below ${gate.min}`);
    if (gate.maxRatio !== undefined && !(ratio <= gate.maxRatio)) {
      problems.push(
        `${name}: ${ratio.toFixed(2)} times ${figure.reference?.name ?? 'no reference'} is above ${gate.maxRatio}`,
      );
    }
    if (gate.minRatio !== undefined && !(ratio >= gate.minRatio)) {
      problems.push(
        `${name}: ${ratio.toFixed(2)} times ${figure.reference?.name ?? 'no reference'} is below ${gate.minRatio}`,
      );
    }
    return problems;
  });
}

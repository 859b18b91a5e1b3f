/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @param {Counts} counts */
export const countsLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

const pattern = /^(\d+) passed, (\d+) failed, (\d+) skipped$/;

/**
 * The last line of a program's output that is a counts line, or undefined.
 * @param {string} output
 * @returns {Counts | undefined}
 */
export function countsOf(output) {
  for (const line of output.split('\n').reverse()) {
    const match = pattern.exec(line.trim());
    if (match) return { passed: Number(match[1]), failed: Number(match[2]), skipped: Number(match[3]) };
  }
  return undefined;
}

/**
 * The counts of a report by vitest's JSON reporter. A file that failed outside its tests counts as one failure,
 * and so does a report that says "no success" without a failed test.
 * @param {any} report
 * @returns {Counts}
 */
export function countsOfVitest(report) {
  const brokenFiles = report.testResults.filter(
    (/** @type {any} */ file) =>
      file.status === 'failed' && !file.assertionResults.some((/** @type {any} */ test) => test.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

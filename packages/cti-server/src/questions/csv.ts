/** The fields of one line of comma-separated text (RFC 4180); a quoted field may hold commas and doubled quotes, never a line break. */
export function splitCsvLine(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  const field = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/gu;
  for (const [, quoted, plain] of line.matchAll(field)) fields.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
  return fields;
}

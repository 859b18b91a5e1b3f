import { CtiError } from '@cordboard/cti-core';

/** The fields of one line of CSV; undefined when a quote is not closed or stands where none may. */
export function splitCsv(line: string, delimiter: string): readonly string[] | undefined {
  if (!line.includes('"')) return line.split(delimiter);
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (line.charAt(at) !== '"') {
      const end = line.indexOf(delimiter, at);
      const field = end < 0 ? line.slice(at) : line.slice(at, end);
      if (field.includes('"')) return undefined;
      fields.push(field);
      if (end < 0) return fields;
      at = end + 1;
      continue;
    }
    let field = '';
    let from = at + 1;
    for (;;) {
      const quote = line.indexOf('"', from);
      if (quote < 0) return undefined;
      field += line.slice(from, quote);
      at = quote + 1;
      if (line.charAt(at) !== '"') break;
      field += '"';
      from = at + 1;
    }
    fields.push(field);
    if (at >= line.length) return fields;
    if (line.charAt(at) !== delimiter) return undefined;
    at += 1;
  }
}

/** A field as a line of CSV has it. @throws {CtiError} `argument.invalid` for a control character: a record is one line */
export function csvField(text: string, delimiter: string): string {
  if (/[\x00-\x1f\x7f]/u.test(text)) throw new CtiError('argument.invalid', 'a field holds a control character');
  return text.includes(delimiter) || text.includes('"') ? `"${text.replace(/"/gu, '""')}"` : text;
}

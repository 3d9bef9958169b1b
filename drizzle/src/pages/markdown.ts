/** A text as Markdown shows it letter by letter: nothing in it is taken for a tag, an emphasis or a link. */
export const plain = (text: string): string => text.replace(/[\\`*[\]<>|]|(?<!\w)_|_(?!\w)/g, (sign) => `\\${sign}`);

/** A text as code. A pipe would end the cell of a table, even in code. */
export const code = (text: string): string => {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${text.replaceAll('|', '\\|')}${fence}`;
};

/** A table; cells are Markdown. Without rows it is nothing at all. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  return [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** Paragraphs, each followed by a blank line; empty ones are left out. */
export const paragraphs = (parts: readonly string[]): string => `${parts.filter((part) => part !== '').join('\n\n')}\n`;

export interface Difference {
  /** The first line that differs, from 1. */
  readonly line: number;
  readonly was: string | undefined;
  readonly is: string | undefined;
  /** How many lines one has and the other lacks, the larger of both sides. */
  readonly count: number;
}

/** How a generated page differs from what it would be now, or undefined when it does not. */
export function firstDifference(was: string, is: string): Difference | undefined {
  if (was === is) return undefined;
  const [old, now] = [was.split('\n'), is.split('\n')];
  const length = Math.max(old.length, now.length);
  let line = 0;
  while (line < length && old[line] === now[line]) line++;
  const lacks = (some: string[], others: string[]): number => {
    const left = new Map<string, number>();
    for (const text of others) left.set(text, (left.get(text) ?? 0) + 1);
    return some.filter((text) => {
      const count = left.get(text) ?? 0;
      left.set(text, count - 1);
      return count <= 0;
    }).length;
  };
  return { line: line + 1, was: old[line], is: now[line], count: Math.max(1, lacks(old, now), lacks(now, old)) };
}

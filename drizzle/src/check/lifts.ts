import type { ParsedSql } from './parse.js';
import type { Lift } from './rule.js';

const form = /^--\s*lift:\s*([\w-]+(?:\s*,\s*[\w-]+)*)\s+because\s+(\S.*)$/i;

/** Every lift in a file, usable or not. It counts for the statement whose first line comes right after the comment's lines. */
export function readLifts(sql: string, { statements, tokens }: ParsedSql): Lift[] {
  return tokens.flatMap((token, index) => {
    if (!token.isComment || !/^(--|\/\*)\s*lift\s*:/i.test(token.text)) return [];
    let next = index;
    // Only comments may stand between, and no empty line: what a reason is for has to be seen.
    while (
      tokens[next]?.isComment &&
      /^[ \t]*\r?\n?[ \t]*$/.test(sql.slice(tokens[next]?.end, tokens[next + 1]?.start ?? sql.length))
    )
      next++;
    const start = tokens[next]?.isComment ? undefined : tokens[next]?.start;
    const match = form.exec(token.text.trim());
    return [
      {
        offset: token.start,
        rules: (match?.[1] ?? '').split(/\s*,\s*/).filter((rule) => rule !== ''),
        reason: match?.[2]?.trim() ?? '',
        statement: statements.some((statement) => statement.start === start) ? start : undefined,
      },
    ];
  });
}

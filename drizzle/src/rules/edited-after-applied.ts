import type { Rule } from '../check/rule.js';
import { findDrift } from '../migrate/history.js';

export const editedAfterApplied: Rule = {
  id: 'edited-after-applied',
  catches: 'A file that was changed after a database had applied it; only where one can be asked.',
  checkFile: ({ name, sql, checksum, applied }) => {
    if (!applied) return [];
    const file = { ...applied, name: name.replace(/\.sql$/, ''), checksum, sql, requires: [], statements: [] };
    return findDrift([file], [applied])
      .filter(({ code }) => code === 'MIGRATION_EDITED')
      .map(({ message }) => ({
        offset: 0,
        consequence: `${message} This database will never run the change, a new one will: from here on they differ.`,
        safe: `-- Restore the file from version control, and put the change into a new one:\n-- NNN_${applied.owner}_<what>.sql`,
      }));
  },
};

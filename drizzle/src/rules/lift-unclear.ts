import { ruleIds } from '../check/ruleIds.js';
import type { Rule } from '../check/rule.js';

export const liftUnclear: Rule = {
  id: 'lift-unclear',
  catches: 'A lift without a reason, of an unknown rule, or that stands above no statement.',
  checkFile: ({ lifts }) =>
    lifts.flatMap(({ offset, rules, reason, statement }) => {
      const unknown = rules.filter((rule) => !ruleIds.includes(rule));
      const fault =
        reason === ''
          ? 'it gives no rule and reason'
          : unknown.length > 0
            ? `there is no rule ${unknown.join(', ')}`
            : statement === undefined
              ? 'no statement follows on the next line'
              : undefined;
      if (fault === undefined) return [];
      return [
        {
          offset,
          consequence: `This lifts nothing: ${fault}. Whoever reads the file later could not tell what was meant to be let pass, and why.`,
          safe: '-- lift: drop-column because nothing has read it since release 12',
        },
      ];
    }),
};

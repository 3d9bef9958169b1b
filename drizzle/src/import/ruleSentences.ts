import type { CheckConstraint } from './catalogue.js';

/** What a CHECK means, in a sentence. A rule that is not listed is said as PostgreSQL states it. */
const sentences: Record<string, string> = {
  legal_cases_closed_has_type: 'A case with a closing date needs a closure type.',
  legal_cases_closed_after_opened: 'The case would be closed before it was opened.',
  case_assignments_ended_after_assigned: 'The assignment would end before it begins.',
  case_events_ends_after_start: 'The event would end before it begins.',
  engagements_ends_after_start: 'The engagement would end before it begins.',
  people_email_form: 'The value is not an e-mail address, or has space around it.',
  case_costs_currency_form: 'A currency is three capital letters, like PGK.',
  action_plans_progress_percent_range: 'Progress is a number from 0 to 100.',
};

/** The sentence that a reject gives for a broken CHECK. */
export function sentenceOfRule(check: CheckConstraint): string {
  const known = sentences[check.name];
  if (known) return known;
  const column = check.columns.join(' and ');
  if (check.name.endsWith('_not_blank')) return `${column} must not be blank, nor have space around a code.`;
  if (check.name.endsWith('_positive')) return `${column} must not be negative.`;
  return `The row breaks the rule ${check.name}: ${check.condition}.`;
}

/** Of the columns of a CHECK, the one that is to be mended. */
export function columnAtFault(check: CheckConstraint): string {
  return check.name === 'legal_cases_closed_has_type' ? 'closure_type' : (check.columns.at(0) ?? '');
}

/** The right to write to case management, of which every move with a case needs at least this. */
export const mayWriteCases = {
  system: 'case_management',
  action: 'write',
  hint: 'Ask an administrator for a role that writes to case management, for example Lawyer.',
} as const;

/** The right to decide over what others do with cases. */
export const mayApproveCases = {
  system: 'case_management',
  action: 'approve',
  hint: 'Ask somebody who may approve in case management, for example a Case Manager.',
} as const;

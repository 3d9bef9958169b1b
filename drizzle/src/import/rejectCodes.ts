/** Why a row can be rejected. The code stands in the rejects file; a code is never renamed. */
export const rejectCodes = {
  ROW_LENGTH: 'The row has more or fewer fields than the header.',
  CONDITION_FAILED: 'The mapping rejects rows of this kind.',
  VALUE_MISSING: 'A value that is needed is not there.',
  VALUE_INVALID: 'A value is not of the type of its column: no date, no number, no UUID.',
  VALUE_UNKNOWN: 'A value is none of a closed list.',
  VALUE_TOO_LONG: 'A value is longer than an index can hold.',
  ROLE_UNKNOWN: 'A role is not in identity.roles.',
  REFERENCE_MISSING: 'The row that is referred to does not exist, or was rejected itself.',
  REFERENCE_AMBIGUOUS: 'The reference fits several rows.',
  REFERENCE_CYCLE: 'The references lead in a circle.',
  KEY_REPEATED: 'Another row of the file has the same key.',
  KEY_TAKEN: 'A row with another id has this key in the database already.',
  ROWS_DISAGREE: 'Rows that describe the same thing differ where they must agree.',
  RULE_BROKEN: 'The row breaks a CHECK of the table.',
} as const;

export type RejectCode = keyof typeof rejectCodes;

import type { SampleToken } from './sampleTokens.js';

/** What `npm start` prints last: where to go, as whom, and a line to paste. */
export function welcome(url: string, tokens: readonly SampleToken[]): string {
  const lines = [
    '',
    `The graph answers at          ${url}/graphql`,
    `Apollo Sandbox                ${url}/`,
    `An explorer without internet  ${url}/explorer`,
    '',
  ];
  if (tokens.length === 0) {
    lines.push("Send your own sign-in system's tokens: Authorization: Bearer <token>. This database holds no sample people.");
  } else {
    lines.push('Tokens of five sample people, good for 7 days:', '');
    for (const { label, token } of tokens) lines.push(`${label}:`, token, '');
    lines.push('Paste this:', '', curl(url, (tokens.find(({ role }) => role === 'Lawyer') ?? tokens[0]!).token));
  }
  return `${lines.join('\n')}\n`;
}

function curl(url: string, token: string): string {
  const query =
    '{ me { fullName roles } legalCases(first: 3) { totalCount nodes { caseNumber title lead { fullName orgUnit { name } } } } }';
  return `curl -s ${url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer ${token}' -d '${JSON.stringify({ query })}'`;
}

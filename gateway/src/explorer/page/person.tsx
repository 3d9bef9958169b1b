import { data } from './pageData';

/** A label of a sample person, or one of these two. */
export const nobody = 'nobody';
export const pasted = 'pasted';

// Sandbox at / reads the same keys. The name lasts, so that a reload keeps the person; a pasted token is gone with the browser tab.
const personKey = 'bailiwick.person';
const tokenKey = 'bailiwick.token';

/** Who the page is signed in as. A remembered person whom the server no longer offers is nobody. */
export function chosenPerson(): string {
  const first = data.sampleTokens[0]?.label ?? nobody;
  const choice = localStorage.getItem(personKey) ?? first;
  const isOffered = choice === pasted || data.sampleTokens.some(({ label }) => label === choice);
  return isOffered ? choice : nobody;
}

export function choosePerson(choice: string): void {
  localStorage.setItem(personKey, choice);
}

export function pastedToken(): string {
  return sessionStorage.getItem(tokenKey) ?? '';
}

export function pasteToken(text: string): void {
  sessionStorage.setItem(tokenKey, text);
}

/** The token of the next request. */
export function currentToken(): string | undefined {
  const choice = chosenPerson();
  if (choice === pasted)
    return (
      pastedToken()
        .trim()
        .replace(/^Bearer\s+/i, '') || undefined
    );
  return data.sampleTokens.find(({ label }) => label === choice)?.token;
}

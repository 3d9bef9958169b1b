/** What Apollo Client 4 sends as `Accept`: the bench asks as a user's client does. */
export const apolloClient = 'application/graphql-response+json,application/json;q=0.9';

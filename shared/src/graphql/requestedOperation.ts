import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { AppError } from '../errors/AppError.js';
import { withStatus } from './responseErrors.js';

/**
 * A plugin of Apollo Server for what it leaves open about the requested operation. An empty operationName is none, as in graphql-js. An
 * operation whose root type the schema lacks is the fault of the request: Apollo Server would report it as a fault of ours.
 */
export const requestedOperation: ApolloServerPlugin<BaseContext> = {
  async requestDidStart({ request }) {
    if (request.operationName === '') delete request.operationName;
    return {
      async didResolveOperation({ schema, operation }) {
        if (!operation || schema.getRootType(operation.operation)) return;
        // The sentence of graphql-js.
        const error = new AppError('BAD_USER_INPUT', `Schema is not configured to execute ${operation.operation} operation.`, {
          hint: 'Send an operation of a kind that the schema has.',
        });
        throw withStatus(error);
      },
    };
  },
};

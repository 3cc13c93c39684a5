import type { Route } from '../../wire/route.js';

const functions = '/2015-03-31/functions';
const oneFunction = `${functions}/{FunctionName}`;
const eventInvokeConfig = '/2019-09-25/functions/{FunctionName}/event-invoke-config';
const tags = '/2017-03-31/tags/{Resource+}';

const created = { status: 201 } as const;
const nothing = { status: 204 } as const;
const paging = { MaxItems: { type: 'integer' } } as const;

/** Lambda's REST-JSON routes, as far as the embedded engine answers them. */
export const lambdaRoutes: Route[] = [
  { operation: 'CreateFunction', method: 'POST', path: functions, response: created },
  { operation: 'ListFunctions', method: 'GET', path: functions, query: paging },
  { operation: 'GetFunction', method: 'GET', path: oneFunction },
  { operation: 'DeleteFunction', method: 'DELETE', path: oneFunction, response: nothing },
  { operation: 'GetFunctionConfiguration', method: 'GET', path: `${oneFunction}/configuration` },
  { operation: 'UpdateFunctionConfiguration', method: 'PUT', path: `${oneFunction}/configuration` },
  { operation: 'UpdateFunctionCode', method: 'PUT', path: `${oneFunction}/code` },
  { operation: 'PublishVersion', method: 'POST', path: `${oneFunction}/versions`, response: created },
  { operation: 'ListVersionsByFunction', method: 'GET', path: `${oneFunction}/versions`, query: paging },
  { operation: 'CreateAlias', method: 'POST', path: `${oneFunction}/aliases`, response: created },
  { operation: 'ListAliases', method: 'GET', path: `${oneFunction}/aliases`, query: paging },
  { operation: 'GetAlias', method: 'GET', path: `${oneFunction}/aliases/{Name}` },
  { operation: 'UpdateAlias', method: 'PUT', path: `${oneFunction}/aliases/{Name}` },
  { operation: 'DeleteAlias', method: 'DELETE', path: `${oneFunction}/aliases/{Name}`, response: nothing },
  { operation: 'AddPermission', method: 'POST', path: `${oneFunction}/policy`, response: created },
  { operation: 'GetPolicy', method: 'GET', path: `${oneFunction}/policy` },
  { operation: 'RemovePermission', method: 'DELETE', path: `${oneFunction}/policy/{StatementId}`, response: nothing },
  {
    operation: 'Invoke',
    method: 'POST',
    path: `${oneFunction}/invocations`,
    headers: {
      'x-amz-invocation-type': 'InvocationType',
      'x-amz-log-type': 'LogType',
      'x-amz-client-context': 'ClientContext',
    },
    payload: 'Payload',
    response: {
      statusMember: 'StatusCode',
      headers: {
        FunctionError: 'X-Amz-Function-Error',
        ExecutedVersion: 'X-Amz-Executed-Version',
        LogResult: 'X-Amz-Log-Result',
      },
      payload: 'Payload',
    },
  },
  { operation: 'PutFunctionEventInvokeConfig', method: 'PUT', path: eventInvokeConfig },
  { operation: 'UpdateFunctionEventInvokeConfig', method: 'POST', path: eventInvokeConfig },
  { operation: 'GetFunctionEventInvokeConfig', method: 'GET', path: eventInvokeConfig },
  { operation: 'DeleteFunctionEventInvokeConfig', method: 'DELETE', path: eventInvokeConfig, response: nothing },
  { operation: 'ListFunctionEventInvokeConfigs', method: 'GET', path: `${eventInvokeConfig}/list`, query: paging },
  { operation: 'TagResource', method: 'POST', path: tags, response: nothing },
  {
    operation: 'UntagResource',
    method: 'DELETE',
    path: tags,
    query: { tagKeys: { member: 'TagKeys', type: 'list' } },
    response: nothing,
  },
  { operation: 'ListTags', method: 'GET', path: tags },
  { operation: 'PutFunctionConcurrency', method: 'PUT', path: '/2017-10-31/functions/{FunctionName}/concurrency' },
  { operation: 'GetFunctionConcurrency', method: 'GET', path: '/2019-09-30/functions/{FunctionName}/concurrency' },
  {
    operation: 'DeleteFunctionConcurrency',
    method: 'DELETE',
    path: '/2017-10-31/functions/{FunctionName}/concurrency',
    response: nothing,
  },
];

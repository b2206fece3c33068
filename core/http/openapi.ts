import { MAX_LIMIT, type QueryParameter } from './query-values.ts';
import { READ_ROUTES, WRITE_ROUTES } from './routes.ts';
import { DONE_ANSWER, EMPTY_BODY, ERROR_ANSWER, EVENT, HELLO_EVENT, TARGET_BODY } from './schemas/bot-schemas.ts';
import type { JsonSchema } from './schemas/json-schema.ts';
import { TOOL_ANSWER } from './schemas/tool-schemas.ts';
import { TOOL_ROUTES } from './tool-routes.ts';

type Json = Readonly<Record<string, unknown>>;

/** The description of the API for programs: OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1.html), made from the routes. */
export function openApiDocument(version: string): Json {
  const reads = READ_ROUTES.map(({ path, summary, query, answer, statuses }) => {
    const id = path.includes('{id}') ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] : [];
    const responses = Object.fromEntries(statuses.map((status) => [status, json(summary, answer)]));
    return [path, { get: { summary, parameters: [...id, ...query.map(parameter)], responses: { ...responses, ...FAULT } } }] as const;
  });
  const writes = WRITE_ROUTES.map(({ path, summary, takesTarget }) => {
    const schema = takesTarget ? TARGET_BODY : EMPTY_BODY;
    const requestBody = { required: takesTarget, content: { 'application/json': { schema } } };
    return [
      path,
      { post: { summary, security: [{ token: [] }], requestBody, responses: { 200: json('done', DONE_ANSWER), ...FAULT } } },
    ] as const;
  });
  const tools = TOOL_ROUTES.map(({ path, summary, body }) => {
    const requestBody = { required: true, content: { 'application/json': { schema: body } } };
    return [
      path,
      { post: { summary, security: [{ token: [] }], requestBody, responses: { 200: json('its document', TOOL_ANSWER), ...FAULT } } },
    ] as const;
  });
  return {
    openapi: '3.1.0',
    info: { title: 'strat control API', version, description: 'State of the bot, and commands to it. Times are ms since the epoch (UTC).' },
    servers: [{ url: '/api/v1' }],
    paths: {
      ...Object.fromEntries<unknown>([...reads, ...writes, ...tools]),
      '/events': { get: EVENTS },
      '/openapi.json': { get: { summary: 'This document', responses: { 200: json('OpenAPI 3.1', { type: 'object' }) } } },
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'from the file http.token of the state folder' } },
      schemas: { Event: EVENT, Hello: HELLO_EVENT, Error: ERROR_ANSWER },
    },
  };
}

const json = (description: string, schema: JsonSchema): Json => ({ description, content: { 'application/json': { schema } } });

const FAULT: Json = {
  default: { description: 'why not', content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
};

const EVENTS: Json = {
  summary: 'Events as they happen (Server-Sent Events)',
  description:
    'The first event is "hello" (schema Hello). Then each message has the number of its event as id and the event (schema Event) as data. ' +
    'With Last-Event-ID the stream begins with what was missed, as far as it is kept. "dropped" and "bye" say why a stream ends.',
  parameters: [{ name: 'Last-Event-ID', in: 'header', required: false, schema: { type: 'integer', minimum: 0 } }],
  responses: {
    200: { description: 'a stream that does not end', content: { 'text/event-stream': { schema: { type: 'string' } } } },
    ...FAULT,
  },
};

function parameter({ name, isRequired, fallback }: QueryParameter): Json {
  const schema = name === 'limit' ? { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: fallback } : { type: 'string' };
  return { name, in: 'query', required: isRequired, schema };
}

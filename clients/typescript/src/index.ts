// The open API of Halyq Uni: connect with a key, take the answer or the refusal, read lists to their end.
import createClient, { type Client } from "openapi-fetch";
import { patient, type Patience } from "./patience.js";
import type { components, paths } from "./schema.js";

export type { components, operations, paths } from "./schema.js";
export type { Patience } from "./patience.js";
export type Hub = Client<paths>;
export type Problem = components["schemas"]["Problem"];

export interface Options extends Patience {
  /** The language of errors: kk, ru or en. */
  language?: "kk" | "ru" | "en";
}

/** Without a key (undefined) for the operations that are open to everybody, such as the statistics. */
export function connect(url: string, key?: string, { language = "kk", ...patience }: Options = {}): Hub {
  return createClient<paths>({
    baseUrl: url.replace(/\/+$/, ""),
    headers: { ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }), "Accept-Language": language },
    fetch: patient(patience),
  });
}

/** An Idempotency-Key: one for each thing you do, the same for each time you try it. */
export function newKey(): string {
  return crypto.randomUUID();
}

/** The hub did not do it: `code` is for programs, the message for people, `problem` has everything. */
export class Refused extends Error {
  readonly code: string;

  constructor(
    readonly status: number,
    readonly problem: Problem | undefined,
  ) {
    super(problem?.detail ?? `HTTP ${status}`);
    this.name = "Refused";
    this.code = problem?.code ?? "";
  }
}

type Result<Body> = { data?: Body; error?: unknown; response: Response };

/** What was asked for; undefined where the hub has nothing to say but that it is done (204). */
export type Answer<Body> = [NonNullable<Body>] extends [never] ? undefined : NonNullable<Body>;

export async function answer<Body>(call: Promise<Result<Body>>): Promise<Answer<Body>> {
  const { data, error, response } = await call;
  if (!response.ok || ((data === undefined || data === null) && response.status !== 204)) {
    throw new Refused(response.status, error as Problem | undefined);
  }
  return data as Answer<Body>;
}

interface Page<Row> {
  results: Row[];
  next_cursor: string | null;
  has_more?: boolean;
}

/** All rows of a list, page after page, as they are needed. */
export async function* every<Row>(read: (cursor?: string) => Promise<Result<Page<Row>>>): AsyncGenerator<Row> {
  let cursor: string | undefined;
  do {
    const page: Page<Row> = await answer(read(cursor));
    yield* page.results;
    cursor = page.has_more === false ? undefined : (page.next_cursor ?? undefined);
  } while (cursor);
}

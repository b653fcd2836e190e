// Repeat what was cut off or put off, when repeating does no harm.
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
const PUT_OFF = new Set([429, 502, 503, 504]);
const BUSY = 409; // with Retry-After: the same is being done at the moment
const LONGEST_WAIT = 60;

export interface Patience {
  /** How often it is tried in all. */
  tries?: number;
  /** The first pause in seconds; each later one is twice as long. */
  first?: number;
  fetch?: (request: Request) => Promise<Response>;
}

export function patient({ tries = 5, first = 0.5, fetch = globalThis.fetch }: Patience): (request: Request) => Promise<Response> {
  return async (request) => {
    for (let tried = 1; ; tried += 1) {
      const isLast = tried >= tries || !canBeRepeated(request);
      const wait = Math.min(first * 2 ** (tried - 1), LONGEST_WAIT) * (0.5 + Math.random() / 2);
      try {
        const response = await whole(await fetch(request.clone()));
        if (isLast || !isPutOff(response)) return response;
        await pause(asked(response) || wait);
      } catch (error) {
        if (isLast || request.signal.aborted) throw error;
        await pause(wait);
      }
    }
  };
}

/** With all of its body: an answer that is cut off in the middle has not arrived. Streams have no end to wait for. */
async function whole(response: Response): Promise<Response> {
  if (response.body === null || response.headers.get("Content-Type")?.startsWith("text/event-stream")) return response;
  const { status, statusText, headers } = response;
  return new Response(await response.arrayBuffer(), { status, statusText, headers });
}

function isPutOff(response: Response): boolean {
  return PUT_OFF.has(response.status) || (response.status === BUSY && response.headers.has("Retry-After"));
}

function canBeRepeated(request: Request): boolean {
  return SAFE.has(request.method) || request.headers.has("Idempotency-Key");
}

function asked(response: Response): number {
  const given = response.headers.get("Retry-After") ?? "";
  return /^\d+$/.test(given) ? Math.min(Number(given), LONGEST_WAIT) : 0;
}

function pause(seconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, seconds * 1000));
}

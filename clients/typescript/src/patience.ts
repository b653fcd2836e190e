// Repeat what was cut off or put off, when repeating does no harm.
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
const PUT_OFF = new Set([429, 503]);
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
        const response = await fetch(request.clone());
        if (isLast || !PUT_OFF.has(response.status)) return response;
        await response.body?.cancel();
        await pause(asked(response) || wait);
      } catch (error) {
        if (isLast) throw error;
        await pause(wait);
      }
    }
  };
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

// Figures of a month, how they changed, and a dataset with its checksum verified: no key is needed. HUB_URL.
import { answer, connect, type components } from "halyq-uni";

declare const process: { env: Record<string, string | undefined> };

const hub = connect(process.env["HUB_URL"] ?? "", undefined, { language: "en" });
const { SINCE: since = "", UNTIL: until = "" } = process.env;

const figures = await answer(
  hub.GET("/api/v1/statistics/figures", {
    params: { query: { metrics: "received,kept_share", by: "channel", since, until } },
  }),
);
const series = await answer(
  hub.GET("/api/v1/statistics/series", {
    params: { query: { metrics: "received", period: "12-months", grain: "month" } },
  }),
);
const dataset = await answer(
  hub.GET("/api/v1/data/{dataset}", { params: { path: { dataset: "working-calendar" } } }),
);

/** The bytes, when they are those that the hub published. */
async function download(file: components["schemas"]["DatasetFile"]): Promise<string> {
  const content = await (await fetch(file.file_url)).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const found = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== file.sha256) throw new Error(`${file.file_url} did not arrive whole`);
  return new TextDecoder().decode(content);
}

const file = dataset.newest?.files.find((one) => one.format === "csv");
if (!file) throw new Error("the dataset has no CSV");
const lines = (await download(file)).trim().split("\r\n");

/** A value has all its digits as text; Number is enough to draw it. null: nothing to take a share of. */
const asNumber = (value: string | null) => (value === null ? "" : (Number(value) / 100).toFixed(3));

console.log(
  JSON.stringify({
    counted_at: figures.counted_at,
    received: Object.fromEntries(figures.rows.map((row) => [row.keys[0]?.key, row.figures[0]?.value])),
    kept: Object.fromEntries(figures.rows.map((row) => [row.keys[0]?.key, asNumber(row.figures[1]?.value ?? null)])),
    months: series.points.length,
    columns: dataset.columns.map((column) => column.name),
    rows: lines.length - 1,
  }),
);

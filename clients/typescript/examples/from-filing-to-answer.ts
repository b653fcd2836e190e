// A portal files an appeal, the staff answer it: the whole way in the sandbox, with three keys from the environment:
// HUB_URL, HUB_PORTAL_KEY (acts as a resident), HUB_INSPECTOR_KEY, HUB_EXECUTOR_KEY.
import { answer, connect, every, newKey, Refused } from "halyq-uni";

declare const process: { env: Record<string, string | undefined> };

const url = process.env["HUB_URL"] ?? "";
const [portal, inspector, executor] = ["PORTAL", "INSPECTOR", "EXECUTOR"].map((who) =>
  connect(url, process.env[`HUB_${who}_KEY`] ?? ""),
) as [ReturnType<typeof connect>, ReturnType<typeof connect>, ReturnType<typeof connect>];
const header = () => ({ "Idempotency-Key": newKey(), "If-Match": "*" });

const once = { "Idempotency-Key": newKey() };
const body = {
  text: "Тәуке хан даңғылы, 24 үйде үш күннен бері су жоқ, құбыр жарылған.",
  applicant: { phone: "+7 701 000 00 00" },
};
const { number } = await answer(portal.POST("/api/v1/appeals", { params: { header: once }, body }));
const again = await answer(portal.POST("/api/v1/appeals", { params: { header: once }, body }));

const path = { number };
const read = await inspector.GET("/api/v1/cases/{number}", { params: { path } });
const version = read.response.headers.get("ETag") ?? "";
await answer(
  inspector.POST("/api/v1/cases/{number}/route", {
    params: { path, header: { ...header(), "If-Match": version } },
    body: { department: "water-supply", reason: "Құбыр желісі осы бөлімде" },
  }),
);
await answer(executor.POST("/api/v1/cases/{number}/claim", { params: { path, header: { "Idempotency-Key": newKey() } } }));
await answer(executor.DELETE("/api/v1/cases/{number}/draft", { params: { path, query: { draft_version: 0 } } }));
await answer(
  executor.POST("/api/v1/cases/{number}/replies", {
    params: { path, header: header() },
    body: {
      text: "Бригада жарылған құбырды ауыстырды, су беру толық қалпына келтірілді.",
      outcome: "satisfied",
      measures: "Құбыр ауыстырылды",
      done_by: "Су арнасы",
      language: "kk",
      ground: "Өтініш иесімен телефон арқылы келісілді",
    },
  }),
);

const listed: string[] = [];
for await (const row of every((cursor) =>
  portal.GET("/api/v1/appeals", { params: { query: cursor === undefined ? {} : { cursor } } }),
)) {
  listed.push(row.number);
}
const story = await answer(portal.GET("/api/v1/appeals/{number}/story", { params: { path } }));
const changes = await answer(portal.GET("/api/v1/changes", {}));
const refused = await answer(
  portal.GET("/api/v1/appeals/{number}", { params: { path: { number: "TRK-26-9999999-9" } } }),
).catch((error: unknown) => (error instanceof Refused ? error.code : ""));

console.log(
  JSON.stringify({
    number,
    same: again.number === number,
    listed,
    status: (await answer(portal.GET("/api/v1/appeals/{number}", { params: { path } }))).status,
    reply: story.replies[0]?.text,
    changes: changes.results.map((row) => row.type),
    refused,
  }),
);

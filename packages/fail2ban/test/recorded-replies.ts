import { readFileSync } from 'node:fs'

export interface RecordedReply {
  readonly version: string
  readonly request: readonly string[] | string
  readonly reply: Buffer
  readonly value: unknown
}

/** Replies recorded from running daemons. */
export const recordedReplies: readonly RecordedReply[] = ['0.11.2', '1.0.2', '1.1.0'].flatMap((version) =>
  readFileSync(new URL(`../fixtures/wire-${version}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { request: string[] | string; reply: string; value: unknown })
    .map(({ request, reply, value }) => ({ version, request, reply: Buffer.from(reply, 'base64'), value })),
)

import { parentPort, workerData } from 'node:worker_threads'
import { openBareArchive, type BareQuestion } from '../lib/bare-archive.ts'

// answers the questions of startBareArchive, one after the other
const bare = openBareArchive((workerData as { path: string }).path)

parentPort?.on('message', ({ question, args }: BareQuestion) => {
  const ask = bare[question] as (...given: readonly unknown[]) => unknown
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(ask(...args))
})

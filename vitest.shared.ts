import { fileURLToPath } from 'node:url'

/** What every project's tests share: deadlines that tell a test which hangs from one on a busy machine. */
export const sharedTestOptions = {
  testTimeout: 180_000,
  hookTimeout: 180_000,
  setupFiles: [fileURLToPath(new URL('scripts/test/patient-waits.mjs', import.meta.url))],
}

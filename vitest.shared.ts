import { fileURLToPath } from 'node:url'

/** What every project's tests share: deadlines that tell a test which hangs from one on a busy machine. */
export const sharedTestOptions = {
  testTimeout: 300_000,
  hookTimeout: 300_000,
  // a process that a test starts takes what Node has compiled before, which halves the CPU time of its start
  env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/node-compiled', import.meta.url)) },
  expect: { poll: { timeout: 120_000, interval: 50 } },
  setupFiles: ['patient-waits', 'bundled-workers'].map((name) =>
    fileURLToPath(new URL(`scripts/test/${name}.mjs`, import.meta.url)),
  ),
}

import { spawnSync } from 'node:child_process'
import { runScript } from './run-script.ts'

/** Whether this process may make a mount namespace: root outside of most containers. */
export const hasMountNamespaces =
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'x', '/mnt']).status === 0

/** Runs a script of `children` where one file is mounted over another, and returns what it printed, read as JSON. */
export const runWithMount = (
  mount: { readonly file: string; readonly over: string },
  script: URL,
  args: readonly string[],
): Promise<unknown> =>
  runScript(script, args, {
    under: [
      'unshare',
      '--mount',
      '--propagation',
      'private',
      'sh',
      '-c',
      'mount --bind "$0" "$1" && shift && exec "$@"',
      mount.file,
      mount.over,
    ],
  })

import { existsSync } from 'node:fs'
import {
  buildStamp,
  fail,
  installStamp,
  nodeBinary,
  pnpmCommand,
  readStamp,
  requireNode,
  root,
  say,
  serverBundle,
  webPage,
  writeStamp,
} from './lib/project.mjs'
import { run } from './lib/run.mjs'

const installStampFile = 'node_modules/.bangui-install'
const buildStampFile = 'node_modules/.cache/bangui-build'

/** Installs what the lockfile names, unless that is what stands there. Ends the process where it cannot. */
export async function bootstrap() {
  requireNode()
  process.chdir(root)
  const stamp = installStamp()
  if (readStamp(installStampFile) === stamp && existsSync(nodeBinary)) return
  say('Installing dependencies …')
  const command = [...pnpmCommand(), 'install', '--frozen-lockfile', '--reporter=append-only']
  const { code, output, signal } = await run(command, { env: { CI: 'true' } })
  if (signal) process.exit(130)
  if (code !== 0) fail(explainInstall(command, code, output))
  if (!existsSync(nodeBinary))
    fail(`The installation left no Node.js in node_modules. Its output:\n\n${output}`)
  writeStamp(installStampFile, stamp)
}

function explainInstall(command, code, output) {
  const shown = `${output.trimEnd()}\n\nInstalling the dependencies failed (exit code ${code}): ${command.join(' ')}`
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network|fetch failed/i.test(output)) {
    return `${shown}\nThe npm registry cannot be reached. Check the network, or the registry that \`npm config get registry\` names, and run the command again.`
  }
  if (/ENOSPC|no space left/i.test(output))
    return `${shown}\nThe disk is full. Free some space and run the command again.`
  if (/EACCES|permission denied/i.test(output)) {
    return `${shown}\nThis user may not write here. Run it as the owner of ${root}.`
  }
  return shown
}

/** Builds the server and the web interface, unless nothing changed since the last build. */
export async function build() {
  if (readStamp(buildStampFile) === buildStamp() && [serverBundle, webPage].every(existsSync)) return
  say('Building …')
  const { code, output, signal } = await turbo(['build', '--output-logs=errors-only'])
  if (signal) process.exit(130)
  if (code !== 0) fail(`${output.trimEnd()}\n\nThe build failed (exit code ${code}).`)
}

/**
 * Runs turbo with these tasks and options and returns what `run` returns. A build of every package is recorded, so that
 * no other command repeats it. turbo runs the packages' scripts with pnpm, which a machine with npm alone does not have
 * on its path.
 */
export async function turbo(args, { show = false } = {}) {
  const stamp = buildStamp()
  const result = await run([...pnpmCommand(), 'exec', 'turbo', 'run', ...args], { show })
  if (result.code === 0 && isFullBuild(args)) writeStamp(buildStampFile, stamp)
  return result
}

/** Returns false where an option such as `--filter` or `--dry` may have left a package out. */
function isFullBuild(args) {
  const options = args.filter((arg) => arg.startsWith('-'))
  return args.includes('build') && options.every((option) => option.startsWith('--output-logs'))
}

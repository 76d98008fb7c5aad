import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bootstrap, build } from './bootstrap.mjs'
import { fail, requireNode, root, say } from './lib/project.mjs'
import { provideFail2banVersions } from './lib/fail2ban-versions.mjs'
import { explainMissing, installRequirements, missingRequirements } from './lib/requirements.mjs'
import { run } from './lib/run.mjs'

requireNode()
const args = process.argv.slice(2)
const filters = args.filter((arg) => arg !== '--install' && arg !== '--')
const mayInstall = args.includes('--install') || process.env.CI === 'true'
const reports = join(root, 'test-results')
/** Several thousand tests talk to real daemons and browsers: one that loses a race gets a second attempt, and is named. */
const secondAttempt = ['--retry', '1', '--reporter', join(root, 'scripts/test/unstable-tests-reporter.mjs')]
const stages = []
let untestedVersions = []

await provide()
await stage('install', async () => (await bootstrap(), true))
await provideVersions()
if (filters.length > 0) await testSome()
else await testAll()
conclude()

async function provide() {
  const missing = missingRequirements()
  if (missing.length === 0) return
  if (mayInstall) await stage('packages', async () => (await installRequirements(missing), true))
  else if (filters.length > 0) say(`${explainMissing(missing)}\nGoing on with what was asked for.`)
  else fail(explainMissing(missing))
}

/** The tests run with each version that is there; {@link conclude} reports the others. */
async function provideVersions() {
  const look = async () => {
    untestedVersions = await provideFail2banVersions({ mayFetch: mayInstall })
    return true
  }
  if (mayInstall) await stage('fail2ban versions', look)
  else await look()
}

async function testAll() {
  await tool('type check and lint', ['oxlint', '--type-aware', '--type-check', '--max-warnings', '0'])
  // none of these keeps two cores busy
  await Promise.all([
    stage('build', async () => (await build(), true)),
    stage('browser types', checkBrowserTypes),
    tool('format', ['oxfmt', '--check']),
    tool('dead code', ['knip']),
    tool('workspace', ['sherif']),
  ])
  await vitest('unit and integration', 'unit', ['--project', '!e2e', '--maxWorkers', '4', ...secondAttempt])
  await vitest('browser', 'e2e', ['--project', 'e2e', ...secondAttempt])
}

/** As `turbo typecheck:browser`, which would start pnpm once more for each package. */
async function checkBrowserTypes() {
  const configs = readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name, 'tsconfig.browser.json'))
    .filter((config) => existsSync(config))
  const results = await Promise.all(configs.map((config) => run(['tsc', '--noEmit', '-p', config])))
  return results.filter((result) => !isPassed(result)).length === 0
}

async function testSome() {
  await stage('build', async () => (await build(), true))
  await vitest('tests', 'some', filters)
}

/** Runs one stage, prints how it went and how long it took. */
async function stage(name, work) {
  const start = Date.now()
  const ok = await work()
  const seconds = (Date.now() - start) / 1000
  stages.push({ name, ok })
  say(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`)
}

async function tool(name, command) {
  await stage(name, async () => isPassed(await run(command)))
}

/** Shows what a command wrote if it failed. */
function isPassed({ code, output }) {
  if (code !== 0) say(output.trimEnd())
  return code === 0
}

async function vitest(name, report, options) {
  const file = join(reports, `${report}.json`)
  mkdirSync(reports, { recursive: true })
  rmSync(file, { force: true })
  await stage(name, async () => {
    const command = [
      'vitest',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      ...options,
    ]
    const { code } = await run(command, { show: true })
    return code === 0
  })
}

function readReport(report) {
  try {
    return JSON.parse(readFileSync(join(reports, `${report}.json`), 'utf8'))
  } catch {
    return undefined // the run ended before it could write one: its stage has failed
  }
}

function conclude() {
  const results = (filters.length > 0 ? ['some'] : ['unit', 'e2e']).map(readReport).filter(Boolean)
  const passed = results.reduce((sum, result) => sum + result.numPassedTests, 0)
  const failed = results.reduce((sum, result) => sum + failures(result), 0)
  const failedStages = stages.filter(({ ok }) => !ok).map(({ name }) => name)
  for (const { version, reason } of untestedVersions) say(`NOT TESTED with fail2ban ${version}: ${reason}.`)
  if (untestedVersions.length > 0 && !mayInstall) say('`npm test -- --install` fetches them (on Debian).')
  if (failedStages.length > 0) say(`Failed: ${failedStages.join(', ')}.`)
  say(`tests: ${passed} passed, ${failed} failed`)
  process.exit(failedStages.length > 0 || failed > 0 ? 1 : 0)
}

/** A file that could not be loaded has no failed tests, but counts as one. */
function failures(result) {
  const broken = result.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  return result.numFailedTests + broken.length
}

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const nodeBinary = join(root, 'node_modules/node/bin/node')
export const serverBundle = join(root, 'apps/server/dist/main.js')
/** A small space for young objects: a start would make it grow for good, and nothing later needs that much. The rest is kept small, too. */
export const serverFlags = ['--max-semi-space-size=2', '--optimize-for-size']
/** One pool of memory for all threads: what one of them frees is used by the others. */
export const serverEnvironment = { MALLOC_ARENA_MAX: '1' }
export const webPage = join(root, 'apps/web/dist/index.html')

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const skippedFolders = new Set([
  'node_modules',
  'dist',
  '.turbo',
  '.vitest',
  'coverage',
  'test-results',
  'fixtures',
])

/** Ends the process with one sentence where Node is too old for these scripts. */
export function requireNode() {
  const major = Number(process.versions.node.split('.')[0])
  if (major >= 18) return
  fail(`BanGUI needs Node.js 18 or newer to set itself up; this is ${process.version}.`)
}

export function fail(message, code = 1) {
  process.stderr.write(`${message}\n`)
  process.exit(code)
}

export function say(message) {
  process.stdout.write(`${message}\n`)
}

/** The environment of child processes: the project's own tools first, and not npm's log level (it mutes the inner one). */
export function toolEnvironment(extra = {}) {
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', ...extra }
  for (const name of Object.keys(env)) if (/^npm_config_(loglevel|silent)$/i.test(name)) delete env[name]
  env.PATH = [join(root, 'node_modules/.bin'), env.PATH].filter(Boolean).join(delimiter)
  return env
}

/** From here on pnpm reads every setting of pnpm-workspace.yaml that an installation depends on (`allowBuilds`). */
const OLDEST_PNPM = [10, 26]

/** Returns the command that runs pnpm: the pnpm that called this script if it is new enough, else the project's through npx. */
export function pnpmCommand() {
  const [, major, minor] = /^pnpm\/(\d+)\.(\d+)\./.exec(process.env.npm_config_user_agent ?? '') ?? []
  const isNewEnough =
    Number(major) > OLDEST_PNPM[0] || (Number(major) === OLDEST_PNPM[0] && Number(minor) >= OLDEST_PNPM[1])
  return isNewEnough ? ['pnpm'] : ['npx', '--yes', `pnpm@${manifest.devEngines.packageManager.version}`]
}

/** A fingerprint of what decides the installed dependencies. */
export function installStamp() {
  const hash = createHash('sha256')
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests()]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  }
  return hash.update(`${process.platform} ${process.arch}`).digest('hex')
}

function manifests() {
  const nested = ['apps', 'packages'].flatMap((group) => names(group).map((name) => join(group, name)))
  return ['.', 'e2e', 'bench', ...nested]
    .map((folder) => join(folder, 'package.json'))
    .filter((file) => existsSync(join(root, file)))
}

function names(folder) {
  return existsSync(join(root, folder)) ? readdirSync(join(root, folder)).sort() : []
}

/** A fingerprint of what the build reads, by name, size and time alone: cheap enough for every start. */
export function buildStamp() {
  const hash = createHash('sha256')
  for (const entry of ['apps', 'packages', 'pnpm-lock.yaml', 'tsconfig.base.json', 'package.json']) {
    addToStamp(hash, join(root, entry))
  }
  return hash.digest('hex')
}

function addToStamp(hash, path) {
  const stats = statSync(path)
  if (!stats.isDirectory()) {
    hash.update(`${relative(root, path)} ${stats.size} ${stats.mtimeMs}\n`)
    return
  }
  for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory() ? skippedFolders.has(entry.name) : !isBuildInput(entry.name)) continue
    addToStamp(hash, join(path, entry.name))
  }
}

function isBuildInput(name) {
  return !name.startsWith('.') && !/\.(test\.tsx?|md|log)$/.test(name)
}

export function readStamp(file) {
  try {
    return readFileSync(join(root, file), 'utf8')
  } catch {
    return undefined // never written, or not readable: the step runs again
  }
}

export function writeStamp(file, stamp) {
  const path = join(root, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, stamp)
}

import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './project.mjs'
import { run } from './run.mjs'

/** The versions of fail2ban that BanGUI promises to work with, and the Debian suite that has each of them. */
const supported = [
  { version: '0.11.2', suite: 'bullseye', ownPython: true },
  { version: '1.0.2', suite: 'bookworm' },
  { version: '1.1.0', suite: 'trixie' },
  { version: '1.1.1', suite: 'sid' },
]
/** Debian 11's Python, with the one library that later releases lack: fail2ban 0.11.2 needs a Python below 3.10. */
const pythonPackages = ['python3.9-minimal', 'libpython3.9-minimal', 'libpython3.9-stdlib', 'libffi7']
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
const cache = join(root, 'node_modules/.cache/fail2ban')

/**
 * Unpacks the supported versions of fail2ban that this machine lacks into a folder, each as `<version>/bin`, `conf`
 * and `lib`; nothing is installed. They come with apt from the mirror that this machine uses. Without
 * `mayFetch` it only looks. Returns the versions that the tests cannot run, each with the reason.
 */
export async function provideFail2banVersions({ mayFetch, folder = cache }) {
  const installed = await versionOf('fail2ban-client')
  const missing = []
  for (const entry of supported) {
    if (entry.version !== installed && !(await isUnpacked(folder, entry.version))) missing.push(entry)
  }
  if (!mayFetch) return missing.map(({ version }) => ({ version, reason: 'it was not fetched before' }))
  const reasons = await Promise.all(missing.map((entry) => fetchVersion(folder, entry)))
  return missing.flatMap(({ version }, at) => (reasons[at] ? [{ version, reason: reasons[at] }] : []))
}

/** Whether a version runs from here: a checkout that was copied or moved is unpacked again. */
const isUnpacked = async (folder, version) =>
  (await versionOf(join(folder, version, 'bin/fail2ban-client'))) === version

async function versionOf(client) {
  const { code, output } = await run([client, '-V'])
  return code === 0 ? output.trim() : undefined
}

/** Fetches one version. Returns why it could not. */
async function fetchVersion(folder, { version, suite, ownPython = false }) {
  const work = makeWorkFolder(folder)
  const target = join(folder, version)
  try {
    await download(work, suite, ['fail2ban', ...(ownPython ? pythonPackages : [])])
    const unpacked = join(work, 'unpacked')
    arrange(unpacked, join(work, 'root'), ownPython ? join(target, 'python/python3') : undefined)
    rmSync(target, { recursive: true, force: true })
    renameSync(unpacked, target)
    await compileModules(target)
    return (await isUnpacked(folder, version))
      ? undefined
      : `${suite} has another version, or it does not run here`
  } catch (error) {
    return error.message
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function makeWorkFolder(folder) {
  mkdirSync(folder, { recursive: true })
  const work = mkdtempSync(join(folder, 'fetch-'))
  for (const name of ['state/lists/partial', 'cache/archives/partial', 'debs', 'root']) {
    mkdirSync(join(work, name), { recursive: true })
  }
  return work
}

/** Downloads packages of a suite and unpacks them into `root`, past the lists and the cache of this machine's apt. */
async function download(work, suite, packages) {
  if (!existsSync(keyring)) throw new Error('this is not Debian')
  const sources = join(work, 'sources.list')
  writeFileSync(sources, `deb [signed-by=${keyring}] ${await findMirror()} ${suite} main\n`)
  writeFileSync(join(work, 'status'), '')
  const settings = {
    'Dir::State': join(work, 'state'),
    'Dir::State::status': join(work, 'status'),
    'Dir::Cache': join(work, 'cache'),
    'Dir::Etc::SourceList': sources,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::Etc::Preferences': '/dev/null',
    'Dir::Etc::PreferencesParts': '/dev/null',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'APT::Sandbox::User': 'root',
  }
  const options = Object.entries(settings).map(([name, value]) => `-o${name}=${value}`)
  await must(['apt-get', '-qq', ...options, 'update', '--error-on=any'])
  await must(['apt-get', '-qq', ...options, 'download', ...packages], join(work, 'debs'))
  for (const deb of readdirSync(join(work, 'debs'))) {
    await must(['dpkg-deb', '-x', join(work, 'debs', deb), join(work, 'root')])
  }
}

/** The Debian mirror in this machine's own sources. */
async function findMirror() {
  const output = await must(['apt-get', 'update', '--print-uris'])
  const mirror = /^'(\S+\/debian)\/dists\//m.exec(output)?.[1]
  if (mirror === undefined) throw new Error("apt's sources name no mirror of Debian")
  return mirror
}

async function must(command, cwd = root) {
  const { code, output } = await run(command, { cwd })
  if (code === 0) return output
  throw new Error(`${command[0]} failed: ${output.trim().split('\n').at(-1)}`)
}

/** Puts together what a version needs: its programs find their own modules first. */
function arrange(target, source, python) {
  cpSync(join(source, 'usr/lib/python3/dist-packages'), join(target, 'lib'), { recursive: true })
  cpSync(join(source, 'etc/fail2ban'), join(target, 'conf'), { recursive: true, verbatimSymlinks: true })
  if (python !== undefined) addPython(join(target, 'python'), source, dirname(python))
  const interpreter = python ?? '/usr/bin/python3'
  for (const name of ['fail2ban-client', 'fail2ban-server', 'fail2ban-regex']) {
    const [, ...body] = readFileSync(join(source, 'usr/bin', name), 'utf8').split('\n')
    addProgram(join(target, 'bin', name), [`#!${interpreter}`, ...ownModules, ...body].join('\n'))
  }
  symlinkSync(interpreter, join(target, 'bin/fail2ban-python'))
}

const ownModules = [
  'import os, sys',
  "sys.path.insert(1, os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), 'lib'))",
]

/** The interpreter is started by a script, as it needs to be told where its library is. */
function addPython(target, source, home) {
  cpSync(join(source, 'usr'), join(target, 'usr'), { recursive: true, verbatimSymlinks: true })
  const libraries = readdirSync(join(target, 'usr/lib')).find((name) => name.endsWith('-linux-gnu'))
  addProgram(
    join(target, 'python3'),
    `#!/bin/sh\nLD_LIBRARY_PATH='${home}/usr/lib/${libraries}' exec '${home}/usr/bin/python3.9' "$@"\n`,
  )
}

/** Without this, every call by a user who may not write here would compile them again. */
async function compileModules(target) {
  const python = join(target, 'bin/fail2ban-python')
  const modules = [join(target, 'lib'), join(target, 'python/usr/lib/python3.9')].filter(existsSync)
  await must([python, '-m', 'compileall', '-q', ...modules])
}

function addProgram(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  chmodSync(path, 0o755)
}

import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'

const scripts = fileURLToPath(new URL('..', import.meta.url))
let root
let project

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'project-'))
  await cp(join(scripts, 'lib'), join(root, 'scripts/lib'), { recursive: true })
  for (const file of ['bootstrap.mjs', 'turbo.mjs'])
    await cp(join(scripts, file), join(root, 'scripts', file))
  await put('package.json', JSON.stringify({ devEngines: { packageManager: { version: '12.21.0' } } }))
  await put('apps/web/package.json', '{}')
  await put('apps/web/src/main.tsx', 'one')
  await put('apps/web/src/main.test.tsx', 'one')
  await put('packages/db/src/index.ts', 'one')
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'tsconfig.base.json']) await put(file, '')
  project = await import(pathToFileURL(join(root, 'scripts/lib/project.mjs')).href)
})

afterEach(() => vi.unstubAllEnvs())
afterAll(() => rm(root, { recursive: true, force: true }))

async function put(path, content) {
  await mkdir(join(root, path, '..'), { recursive: true })
  await writeFile(join(root, path), content)
}

test('the build is repeated when a source changes, and not for a test or a result', async () => {
  const before = project.buildStamp()
  await put('apps/web/src/main.test.tsx', 'two')
  await put('apps/web/dist/index.js', 'built')
  await put('apps/web/node_modules/x/index.js', 'installed')
  expect(project.buildStamp()).toBe(before)
  await put('apps/web/src/main.tsx', 'other')
  const changed = project.buildStamp()
  expect(changed).not.toBe(before)
  await utimes(join(root, 'packages/db/src/index.ts'), new Date(), new Date(0))
  expect(project.buildStamp()).not.toBe(changed)
})

test('dependencies are installed again when the lockfile or a package changes, and not for a source', async () => {
  const before = project.installStamp()
  await put('packages/db/src/index.ts', 'three')
  expect(project.installStamp()).toBe(before)
  await put('apps/web/package.json', '{ "dependencies": {} }')
  const changed = project.installStamp()
  expect(changed).not.toBe(before)
  await put('pnpm-lock.yaml', 'other')
  expect(project.installStamp()).not.toBe(changed)
})

test("npm's log level is not handed down, and the project's tools come first", () => {
  process.env.npm_config_loglevel = 'silent'
  try {
    const env = project.toolEnvironment({ CI: 'true' })
    expect(env.npm_config_loglevel).toBeUndefined()
    expect(env.CI).toBe('true')
    expect(env.PATH.startsWith(join(root, 'node_modules/.bin'))).toBe(true)
  } finally {
    delete process.env.npm_config_loglevel
  }
})

describe('pnpm', () => {
  const npx = ['npx', '--yes', 'pnpm@12.21.0']

  test.each([
    ['pnpm/12.3.0 npm/? node/v24.21.0 linux x64', ['pnpm']],
    ['pnpm/11.28.11 npm/? node/v24.21.0 linux x64', ['pnpm']],
    ['pnpm/10.34.9 npm/? node/v20.20.2 linux x64', ['pnpm']],
    ['pnpm/10.26.0 npm/? node/v20.20.2 linux x64', ['pnpm']],
    ['pnpm/10.25.0 npm/? node/v20.20.2 linux x64', npx],
    ['pnpm/9.99.0 npm/? node/v20.20.2 linux x64', npx],
    ['npm/11.19.1 node/v20.20.2 linux x64', npx],
    ['', npx],
  ])('that called as %j decides which one the scripts run', (agent, command) => {
    vi.stubEnv('npm_config_user_agent', agent)
    expect(project.pnpmCommand()).toEqual(command)
  })

  test('of another version does not replace itself: that fails where the registry signs nothing', async () => {
    const manifest = JSON.parse(await readFile(join(scripts, '../package.json'), 'utf8'))
    expect(manifest).not.toHaveProperty('packageManager')
    expect(manifest.devEngines.packageManager).toEqual({
      name: 'pnpm',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      onFail: 'ignore',
    })
  })
})

describe('a build', () => {
  const buildLog = () => readFile(join(root, 'builds'), 'utf8').then((text) => text.trim().split('\n'))

  /** Runs JavaScript in the project, with a pnpm that only notes what it was asked to run. */
  async function node(...args) {
    await put(
      'bin/pnpm',
      '#!/bin/sh\necho "$*" >> builds\nmkdir -p apps/server/dist apps/web/dist\ntouch apps/server/dist/main.js apps/web/dist/index.html\n',
    )
    await chmod(join(root, 'bin/pnpm'), 0o755)
    await put('node_modules/node/bin/node', '')
    project.writeStamp('node_modules/.bangui-install', project.installStamp())
    const env = {
      ...process.env,
      npm_config_user_agent: 'pnpm/12.21.0',
      PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH}`,
    }
    await new Promise((resolve, reject) => {
      execFile(process.execPath, args, { cwd: root, env }, (error) => (error ? reject(error) : resolve()))
    })
  }
  const build = () =>
    node('--input-type=module', '-e', "import('./scripts/bootstrap.mjs').then((m) => m.build())")

  test('by turbo is not repeated by a start, unless a part of it is missing', async () => {
    await rm(join(root, 'builds'), { force: true })
    await node('scripts/turbo.mjs', 'build')
    await build()
    expect(await buildLog()).toEqual(['exec turbo run build'])
    await rm(join(root, 'apps/web/dist'), { recursive: true })
    await build()
    await build()
    expect(await buildLog()).toHaveLength(2)
  })

  test('of some packages does not count as a build', async () => {
    await rm(join(root, 'builds'), { force: true })
    await put('packages/db/src/index.ts', 'four, and longer')
    await node('scripts/turbo.mjs', 'build', '--filter=web')
    await build()
    await build()
    expect(await buildLog()).toEqual([
      'exec turbo run build --filter=web',
      'exec turbo run build --output-logs=errors-only',
    ])
  })
})

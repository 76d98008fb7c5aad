import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

const restricted = 'no-restricted-imports'
const use = (specifier) => `import { thing } from '${specifier}'\nexport const used = thing\n`
const useType = (specifier) => `import type { Thing } from '${specifier}'\nexport type Used = Thing\n`

// without a rule: nothing may be reported
const samples = [
  { name: 'the web may import shared', file: 'apps/web/src/a.ts', source: use('@bangui/shared') },
  {
    name: 'the web may import the type of the router',
    file: 'apps/web/src/b.ts',
    source: useType('@bangui/server/router'),
  },
  {
    name: 'the web may not import the router itself',
    file: 'apps/web/src/c.ts',
    source: use('@bangui/server/router'),
    rule: restricted,
  },
  {
    name: 'the web may not import db',
    file: 'apps/web/src/d.ts',
    source: use('@bangui/db'),
    rule: restricted,
  },
  {
    name: 'the web may not import a type of fail2ban',
    file: 'apps/web/src/e.ts',
    source: useType('@bangui/fail2ban'),
    rule: restricted,
  },
  {
    name: 'the web may not import node:',
    file: 'apps/web/src/f.ts',
    source: use('node:fs'),
    rule: restricted,
  },
  { name: 'the server may import db', file: 'apps/server/src/a.ts', source: use('@bangui/db') },
  {
    name: 'undos may import bans',
    file: 'apps/server/src/features/undo/a.ts',
    source: use('../bans/b.ts'),
  },
  {
    name: 'bans may not import undos',
    file: 'apps/server/src/features/bans/a.ts',
    source: use('../undo/b.ts'),
    rule: restricted,
  },
  {
    name: 'operations may not import a type of bans',
    file: 'apps/server/src/features/operations/a.ts',
    source: useType('../bans/b.ts'),
    rule: restricted,
  },
  {
    name: 'the server may not import the web',
    file: 'apps/server/src/b.ts',
    source: use('@bangui/web'),
    rule: restricted,
  },
  {
    name: 'the server may not import kysely',
    file: 'apps/server/src/c.ts',
    source: use('kysely'),
    rule: restricted,
  },
  {
    name: 'the server may not import better-sqlite3',
    file: 'apps/server/src/d.ts',
    source: use('better-sqlite3'),
    rule: restricted,
  },
  {
    name: 'the server may not reach into a package by path',
    file: 'apps/server/src/e.ts',
    source: use('../../../packages/db/src/index.ts'),
    rule: restricted,
  },
  { name: 'db may import kysely', file: 'packages/db/src/a.ts', source: use('kysely') },
  {
    name: 'db may not import fail2ban',
    file: 'packages/db/src/b.ts',
    source: use('@bangui/fail2ban'),
    rule: restricted,
  },
  { name: 'fail2ban may import shared', file: 'packages/fail2ban/src/a.ts', source: use('@bangui/shared') },
  {
    name: 'fail2ban may not import db',
    file: 'packages/fail2ban/src/b.ts',
    source: use('@bangui/db'),
    rule: restricted,
  },
  {
    name: 'fail2ban may not import kysely',
    file: 'packages/fail2ban/src/c.ts',
    source: use('kysely/migration'),
    rule: restricted,
  },
  ...['apps/server', 'apps/web', 'packages/db', 'packages/fail2ban', 'packages/shared'].map((folder) => ({
    name: `${folder} may import async`,
    file: `${folder}/src/async.ts`,
    source: use('@bangui/async'),
  })),
  {
    name: 'async may not import a package',
    file: 'packages/async/src/a.ts',
    source: use('@bangui/shared'),
    rule: restricted,
  },
  {
    name: 'shared may not import a package',
    file: 'packages/shared/src/a.ts',
    source: use('@bangui/db'),
    rule: restricted,
  },
  {
    name: 'shared may not import node:',
    file: 'packages/shared/src/b.ts',
    source: use('node:fs'),
    rule: restricted,
  },
  {
    name: 'only main.ts reads the environment',
    file: 'apps/server/src/f.ts',
    source: 'export const home = process.env.HOME\n',
    rule: 'no-process-env',
  },
  {
    name: 'main.ts reads the environment',
    file: 'apps/server/src/main.ts',
    source: 'export const home = process.env.HOME\n',
  },
  {
    name: 'imports do not go round in a circle',
    file: 'packages/db/src/circle.ts',
    source: "import { back } from './circle-back.ts'\nexport const there = () => back\n",
    rule: 'no-cycle',
  },
  {
    name: 'a component does not destructure its props',
    file: 'apps/web/src/destructured.tsx',
    source: 'export function Name({ name }: { name: string }) {\n  return <b>{name}</b>\n}\n',
    rule: 'no-destructure',
  },
  {
    name: 'a component maps lists with <For>',
    file: 'apps/web/src/mapped.tsx',
    source:
      'export function Names(props: { names: string[] }) {\n  return <ul>{props.names.map((name) => <li>{name}</li>)}</ul>\n}\n',
    rule: 'prefer-for',
  },
  {
    name: 'the server does not write to the console',
    file: 'apps/server/src/g.ts',
    source: "export const log = () => console.log('x')\n",
    rule: 'no-console',
  },
]

let folder
let reported

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lint-'))
  await copyFile(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const back = {
    file: 'packages/db/src/circle-back.ts',
    source: "import { there } from './circle.ts'\nexport const back = () => there\n",
  }
  for (const { file, source } of [...samples, back]) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), source)
  }
  reported = await lint(folder)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

test.each(samples)('$name', ({ file, rule }) => {
  expect(reported.get(file) ?? []).toEqual(rule === undefined ? [] : [rule])
})

/** Lints a folder and gives the rules that fired, by file. */
function lint(cwd) {
  const binary = join(root, 'node_modules/.bin/oxlint')
  return new Promise((resolve, reject) => {
    execFile(binary, ['--format', 'json', 'apps', 'packages'], { cwd }, (_, stdout, stderr) => {
      if (!stdout.startsWith('{')) return reject(new Error(`${stdout}${stderr}`))
      const { diagnostics } = JSON.parse(stdout)
      const byFile = new Map()
      for (const { filename, code } of diagnostics)
        byFile.set(filename, [...(byFile.get(filename) ?? []), code.replace(/^.*\((.*)\)$/, '$1')])
      resolve(byFile)
    })
  })
}

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { findFail2banVersions } from '../../testing.ts'
import type { CatalogueOption } from './catalogue-option.ts'
import { actionCatalogue } from './action-options.ts'
import { filterCatalogue } from './filter-options.ts'
import { jailCatalogue } from './jail-options.ts'

const listOptions = `
import json
from fail2ban.client.jailreader import JailReader
from fail2ban.client.filterreader import FilterReader
from fail2ban.client.actionreader import ActionReader
print(json.dumps([reader._configOpts for reader in (JailReader, FilterReader, ActionReader)]))
`

/** Every option that a version reads, with its type, as fail2ban's own readers have them. */
async function optionsOf(binDir: string | undefined): Promise<Record<string, string>[]> {
  const python = binDir === undefined ? '/usr/bin/python3' : join(binDir, 'fail2ban-python')
  const folder =
    binDir === undefined
      ? ''
      : `import sys; sys.path.insert(0, ${JSON.stringify(join(binDir, '..', 'lib'))})\n`
  const { stdout } = await promisify(execFile)(python, ['-c', folder + listOptions])
  const readers: Record<string, [string, unknown]>[] = JSON.parse(stdout)
  return readers.map((options) =>
    Object.fromEntries(Object.entries(options).map(([key, [type]]) => [key, type])),
  )
}

const typeOf = ({ type }: CatalogueOption) =>
  ({ switch: 'bool', 'whole number': 'int' } as Partial<Record<typeof type, string>>)[type] ?? 'string'

describe.each(findFail2banVersions())('the catalogue of options', ({ version, binDir }) => {
  it(`has every option that fail2ban ${version} reads, and no other`, async () => {
    const isThere = ({ since }: CatalogueOption) => since === undefined || since <= version
    const ours = [[...jailCatalogue, ...filterCatalogue], filterCatalogue, actionCatalogue].map((options) =>
      Object.fromEntries(options.filter(isThere).map((option) => [option.key, typeOf(option)])),
    )
    expect(ours).toEqual(await optionsOf(binDir))
  })
})

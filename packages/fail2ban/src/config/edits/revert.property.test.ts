import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Edit } from '@bangui/shared'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createFolder } from '../../../test/fail2ban-reader.ts'
import { editIn } from '../../../test/planned-edits.ts'
import { isHostError } from '../../host-error.ts'

const jailConf = '[DEFAULT]\nbantime = 10m\nport = 1\n[web]\nport = http\n[mail]\n[db]\nport = 3306\n'
const filterConf = '[Definition]\nfailregex = ^a <HOST>$\n'

/** Keys that the files of the user set, and keys that they do not set. */
const taken = fc.constantFrom('port', 'bantime')
const free = fc.constantFrom('maxretry', 'findtime', 'usedns')
const values: Record<string, string> = { maxretry: '7', findtime: '1h', usedns: 'no' }

const line = fc.oneof(
  fc.constantFrom('', '# a note', '; another', '[web]', '[mail]', '[DEFAULT]', '# ends ; here'),
  taken.map((key) => `${key} = 5`),
)
const userFile = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, isEnded]) => {
    const unique = lines.filter((text, index) => !text.startsWith('[') || lines.indexOf(text) === index)
    return ['[db]', ...unique].join(end) + (isEnded ? end : '')
  })

const target = fc.oneof(
  fc.record({ scope: fc.constant('jail'), name: fc.constantFrom('web', 'mail', 'db'), key: free }),
  fc.record({ scope: fc.constant('default'), key: free }),
  fc.record({ scope: fc.constant('filter'), name: fc.constant('web'), key: fc.constant('usedns') }),
)
const toEdit = (each: object & { readonly key: string }, isSet: boolean) =>
  ({ kind: 'set', ...each, value: isSet ? (values[each.key] ?? '') : null }) as Edit

async function filesOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const read = paths.map(async (path) => [path, await readFile(path, 'latin1')] as const)
  return Object.fromEntries(await Promise.all(read))
}

it('overrides that are set and removed again, in any order, leave every file with the bytes that it had', async () => {
  let edited = 0
  const jailLocal = userFile
  const order = fc.array(fc.nat(), { minLength: 6, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(
      jailLocal,
      fc.uniqueArray(target, { maxLength: 6, selector: JSON.stringify }),
      order,
      async (text, targets, keys) => {
        await using folder = await createFolder({
          'jail.conf': jailConf,
          'filter.d/web.conf': filterConf,
          'jail.local': text,
        })
        const before = await filesOf(folder.path)
        const sets = targets.map((each) => toEdit(each, true))
        const nulls = targets
          .map((each, index) => [keys[index] ?? 0, toEdit(each, false)] as const)
          .toSorted(([one], [other]) => one - other)
          .map(([, edit]) => edit)
        try {
          for (const edit of sets) await editIn(folder.path, [edit])
        } catch (error) {
          // a file of the user that fail2ban would refuse
          if (isHostError(error, 'config_unwritable', 'config_refused')) return
          throw error
        }
        edited += sets.length
        const middle = Math.floor(nulls.length / 2)
        for (const edits of [nulls.slice(0, middle), nulls.slice(middle)])
          if (edits.length > 0) await editIn(folder.path, edits)
        expect(await filesOf(folder.path)).toEqual(before)
      },
    ),
    { numRuns: 60 },
  )
  expect(edited).toBeGreaterThan(60)
})

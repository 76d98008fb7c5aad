import { readFileSync, writeFileSync } from 'node:fs'
import { renderOptionsPage } from './options-page.ts'
import { withPrivilegesTable } from './privileges-table.ts'
import { renderProtectionPage } from './protection-page.ts'

const placeOf = (name: string) => new URL(`../../../docs/${name}`, import.meta.url)
const write = (name: string, text: string) => writeFileSync(placeOf(name), text)

write('options.md', renderOptionsPage())
write('protection.md', renderProtectionPage())
write('configuration.md', withPrivilegesTable(readFileSync(placeOf('configuration.md'), 'utf8')))

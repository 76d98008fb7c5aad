import { readFileSync, writeFileSync } from 'node:fs'
import { renderOptionsPage } from './options-page.ts'
import { withPrivilegesTable } from './privileges-table.ts'

writeFileSync(new URL('../../../docs/options.md', import.meta.url), renderOptionsPage())

const page = new URL('../../../docs/configuration.md', import.meta.url)
writeFileSync(page, withPrivilegesTable(readFileSync(page, 'utf8')))

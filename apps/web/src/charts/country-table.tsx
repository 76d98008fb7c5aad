import { For, type JSX } from 'solid-js'
import { countryName } from '../lib/country.ts'
import { formatShare } from '../lib/format-counts.ts'
import { formatNumber } from '../lib/format.ts'
import styles from './chart-table.module.css'
import type { CountryValue } from './country-value.ts'

export type CountryTableProps = {
  label: string
  unit: string
  rows: readonly CountryValue[]
}

/** Counts by country as a table, the highest first. */
export function CountryTable(props: CountryTableProps): JSX.Element {
  const sum = () => props.rows.reduce((all, { value }) => all + value, 0)
  return (
    <div class={styles['scroll']} tabindex="0" role="region" aria-label={`${props.label}, table`}>
      <table class={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Country</th>
            <th scope="col">Code</th>
            <th scope="col">{props.unit.charAt(0).toUpperCase() + props.unit.slice(1)}</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.rows.toSorted((one, other) => other.value - one.value)}>
            {(row) => (
              <tr>
                <th scope="row">{countryName(row.code)}</th>
                <td>{row.code === '??' ? '' : row.code}</td>
                <td>{formatNumber(row.value)}</td>
                <td>{formatShare(row.value, sum())}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  )
}

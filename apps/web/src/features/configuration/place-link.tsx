import { showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { Link } from '../../ui/link.tsx'
import { hrefOf } from './config-part.ts'
import styles from './setting-row.module.css'

/** Returns the path of a file relative to the configuration folder; undefined: it is elsewhere. */
export const insideOf = (configDir: string | undefined, file: string): string | undefined =>
  configDir !== undefined && file.startsWith(`${configDir}/`) ? file.slice(configDir.length + 1) : undefined

export type PlaceLinkProps = {
  file: string
  line: number | null
  /** undefined: not known, so that there is no link */
  configDir: string | undefined
}

/** A file and a line, which open in the text of the file. */
export function PlaceLink(props: PlaceLinkProps): JSX.Element {
  const path = () => insideOf(props.configDir, props.file)
  const suffix = () => (props.line === null ? '' : `:${props.line}`)
  return (
    <code class={styles['place']}>
      <Show when={path()} fallback={`${showHidden(props.file)}${suffix()}`}>
        {(inside) => (
          <Link
            href={`${hrefOf({ kind: 'file', name: inside() })}${props.line === null ? '' : `?line=${props.line}`}`}
          >
            {showHidden(inside())}
            {suffix()}
          </Link>
        )}
      </Show>
    </code>
  )
}

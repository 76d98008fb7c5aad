import { createEffect, type JSX, Show } from 'solid-js'
import { noteServerBuild, type Outdated, outdated } from '../lib/outdated.ts'
import { createSelfReload } from '../lib/self-reload.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'

/** Another build of BanGUI is running: reloads this page as soon as nothing is lost by it, and says so until then. */
export function UpdateNotice(props: {
  /** as the server reports it; undefined: unknown */
  version: string | undefined
  build: string | null | undefined
}): JSX.Element {
  createEffect(() => {
    if (props.version !== undefined) noteServerBuild({ version: props.version, build: props.build })
  })
  return <Show when={outdated()}>{(cause) => <Notice cause={cause()} />}</Show>
}

function Notice(props: { cause: Outdated }): JSX.Element {
  const isStuck = createSelfReload()
  const title = () => {
    if (props.cause.by === 'version') return `BanGUI is now version ${props.cause.what}.`
    return props.cause.by === 'build' ? 'BanGUI was updated.' : 'Part of this page could not be loaded.'
  }
  return (
    <Banner
      bar
      tone="info"
      title={title()}
      actions={
        <Button size="sm" onClick={() => location.reload()}>
          Reload
        </Button>
      }
    >
      {props.cause.by === 'version'
        ? `This page is from ${__BANGUI_VERSION__}. `
        : 'This page is still the old one. '}
      {isStuck()
        ? 'Reloading brought the same page again: a cache between this browser and BanGUI may keep it.'
        : 'It reloads automatically once no field is filled in and no dialog is open.'}
    </Banner>
  )
}

import { sleep } from '@bangui/async'
import { type Component, type ComponentProps, type JSX, lazy, Match, Switch } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import Unplug from 'lucide-solid/icons/unplug'
import type { LazyModule } from '../lib/lazy-module.ts'
import { createSelfReload } from '../lib/self-reload.ts'
import { isServerAway } from '../lib/server-reach.ts'
import { Button } from '../ui/button.tsx'
import { BarePage } from './bare-page.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Page } from '../ui/page.tsx'
import { PageShape } from './page-shape.tsx'

/** How long the previous page stays on screen while the next one is fetched. */
const KEEP_PREVIOUS_MS = 1_000

type Frame = Component<{ title: string; children: JSX.Element }>

/** Returns a page whose code is fetched on navigation. If that takes long, a placeholder says why; navigation keeps working. */
export const lazyPage = (module: LazyModule<Component>, frame: Frame = ReadingPage) =>
  lazy(async () => {
    const late = sleep(KEEP_PREVIOUS_MS).then(() => undefined)
    const page = await Promise.race([module.load().catch(() => undefined), late])
    return { default: page ?? (() => <LatePage module={module} frame={frame} />) }
  })

/** The frame of a page before sign-in. */
export const bareFrame: Frame = (props) => <BarePage title={props.title}>{props.children}</BarePage>

function ReadingPage(props: ComponentProps<Frame>): JSX.Element {
  return (
    <Page title={props.title} width="reading">
      {props.children}
    </Page>
  )
}

function LatePage(props: { module: LazyModule<Component>; frame: Frame }): JSX.Element {
  return (
    <Switch fallback={<PageShape />}>
      <Match when={props.module.fetched()}>
        <Dynamic component={props.module.fetched()} />
      </Match>
      <Match when={props.module.isMissing()}>
        <Dynamic component={props.frame} title="This page could not be loaded">
          <MissingPage />
        </Dynamic>
      </Match>
      <Match when={isServerAway()}>
        <Dynamic component={props.frame} title="Waiting for BanGUI">
          <EmptyState icon={<Unplug />} title="BanGUI does not answer">
            This page has not been fetched yet. It opens as soon as BanGUI answers.
          </EmptyState>
        </Dynamic>
      </Match>
    </Switch>
  )
}

/** The server has another build: the page reloads, and says so if that did not help. */
function MissingPage(): JSX.Element {
  createSelfReload()
  return (
    <ErrorState
      title="BanGUI answers, but no longer has this page."
      why="It was probably updated since this page was opened."
    >
      <Button size="sm" onClick={() => location.reload()}>
        Reload the page
      </Button>
    </ErrorState>
  )
}

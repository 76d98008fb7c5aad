import { type Component, type ComponentProps, type JSX, lazy, Match, Switch } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import Unplug from 'lucide-solid/icons/unplug'
import type { Part } from '../lib/parts.ts'
import { createSelfReload } from '../lib/self-reload.ts'
import { isServerAway } from '../lib/server-reach.ts'
import { Button } from '../ui/button.tsx'
import { BarePage } from './bare-page.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Page } from '../ui/page.tsx'
import { PageShape } from './page-shape.tsx'

/** How long the page before stays on screen while the next one is fetched, in milliseconds. */
const PATIENCE_MS = 1_000

type Frame = Component<{ title: string; children: JSX.Element }>

/** A page whose code is fetched when it is gone to. What takes long says why, and the way to other pages stays open. */
export const lazyPage = (part: Part<Component>, frame: Frame = ReadingPage) =>
  lazy(async () => {
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS))
    const page = await Promise.race([part.load().catch(() => undefined), late])
    return { default: page ?? (() => <LatePage part={part} frame={frame} />) }
  })

/** The frame of a page before one is signed in. */
export const bareFrame: Frame = (props) => <BarePage title={props.title}>{props.children}</BarePage>

function ReadingPage(props: ComponentProps<Frame>): JSX.Element {
  return (
    <Page title={props.title} width="reading">
      {props.children}
    </Page>
  )
}

function LatePage(props: { part: Part<Component>; frame: Frame }): JSX.Element {
  return (
    <Switch fallback={<PageShape />}>
      <Match when={props.part.fetched()}>
        <Dynamic component={props.part.fetched()} />
      </Match>
      <Match when={props.part.isMissing()}>
        <Dynamic component={props.frame} title="This page could not be fetched">
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
